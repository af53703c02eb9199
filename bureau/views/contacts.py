"""Where I am told of things outside the portal: my own addresses, each confirmed by a message that arrived there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import segno
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from bureau.desk.models.delivery import Channel
from bureau.desk.outbox import binding
from bureau.desk.outbox.absences import absences_of, come_back, go_away
from bureau.desk.outbox.binding import ask_for_mobile, ask_for_wecom, confirm_by_code, scan_url
from bureau.desk.outbox.channels import channels_on
from bureau.desk.outbox.channels.wecom import Refused, user_behind
from bureau.desk.outbox.contacts import ask_for_mail, confirm_by_link, contacts_of, end_contact, turn_digest
from bureau.desk.outbox.failures import DeliveryFailed
from bureau.desk.refusal import Refusal
from bureau.forms_outbox import AbsenceForm, CodeForm, MailForm, MobileForm
from bureau.forms_refusals import put_on
from bureau.models import Officer
from bureau.views.who import officer_of


@never_cache
@login_required
def contacts(request: HttpRequest) -> HttpResponse:
    """My addresses and my absences; a link from a message confirms an address, a POST does what its verb says."""
    if request.method == "GET" and "token" in request.GET:
        return confirmed(request, request.GET["token"])
    if request.method != "POST":
        return shown(request)
    return VERBS.get(request.POST.get("verb", ""), name_mail)(request)


def act_on(request: HttpRequest, name: str, form: Form, act: Callable[..., str]) -> HttpResponse:
    """Do with the form what `act` does and say its words; refused, the page comes again with what was typed."""
    if not form.is_valid():
        return shown(request, **{name: form}, status=400)
    try:
        words = act(officer_of(request), **form.cleaned_data, at=timezone.now())
    except Refusal as refusal:
        return shown(request, **{name: form}, status=put_on(form, refusal))
    return done(request, words)


def name_mail(request: HttpRequest) -> HttpResponse:
    def act(by: Officer, *, address: str, at: datetime) -> str:
        ask_for_mail(by, address, at=at)
        return _("Sent. Open the link in that message to confirm the address.")

    return act_on(request, "form", MailForm(request.POST), act)


def end_one(request: HttpRequest) -> HttpResponse:
    end_contact(officer_of(request), request.POST.get("channel", ""), at=timezone.now())
    return done(request, _("Ended. Nothing goes there any more."))


def turn(request: HttpRequest) -> HttpResponse:
    turn_digest(officer_of(request), request.POST.get("channel", ""), at=timezone.now())
    return done(request, _("Noted."))


def go(request: HttpRequest) -> HttpResponse:
    def act(by: Officer, *, at: datetime, **days: Any) -> str:
        go_away(by, **days, at=at)
        return _("Noted. While you are away, your deputy and the head of your body are told instead.")

    return act_on(request, "away", AbsenceForm(request.POST), act)


def come(request: HttpRequest) -> HttpResponse:
    come_back(officer_of(request), at=timezone.now())
    return done(request, _("Noted. You are told again yourself."))


def name_mobile(request: HttpRequest) -> HttpResponse:
    def act(by: Officer, *, mobile: str, at: datetime) -> str:
        ask_for_mobile(by, mobile, at=at)
        return _("Sent. Type the code that comes within ten minutes.")

    return act_on(request, "mobile", MobileForm(request.POST), act)


def type_code(request: HttpRequest) -> HttpResponse:
    def act(by: Officer, *, code: str, at: datetime) -> str:
        contact = confirm_by_code(by, code, at=at)
        return _("Confirmed: {channel}.").format(channel=contact.get_channel_display())

    return act_on(request, "code", CodeForm(request.POST), act)


def show_code_to_scan(request: HttpRequest) -> HttpResponse:
    """A QR code that lives five minutes and binds the WeChat Work of whoever scans it to my account, once."""
    if Channel.WECOM not in channels_on():
        raise Http404
    contact = ask_for_wecom(officer_of(request), at=timezone.now())
    picture = segno.make(scan_url(contact), error="m").svg_data_uri(scale=4, border=2)
    return render(request, "bureau/scan.html", {"picture": picture})


VERBS = {
    "end": end_one, "digest": turn, "away": go, "back": come,
    "mobile": name_mobile, "code": type_code, "wecom": show_code_to_scan,
}  # fmt: skip


@never_cache
@require_GET
def bind_wecom(request: HttpRequest) -> HttpResponse:
    """Where the platform sends the telephone that scanned; nobody is signed in there, the ticket alone counts."""
    at = timezone.now()
    contact = binding.asked_by_ticket(request.GET.get("state", ""), at=at)
    member = member_behind(request.GET.get("code", "")) if contact else ""
    is_bound = contact is not None and binding.bind_wecom(contact, member, at=at)
    return render(request, "bureau/scanned.html", {"is_bound": is_bound}, status=200 if is_bound else 410)


def member_behind(code: str) -> str:
    try:
        return user_behind(code) if code else ""
    except (DeliveryFailed, Refused):
        return ""


def done(request: HttpRequest, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect("contacts")


def shown(request: HttpRequest, *, status: int = 200, **tried: Form) -> HttpResponse:
    """The page; `tried` are forms as they were typed, by their names: form, away, mobile, code."""
    on, officer = channels_on(), officer_of(request)
    mine = contacts_of(officer)
    waits_for_code = any(one.channel == Channel.SMS and not one.is_confirmed for one in mine)
    context = {
        "contacts": mine,
        "has_wecom": Channel.WECOM in on,
        "mobile": tried.get("mobile", MobileForm()) if Channel.SMS in on else None,
        "code": tried.get("code", CodeForm()) if waits_for_code else None,
        "absences": absences_of(officer, at=timezone.now()),
        "form": tried.get("form", MailForm()) if Channel.MAIL in on else None,
        "away": tried.get("away", AbsenceForm()),
    }
    return render(request, "bureau/contacts.html", context, status=status)


def confirmed(request: HttpRequest, token: str) -> HttpResponse:
    try:
        contact = confirm_by_link(token, by=officer_of(request), at=timezone.now())
        messages.success(request, _("Confirmed: {channel}.").format(channel=contact.get_channel_display()))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("contacts")
