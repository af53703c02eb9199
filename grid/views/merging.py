"""Merging a report into the issue of the same problem, and taking it apart again."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bureau.desk.refusal import BadValue, Refusal
from bureau.views.who import officer_of
from grid.actions import merge_issue, unmerge_issue
from grid.models import Issue
from grid.views.detail import Tried, show, visible_issue


@require_POST
@login_required
def issue_merge(request: HttpRequest, pk: UUID) -> HttpResponse:
    issue, at = visible_issue(request, pk), timezone.now()
    try:
        root = named_issue(request)
        merge_issue(issue, root, by=officer_of(request), at=at, note=request.POST.get("note", ""))
    except Refusal as refusal:
        return show(request, visible_issue(request, pk), at, Tried("merge", refusal=refusal))
    messages.success(request, _("%(number)s goes along with %(root)s now.") % {"number": issue, "root": root})
    return redirect(root)


@require_POST
@login_required
def issue_unmerge(request: HttpRequest, pk: UUID) -> HttpResponse:
    issue, at = visible_issue(request, pk), timezone.now()
    try:
        unmerge_issue(issue, by=officer_of(request), at=at, reason=request.POST.get("reason", ""))
    except Refusal as refusal:
        return show(request, visible_issue(request, pk), at, Tried("unmerge", refusal=refusal))
    messages.success(request, _("%(number)s goes its own way again.") % {"number": issue})
    return redirect(issue)


def named_issue(request: HttpRequest) -> Issue:
    found: Issue | None = Issue.objects.visible_to(request.user).filter(number=request.POST.get("into", "")).first()
    if found is None:
        raise BadValue(_("There is no such issue."), code="unknown_issue", pointer="/into")
    return found
