"""Reports of the same problem in the API: what is suggested, merging, and taking apart."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from bureau.desk.api.idempotency import answer_once
from bureau.desk.api.views import ScopedDetailView
from bureau.desk.refusal import BadValue
from grid.actions import merge_issue, unmerge_issue
from grid.api import Told
from grid.likeness import likely_duplicates
from grid.models import Issue
from grid.serializers import DuplicateOut, IssueOut, MergeIn, UnmergeIn


class IssueDuplicates(ScopedDetailView):
    """Open issues that may be the same, most likely first."""

    queryset = Issue.objects.select_related("type")
    serializer_class = DuplicateOut
    scope_name = "issues"

    @extend_schema(responses=DuplicateOut(many=True))
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        found = likely_duplicates(self.get_object(), Issue.objects.visible_to(request.user))
        return Response(DuplicateOut(found, many=True).data)


class IssueMerging(Told, ScopedDetailView):
    """Let it go along with another; the answer is the issue."""

    http_method_names = ("post", "options")

    @extend_schema(request=MergeIn, responses=IssueOut)
    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        issue = self.get_object()
        return answer_once(request, lambda: self.merged(request, issue), at=self.now())

    def merged(self, request: Request, issue: Issue) -> Response:
        said = self.read(MergeIn, request)
        root = Issue.objects.visible_to(request.user).filter(number=said["into"]).first()
        if root is None:
            raise BadValue(_("There is no such issue."), code="unknown_issue", pointer="/into")
        merge_issue(issue, root, by=request.user, at=self.now(), note=said.get("note", ""))
        return self.answer(self.get_object())


class IssueUnmerging(Told, ScopedDetailView):
    """Take it apart again; the answer is the issue."""

    http_method_names = ("post", "options")

    @extend_schema(request=UnmergeIn, responses=IssueOut)
    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        issue = self.get_object()
        return answer_once(request, lambda: self.unmerged(request, issue), at=self.now())

    def unmerged(self, request: Request, issue: Issue) -> Response:
        said = self.read(UnmergeIn, request)
        unmerge_issue(issue, by=request.user, at=self.now(), reason=said["reason"])
        return self.answer(self.get_object())
