"""Believes forwarding headers from the named TLS proxies only."""

import ipaddress
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

FORWARDING = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "HTTP_FORWARDED")


class TrustedProxyMiddleware:
    """Drops forwarding headers of strangers; behind a trusted proxy REMOTE_ADDR becomes the caller's own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if is_trusted(request.META.get("REMOTE_ADDR", "")):
            request.META["REMOTE_ADDR"] = caller_of(request)
        else:
            for header in FORWARDING:
                request.META.pop(header, None)
        return self.get_response(request)


def is_trusted(address: str) -> bool:
    """Whether an address lies in TRUSTED_PROXIES; what is no address is not trusted."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(found in network for network in settings.TRUSTED_PROXIES)


def caller_of(request: HttpRequest) -> str:
    """The last address of the chain that is not a proxy of ours: those before it may be invented."""
    chain: list[str] = [
        part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()
    ]
    nearest = str(request.META["REMOTE_ADDR"])
    for address in reversed(chain):
        if not is_trusted(address):
            return address
        nearest = address
    return nearest
