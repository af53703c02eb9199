"""Where I am told of things outside the portal: my own addresses, each confirmed by a message that arrived there."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from bureau.desk.models.delivery import Channel
from bureau.desk.outbox.channels import channels_on
from bureau.desk.outbox.contacts import ask_for_mail, confirm_by_link, contacts_of, end_contact
from bureau.desk.refusal import Refusal
from bureau.forms_outbox import MailForm
from bureau.forms_refusals import put_on
from bureau.views.who import officer_of


@never_cache
@login_required
def contacts(request: HttpRequest) -> HttpResponse:
    """My addresses; a link from a message confirms one, a POST names or ends one."""
    if "token" in request.GET and request.method == "GET":
        return confirmed(request, request.GET["token"])
    if request.method == "POST" and request.POST.get("verb") == "end":
        end_contact(officer_of(request), request.POST.get("channel", ""), at=timezone.now())
        messages.success(request, _("Ended. Nothing goes there any more."))
        return redirect("contacts")
    form, status = MailForm(request.POST or None), 200
    if request.method == "POST" and form.is_valid():
        try:
            ask_for_mail(officer_of(request), form.cleaned_data["address"], at=timezone.now())
        except Refusal as refusal:
            status = put_on(form, refusal)
        else:
            messages.success(request, _("Sent. Open the link in that message to confirm the address."))
            return redirect("contacts")
    return render(request, "bureau/contacts.html", shown(request, form), status=400 if form.errors else status)


def shown(request: HttpRequest, form: MailForm) -> dict[str, Any]:
    on = channels_on()
    return {"contacts": contacts_of(officer_of(request)), "form": form if Channel.MAIL in on else None, "on": on}


def confirmed(request: HttpRequest, token: str) -> HttpResponse:
    try:
        contact = confirm_by_link(token, by=officer_of(request), at=timezone.now())
        messages.success(request, _("Confirmed: {channel}.").format(channel=contact.get_channel_display()))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("contacts")
