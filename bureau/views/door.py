"""The door: what the portal is, signing in and out, the first password, my own page."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import Any

from axes.helpers import get_cool_off
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import PasswordChangeForm, SetPasswordForm
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET
from django.views.i18n import set_language as set_language_cookie

from bureau import demo
from bureau.actions import choose_language, choose_password
from bureau.desk.contributions import navigation
from bureau.forms import SignInForm
from bureau.invitations import invited
from bureau.views.who import officer_of

BACKEND = "bureau.sign_in.StaffNumberOrMobileBackend"


@require_GET
def door(request: HttpRequest) -> HttpResponse:
    return render(request, "bureau/door.html", {"powers_url": address_of("powers")})


class SignIn(LoginView):
    """Sign-in; the language that the person chose last comes back with the person."""

    template_name = "bureau/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | shown_accounts()

    def form_invalid(self, form: Any) -> HttpResponse:
        self.request.refused = (401, "sign_in_failed")  # type: ignore[attr-defined]  # read by DenialMiddleware
        return super().form_invalid(form)

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        if settings.LANGUAGE_COOKIE_NAME not in self.request.COOKIES:
            remember_language(response, form.get_user().language)
        return response


def locked_out(
    request: HttpRequest, response: HttpResponse | None, credentials: Any = None, **_more: Any
) -> HttpResponse:
    """The answer of django-axes to too many failed attempts: 429, and for how long."""
    wait = get_cool_off(request) or timedelta()
    context = {"form": SignInForm(request), "minutes": math.ceil(wait.total_seconds() / 60), **shown_accounts()}
    answer = render(request, "bureau/sign_in.html", context, status=429)
    answer["Retry-After"] = str(round(wait.total_seconds()))
    return answer


@never_cache
@sensitive_post_parameters()
def welcome(request: HttpRequest, person: str, token: str) -> HttpResponse:
    """A one-time link: whoever it invites chooses a password and is signed in."""
    officer = invited(person, token)
    if officer is None:
        return render(request, "bureau/welcome_over.html", status=410)
    form = SetPasswordForm(officer, request.POST or None)
    if not form.is_valid():
        context = {"form": form, "officer": officer}
        return render(request, "bureau/welcome.html", context, status=400 if form.is_bound else 200)
    choose_password(officer, form.cleaned_data["new_password1"])
    login(request, officer, backend=BACKEND)
    return redirect("desk")


@login_required
def me(request: HttpRequest) -> HttpResponse:
    """Who I am: postings, certificate, and my password."""
    officer = officer_of(request)
    form = PasswordChangeForm(officer, request.POST or None)
    if form.is_valid():
        choose_password(officer, form.cleaned_data["new_password1"])
        update_session_auth_hash(request, officer)
        messages.success(request, _("Your password is changed. Other devices are signed out."))
        return redirect("me")
    context = {"form": form, "certificate": officer.certificate_on(timezone.localdate())}
    return render(request, "bureau/me.html", context, status=400 if form.is_bound else 200)


def set_language(request: HttpRequest) -> HttpResponse:
    """Django's own view, and the choice is kept with the person too."""
    response = set_language_cookie(request)
    chosen = response.cookies.get(settings.LANGUAGE_COOKIE_NAME)
    if chosen is not None and request.user.is_authenticated:
        choose_language(request.user, chosen.value)
    return response


def remember_language(response: HttpResponse, code: str) -> None:
    if code in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            code,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            samesite="Lax",
        )


def shown_accounts() -> dict[str, Any]:
    """The published accounts of a demonstration; nothing anywhere else."""
    if settings.PORTAL_ENV != "demo":
        return {}
    return {"demo_password": demo.PASSWORD, "demo_accounts": demo.DISTRICT, "demo_units": demo.UNITS,
            "demo_of_a_unit": demo.OF_A_UNIT}  # fmt: skip


def address_of(name: str) -> str:
    """The address of an entry of the navigation, or empty where its room is not there."""
    entry = navigation.get(name)
    try:
        return reverse(entry.url_name) if entry else ""
    except NoReverseMatch:
        return ""
