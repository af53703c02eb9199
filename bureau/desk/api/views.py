"""What a room's API is made of: lists, details, moves and timelines, each a few lines of names.

Every view begins at `visible_to`, refuses what it does not know, and answers errors as problems.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions
from rest_framework.authentication import SessionAuthentication
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from bureau.desk.api import problems
from bureau.desk.api.errors import unknown
from bureau.desk.api.etags import etag_of, refuse_stale
from bureau.desk.api.filtering import SharedFilters
from bureau.desk.api.idempotency import answer_once
from bureau.desk.api.keys import KeyAuthentication
from bureau.desk.api.moves import told_moves
from bureau.desk.api.paging import CursorPages
from bureau.desk.api.parsers import StrictJSONParser, refuse_large
from bureau.desk.api.permissions import WithinScopes, refuse_decision_by_key
from bureau.desk.api.schema import PortalSchema
from bureau.desk.api.serializers import MovesSerializer, StrictSerializer, TimelineSerializer
from bureau.desk.api.throttles import PerMinute
from bureau.desk.models.entry import Entry
from bureau.desk.scope import Projection
from bureau.desk.workflow import Workflow


class ApiView(GenericAPIView):
    """The ground of every view: key or session, one rate, strict JSON, problems, and no unknown parameter."""

    authentication_classes = [KeyAuthentication, SessionAuthentication]
    permission_classes = [IsAuthenticated, WithinScopes]
    throttle_classes = [PerMinute]
    parser_classes = [StrictJSONParser]
    renderer_classes = [JSONRenderer]
    filter_backends: Sequence[Any] = []
    pagination_class: Any = None
    schema = PortalSchema()
    scope_name: ClassVar[str] = ""  # the list's name in a key's scopes, "issues"
    parameters: ClassVar[frozenset[str]] = frozenset()  # names that may stand in the query

    def get_exception_handler(self) -> Callable[..., Any]:
        return problems.handle

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """As usual, but a stranger's failures are counted too, by the address of the peer."""
        refuse_large(request.META.get("CONTENT_LENGTH"), self.parser_classes)
        try:
            super().initial(request, *args, **kwargs)
        except (exceptions.NotAuthenticated, exceptions.AuthenticationFailed):
            self.check_throttles(request)
            raise
        self.refuse_unknown_parameters(request)

    def refuse_unknown_parameters(self, request: Request) -> None:
        names = [name for name in request.query_params if name not in self.parameters]
        for refusal in unknown(sorted(names), "unknown_filter"):
            raise refusal

    def now(self) -> datetime:
        """One instant for the whole request."""
        if not hasattr(self, "_now"):
            self._now = timezone.now()
        return self._now

    def visible(self) -> QuerySet[Any]:
        """The rows that this caller may know of."""
        rows: Any = self.get_queryset()
        found: QuerySet[Any] = rows.visible_to(self.request.user)
        return found

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "projection": self.projection(), "at": self.now()}

    def projection(self) -> Projection:
        """The columns that this caller may see of this noun; everything where the noun has no access of its own."""
        noun: Any = getattr(self, "queryset", None)
        chosen = getattr(noun, "projection_for", None)
        return chosen(self.request.user) if chosen else Projection.FULL

    def read(self, serializer_class: type[StrictSerializer], request: Request) -> dict[str, Any]:
        """The validated body; raises every defect together."""
        return serializer_class(data=request.data, context=self.get_serializer_context()).checked()


class ScopedListView(ApiView):
    """A list within the caller's scope. A room names queryset, serializer_class, filterset_class and orderings."""

    filter_backends = [SharedFilters]
    pagination_class = CursorPages
    filterset_class: Any = None
    orderings: ClassVar[Mapping[str, Sequence[str]]] = {"id": ("pk",)}

    def refuse_unknown_parameters(self, request: Request) -> None:
        """The filters do this for a list, together with values that do not fit."""

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        rows = self.paginate_queryset(self.filter_queryset(self.visible()))
        return self.get_paginated_response(self.get_serializer(rows, many=True).data)


class CreateMixin:
    """POST to a list. A room names `create_serializer_class` and says `create(data, by=, at=)`, its action."""

    create_serializer_class: type[StrictSerializer]

    def create(self, data: dict[str, Any], *, by: Any, at: datetime) -> Model:
        raise NotImplementedError

    def post(self: Any, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return answer_once(request, lambda: self.answer_created(request), at=self.now())

    def answer_created(self: Any, request: Request) -> Response:
        data = self.read(self.create_serializer_class, request)
        made = self.create(data, by=request.user, at=self.now())
        response = Response(self.told(made), status=201)
        response["Location"] = self.location_of(made)
        response["ETag"] = etag_of(made)
        return response

    def told(self: Any, made: Model) -> Any:
        """The new row as its list tells it; override to read it with more."""
        return self.get_serializer(made).data

    def location_of(self: Any, made: Model) -> str:
        return f"{self.request.build_absolute_uri(self.request.path)}{made.pk}/"


class ScopedDetailView(ApiView):
    """One row within the caller's scope, by `pk`; absent and unseen are the same 404."""

    lookup_field = "pk"

    def get_object(self) -> Any:
        return get_object_or_404(self.visible(), **{self.lookup_field: self.kwargs[self.lookup_field]})

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        subject = self.get_object()
        return self.answer(subject)

    def answer(self, subject: Any) -> Response:
        response = Response(self.get_serializer(subject).data)
        if hasattr(subject, "status"):
            response["ETag"] = etag_of(subject)
        return response


class MovesView(ScopedDetailView):
    """What is open to me, and the door. A room names `flow`, `move_serializer_class` and `move(subject, verb, ...)`.

    GET answers `moves[]` and `closed[]`; POST makes the move and answers the subject as its detail does.
    """

    flow: ClassVar[Workflow]
    move_serializer_class: ClassVar[type[StrictSerializer]]

    def move(self, subject: Any, verb: str, *, by: Any, at: datetime, note: str = "", **facts: Any) -> Any:
        raise NotImplementedError

    @extend_schema(responses=MovesSerializer)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        subject = self.get_object()
        response = Response(told_moves(self.flow, subject, request.user))
        response["ETag"] = etag_of(subject)
        return response

    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        subject = self.get_object()
        return answer_once(request, lambda: self.answer_moved(request, subject), at=self.now())

    def answer_moved(self, request: Request, subject: Any) -> Response:
        data = self.read(self.move_serializer_class, request)
        verb = data.pop("verb")
        refuse_decision_by_key(request, verb)
        with transaction.atomic():
            if request.headers.get("If-Match"):
                type(subject).objects.select_for_update(of=("self",)).get(pk=subject.pk)
                refuse_stale(request, etag_of(subject))
            self.move(subject, verb, by=request.user, at=self.now(), **data)
        return self.answer(self.seen_again(subject))

    def seen_again(self, subject: Any) -> Any:
        """The subject as its reader sees it after the move; it may have left the reader's sight."""
        return self.visible().filter(pk=subject.pk).first() or subject


class TimelineView(ApiView):
    """The trail of one subject, oldest first, in the caller's projection of that subject."""

    serializer_class = TimelineSerializer
    pagination_class = CursorPages
    orderings: ClassVar[Mapping[str, Sequence[str]]] = {"seq": ("seq", "pk")}
    parameters = frozenset({"cursor", "page_size", "ordering"})
    lookup_field = "pk"

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        subject = get_object_or_404(self.visible(), **{self.lookup_field: self.kwargs[self.lookup_field]})
        entries = Entry.objects.about(subject).select_related("by", "acting_for")
        rows = self.paginate_queryset(entries)
        return self.get_paginated_response(self.get_serializer(rows, many=True).data)
