"""The outbox for whoever tends it: what could not be delivered and why, what waits, what left; and another try."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau.desk.models.delivery import Delivery, DeliveryQuerySet
from bureau.desk.models.entry import Entry
from bureau.desk.models.notice import Notice, NoticeQuerySet
from bureau.desk.outbox import drop_delivery, health, retry_delivery, retry_notice
from bureau.desk.outbox.letters import KEEPERS
from bureau.desk.outbox.telling import ACTS, reason_in_words
from bureau.desk.paging import page_of
from bureau.desk.refusal import Refusal
from bureau.desk.telling import told
from bureau.forms_outbox import DropForm
from bureau.forms_refusals import put_on
from bureau.models.roles import Role
from bureau.views.who import officer_of

VIEWS = {"dead": ("dead",), "waiting": ("queued", "leased"), "sent": ("sent",), "dropped": ("dropped",)}


@login_required
def delivery_list(request: HttpRequest) -> HttpResponse:
    """Dead letters first; a POST lets a message be spread again that failed inside the portal."""
    readable(request)
    if request.method == "POST":
        return spread_again(request)
    chosen = request.GET.get("state", "dead")
    chosen = chosen if chosen in VIEWS else "dead"
    mine = Delivery.objects.visible_to(request.user)
    page = page_of(mine.for_list().filter(state__in=VIEWS[chosen]).order_by("-queued_at", "-pk"), request.GET)
    now = health(at=timezone.now())
    context = {
        "page": page,
        "rows": [(one, told(one.notice).title, reason_in_words(one.why)) for one in page.rows],
        "chosen": chosen,
        "health": now,
        "lanes": [(lane, reason_in_words(lane.why)) for lane in now.failing],
        "stuck": titled(Notice.objects.stuck()),
        "unheard": titled(Notice.objects.unheard().select_related("to_officer", "to_organisation")),
        "may_tend": may_tend(request),
    }
    return render(request, "outbox/delivery_list.html", context)


@login_required
def delivery_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One delivery with its story; whoever tends the outbox tries it again or sets it aside."""
    one = get_object_or_404(scope(request).for_list(), pk=pk)
    form, status = DropForm(request.POST if request.POST.get("verb") == "drop" else None), 200
    if request.method == "POST":
        try:
            moved(one, form, request)
        except Refusal as refusal:
            status = put_on(form, refusal) if form.is_bound else told_at_top(request, refusal)
        else:
            return redirect(one) if not form.errors else shown(request, one, form, 400)
    return shown(request, one, form, status)


def titled(notices: NoticeQuerySet) -> list[tuple[Notice, str]]:
    """The first fifty, each with its title."""
    return [(notice, told(notice).title) for notice in notices.order_by("created_at")[:50]]


def moved(one: Delivery, form: DropForm, request: HttpRequest) -> None:
    at, by = timezone.now(), officer_of(request)
    if not form.is_bound:
        retry_delivery(one, by=by, at=at)
        messages.success(request, _("Queued again."))
    elif form.is_valid():
        drop_delivery(one, note=form.cleaned_data["note"], by=by, at=at)
        messages.success(request, _("Set aside."))


def told_at_top(request: HttpRequest, refusal: Refusal) -> int:
    messages.error(request, str(refusal))
    return refusal.status


def shown(request: HttpRequest, one: Delivery, form: DropForm, status: int) -> HttpResponse:
    context: dict[str, Any] = {
        "one": one,
        "title": told(one.notice).title,
        "reason": reason_in_words(one.why),
        "form": form,
        "may_tend": may_tend(request) and one.state == Delivery.State.DEAD,
        "entries": [(entry, ACTS.get(entry.verb, entry.verb)) for entry in lines_of(one)],
    }
    return render(request, "outbox/delivery_detail.html", context, status=status)


def lines_of(one: Delivery) -> QuerySet[Entry]:
    return Entry.objects.about(one).select_related("by").order_by("-seq")


def spread_again(request: HttpRequest) -> HttpResponse:
    pk = request.POST.get("message", "")
    waiting = Notice.objects.filter(Q(is_unheard=True) | Q(sent_at=None))
    notice = get_object_or_404(waiting, pk=UUID(pk)) if is_uuid(pk) else None
    if notice is None:
        raise Http404
    try:
        retry_notice(notice, by=officer_of(request), at=timezone.now())
        messages.success(request, _("Told again."))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("bureau:outbox")


def is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def scope(request: HttpRequest) -> DeliveryQuerySet:
    return Delivery.objects.visible_to(request.user)


def readable(request: HttpRequest) -> None:
    roles: frozenset[Role] = officer_of(request).roles_now
    if roles.isdisjoint(DeliveryQuerySet.access):
        raise Http404


def may_tend(request: HttpRequest) -> bool:
    return officer_of(request).holds(*KEEPERS)
