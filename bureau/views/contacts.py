"""Where I am told of things outside the portal: my own addresses, each confirmed by a message that arrived there."""

from __future__ import annotations

import segno
from django.contrib import messages
from django.contrib.auth.decorators import login_required
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


def name_mail(request: HttpRequest) -> HttpResponse:
    form = MailForm(request.POST)
    if not form.is_valid():
        return shown(request, form=form, status=400)
    try:
        ask_for_mail(officer_of(request), form.cleaned_data["address"], at=timezone.now())
    except Refusal as refusal:
        return shown(request, form=form, status=put_on(form, refusal))
    return done(request, _("Sent. Open the link in that message to confirm the address."))


def end_one(request: HttpRequest) -> HttpResponse:
    end_contact(officer_of(request), request.POST.get("channel", ""), at=timezone.now())
    return done(request, _("Ended. Nothing goes there any more."))


def turn(request: HttpRequest) -> HttpResponse:
    turn_digest(officer_of(request), request.POST.get("channel", ""), at=timezone.now())
    return done(request, _("Noted."))


def go(request: HttpRequest) -> HttpResponse:
    form = AbsenceForm(request.POST)
    if not form.is_valid():
        return shown(request, away=form, status=400)
    try:
        go_away(officer_of(request), **form.cleaned_data, at=timezone.now())
    except Refusal as refusal:
        return shown(request, away=form, status=put_on(form, refusal))
    return done(request, _("Noted. While you are away, your deputy and the head of your body are told instead."))


def come(request: HttpRequest) -> HttpResponse:
    come_back(officer_of(request), at=timezone.now())
    return done(request, _("Noted. You are told again yourself."))


def name_mobile(request: HttpRequest) -> HttpResponse:
    form = MobileForm(request.POST)
    if not form.is_valid():
        return shown(request, mobile=form, status=400)
    try:
        ask_for_mobile(officer_of(request), form.cleaned_data["mobile"], at=timezone.now())
    except Refusal as refusal:
        return shown(request, mobile=form, status=put_on(form, refusal))
    return done(request, _("Sent. Type the code that comes within ten minutes."))


def type_code(request: HttpRequest) -> HttpResponse:
    form = CodeForm(request.POST)
    if not form.is_valid():
        return shown(request, code=form, status=400)
    try:
        contact = confirm_by_code(officer_of(request), form.cleaned_data["code"], at=timezone.now())
    except Refusal as refusal:
        return shown(request, code=form, status=put_on(form, refusal))
    return done(request, _("Confirmed: {channel}.").format(channel=contact.get_channel_display()))


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


def shown(
    request: HttpRequest, *, form: MailForm | None = None, away: AbsenceForm | None = None,
    mobile: MobileForm | None = None, code: CodeForm | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    on, officer = channels_on(), officer_of(request)
    mine = contacts_of(officer)
    waits_for_code = any(one.channel == Channel.SMS and not one.is_confirmed for one in mine)
    context = {
        "contacts": mine,
        "has_wecom": Channel.WECOM in on,
        "mobile": (mobile or MobileForm()) if Channel.SMS in on else None,
        "code": (code or CodeForm()) if waits_for_code else None,
        "absences": absences_of(officer, at=timezone.now()),
        "form": (form or MailForm()) if Channel.MAIL in on else None,
        "away": away or AbsenceForm(),
    }
    return render(request, "bureau/contacts.html", context, status=status)


def confirmed(request: HttpRequest, token: str) -> HttpResponse:
    try:
        contact = confirm_by_link(token, by=officer_of(request), at=timezone.now())
        messages.success(request, _("Confirmed: {channel}.").format(channel=contact.get_channel_display()))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("contacts")
