"""Whose word is believed about the caller's address and about https."""

import ipaddress

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from config.proxy import TrustedProxyMiddleware

PROXY, STRANGER, CALLER = "172.30.0.10", "203.0.113.9", "198.51.100.7"


@pytest.fixture(autouse=True)
def _one_proxy(settings) -> None:
    settings.TRUSTED_PROXIES = [ipaddress.ip_network(f"{PROXY}/32")]


def seen(sender: str, forwarded: str) -> HttpRequest:
    request = RequestFactory().get("/", REMOTE_ADDR=sender, headers={"x-forwarded-for": forwarded})
    request.META["HTTP_X_FORWARDED_PROTO"] = "https"
    TrustedProxyMiddleware(lambda request: HttpResponse())(request)
    return request


def test_behind_our_proxy_the_caller_is_the_last_address_it_saw() -> None:
    request = seen(PROXY, f"1.2.3.4, {CALLER}")

    assert request.META["REMOTE_ADDR"] == CALLER
    assert request.META["HTTP_X_FORWARDED_PROTO"] == "https"


def test_a_stranger_cannot_lend_itself_an_address_or_https() -> None:
    request = seen(STRANGER, CALLER)

    assert request.META["REMOTE_ADDR"] == STRANGER
    assert "HTTP_X_FORWARDED_PROTO" not in request.META
    assert "HTTP_X_FORWARDED_FOR" not in request.META
