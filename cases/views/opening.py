"""Opening a lead: the form, with what the issue already says."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from bureau.desk.refusal import NotYourMove, Refusal
from bureau.models import Organisation
from cases.actions import open_case, squad_of
from cases.actions.officers import TWO, certified_officers
from cases.forms import Offered, OpenCaseForm, put_on
from cases.models import Case
from grid.models import Issue
from powers.kinds import Category
from powers.models import Power


@login_required
def case_new(request: HttpRequest) -> HttpResponse:
    """`?issue=<id>` fills in what the issue says; refused, the form comes again as it was typed."""
    issue, at = asked_issue(request), timezone.now()
    try:
        squad = squad_of(request.user, issue)
    except NotYourMove as refusal:
        return render(request, "cases/case_refused.html", {"refusal": refusal, "issue": issue}, status=refusal.status)
    form, about = form_for(request, issue, squad, at)
    case, refusal = opened(form, issue, request.user, at) if form.is_bound else (None, None)
    if case is not None:
        return redirect(f"{case.get_absolute_url()}?opened")
    return render(request, "cases/case_form.html", about, status=status_of(form, refusal))


def form_for(
    request: HttpRequest, issue: Issue | None, squad: Organisation, at: datetime
) -> tuple[OpenCaseForm, dict[str, Any]]:
    """The form with what may be chosen, and what its page says beside it."""
    powers, suggested = powers_for(issue)
    officers = [(one.username, str(one)) for one in certified_officers(squad, at, timezone.localdate(at))]
    data = [request.POST] if request.method == "POST" else []
    form = OpenCaseForm(*data, offered=Offered(powers, officers), initial=initial_of(issue, request.user, at))
    about = {"form": form, "issue": issue, "squad": squad, "suggested": suggested}
    return form, {**about, "lacks_officers": len(officers) < TWO}


def opened(form: OpenCaseForm, issue: Issue | None, by: Any, at: datetime) -> tuple[Case | None, Refusal | None]:
    """The new case, or why not, put at the fields that it is about."""
    if not form.is_valid():
        return None, None
    try:
        return open_case(issue=issue, by=by, at=at, **form.lead()), None
    except Refusal as refused:
        put_on(form, refused)
        return None, refused


def status_of(form: OpenCaseForm, refusal: Refusal | None) -> int:
    if refusal is not None:
        return refusal.status
    return 400 if form.is_bound else 200


def asked_issue(request: HttpRequest) -> Issue | None:
    """The issue of the address, if this person may see it; 404 for any other."""
    asked = request.GET.get("issue", "")
    if not asked:
        return None
    try:
        key = UUID(asked)
    except ValueError as error:
        raise Http404 from error
    return get_object_or_404(Issue.objects.visible_to(request.user).select_related("type", "unit"), pk=key)


def powers_for(issue: Issue | None) -> tuple[list[tuple[str, str]], int]:
    """Penalties of the list, each code once, and how many of them, put first, the issue's type points to."""
    newest = Power.objects.of_category(Category.PENALTY).order_by("code", "-edition__valid_from").distinct("code")
    hint = issue.type.power_hint if issue else ""
    found = sorted(newest, key=lambda power: (bool(hint) and power.issue_type_hint != hint, power.code))
    suggested = sum(power.issue_type_hint == hint for power in found) if hint else 0
    return [(power.code, f"{power.code} {power.name}") for power in found], suggested


def initial_of(issue: Issue | None, by: Any, at: datetime) -> dict[str, Any]:
    today: date = timezone.localdate(at)
    known = {"discovered_on": today, "act_on": today, "first_officer": by.username, "party_kind": "person"}
    if issue is None:
        return known
    return {**known, "place": issue.place, "act_on": timezone.localdate(issue.occurred_at)}
