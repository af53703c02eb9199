"""Systems that are told by webhook: named, shown their secret once, replayed and ended by an administrator."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache

from bureau.desk.models.subscription import Subscription
from bureau.desk.outbox.subscriptions import replay, subscribe, unsubscribe
from bureau.desk.outbox.telling import reason_in_words
from bureau.desk.refusal import Refusal
from bureau.desk.telling import told
from bureau.forms_outbox import ReplayForm, WebhookForm
from bureau.forms_refusals import put_on
from bureau.views.outbox import may_tend, readable
from bureau.views.who import officer_of

SHOWN = 30


@never_cache
@login_required
def webhook_list(request: HttpRequest) -> HttpResponse:
    """All of them, those that have ended last; a POST names a new one and shows its secret, this once."""
    readable(request)
    form, status = WebhookForm(request.POST or None), 200
    if request.method == "POST" and form.is_valid():
        try:
            made = subscribe(**form.cleaned_data, by=officer_of(request), at=timezone.now())
        except Refusal as refusal:
            status = put_on(form, refusal)
        else:
            return shown(request, made, secret=made.secret)
    waiting = Count("deliveries", filter=Q(deliveries__state__in=("queued", "leased")))
    dead = Count("deliveries", filter=Q(deliveries__state="dead"))
    mine = Subscription.objects.visible_to(request.user).select_related("organisation")
    context = {
        "rows": mine.annotate(waiting=waiting, dead=dead).order_by("ended_at", "made_at"),
        "form": form if may_tend(request) else None,
    }
    return render(request, "outbox/webhook_list.html", context, status=400 if form.errors and status == 200 else status)


@never_cache
@login_required
def webhook_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One with what was sent to it lately; an administrator replays or ends it."""
    mine = Subscription.objects.visible_to(request.user).select_related("organisation", "made_by")
    one = get_object_or_404(mine, pk=pk)
    if request.method != "POST":
        return shown(request, one)
    form = ReplayForm(request.POST if request.POST.get("verb") == "replay" else None)
    if form.is_bound and not form.is_valid():
        return shown(request, one, form=form, status=400)
    try:
        messages.success(request, moved(one, form, request, at=timezone.now()))
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return shown(request, one, status=refusal.status)
    return redirect(one)


def moved(one: Subscription, form: ReplayForm, request: HttpRequest, *, at: datetime) -> str:
    by = officer_of(request)
    if not form.is_bound:
        unsubscribe(one, by=by, at=at)
        return _("Ended. Nothing goes there any more.")
    count = replay(one, since=form.cleaned_data["since"], by=by, at=at)
    return ngettext("{n} message is queued again.", "{n} messages are queued again.", count).format(n=count)


def shown(
    request: HttpRequest, one: Subscription, *, form: ReplayForm | None = None, secret: str = "", status: int = 200
) -> HttpResponse:
    lately = one.deliveries.select_related("notice").order_by("-queued_at", "-pk")[:SHOWN]
    context: dict[str, Any] = {
        "one": one,
        "secret": secret,
        "form": (form or ReplayForm()) if may_tend(request) and one.ended_at is None else None,
        "rows": [(sent, told(sent.notice).title, reason_in_words(sent.why)) for sent in lately],
    }
    return render(request, "outbox/webhook_detail.html", context, status=status)
