"""Notices by hand in the API: drafted, amended, issued or discarded by the same actions as on the pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from rest_framework.exceptions import NotFound
from rest_framework.response import Response

from bureau.desk.api.moves import open_moves
from bureau.desk.api.views import CreateMixin, MovesView, ScopedDetailView, ScopedListView
from oversight import service
from oversight.actions import draft_paper, move_draft
from oversight.models import PaperDraft
from oversight.paper_serializers import DraftIn, DraftMove, DraftOut, DraftRow
from oversight.workflow_notices import DRAFT_FLOW


class DraftList(CreateMixin, ScopedListView):
    """Drafts, newest first; POST drafts a notice about an issue or a case."""

    queryset = PaperDraft.objects.for_list()
    serializer_class = DraftRow
    create_serializer_class = DraftIn
    scope_name = "notices"
    orderings: ClassVar[Mapping[str, Sequence[str]]] = {"-drafted_at": ("-drafted_at", "-pk")}

    def create(self, data: dict[str, Any], *, by: Any, at: datetime) -> PaperDraft:
        subject = service.subject_to_draft_about(data.pop("noun"), data.pop("subject"), by)
        if subject is None:
            raise NotFound
        return draft_paper(subject, by=by, at=at, **data)


class Told:
    queryset = PaperDraft.objects.for_list()
    serializer_class = DraftOut
    scope_name = "notices"

    def answer(self: Any, draft: PaperDraft) -> Response:
        draft.told_moves = open_moves(DRAFT_FLOW, draft, self.request.user)  # type: ignore[attr-defined]
        answered: Response = super().answer(draft)  # type: ignore[misc]
        return answered


class DraftDetail(Told, ScopedDetailView):
    pass


class DraftMoves(Told, MovesView):
    """The answer to `issue` names the paper that was issued."""

    flow = DRAFT_FLOW
    move_serializer_class = DraftMove

    def move(self, subject: Any, verb: str, *, by: Any, at: datetime, note: str = "", **facts: Any) -> Any:
        return move_draft(subject, verb, by=by, at=at, note=note, **facts)
