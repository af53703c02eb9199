"""Where I am told of things outside the portal: my own addresses, each confirmed by a message that arrived there."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from bureau.desk.models.delivery import Channel
from bureau.desk.outbox.absences import absences_of, come_back, go_away
from bureau.desk.outbox.channels import channels_on
from bureau.desk.outbox.contacts import ask_for_mail, confirm_by_link, contacts_of, end_contact
from bureau.desk.refusal import Refusal
from bureau.forms_outbox import AbsenceForm, MailForm
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


VERBS = {"end": end_one, "away": go, "back": come}


def done(request: HttpRequest, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect("contacts")


def shown(
    request: HttpRequest, *, form: MailForm | None = None, away: AbsenceForm | None = None, status: int = 200
) -> HttpResponse:
    on, officer = channels_on(), officer_of(request)
    context = {
        "contacts": contacts_of(officer),
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
