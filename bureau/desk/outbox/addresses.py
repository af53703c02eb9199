"""Where a webhook may go: public addresses, and the networks that the setting WEBHOOK_NETWORKS names."""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, urlsplit, urlunsplit

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from bureau.desk.refusal import BadValue, Words

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
LONGEST: Final = 300
PORTS: Final = {"https": 443, "http": 80}
TRANSLATED: Final = tuple(ipaddress.ip_network(net) for net in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16"))


class ForbiddenAddress(Exception):
    """The name leads to an address that a webhook must not reach."""


class UnknownHost(Exception):
    """The name leads nowhere now."""


@dataclass(frozen=True)
class Target:
    """`url` has the looked-up number in place of the name; `host_header` is what the receiver is called."""

    url: str
    host_header: str


def check_url(url: str) -> str:
    """The address in its one spelling; raises BadValue for what can never be a webhook's address."""
    url = url.strip()
    try:
        parts = urlsplit(url)
        _port = parts.port
    except ValueError as error:
        raise bad(_("Write an address, as in https://system.example.org/hooks.")) from error
    if parts.scheme not in PORTS or not parts.hostname or len(url) > LONGEST or not url.isascii():
        raise bad(_("Write an address, as in https://system.example.org/hooks."))
    if parts.username or parts.password or parts.fragment:
        raise bad(_("The address must not hold a user, a password or a fragment."))
    literal = as_address(parts.hostname)
    if literal is not None and not is_allowed(literal, parts.scheme):
        raise bad(_("This address is not public, or not reached by https. Your administrator can allow its network."))
    return url


def bad(words: Words) -> BadValue:
    return BadValue(words, code="invalid_url", pointer="/url")


def pinned(url: str) -> Target:
    """Look the name up, and answer its number if every number it has may be reached. Raises as named above."""
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or PORTS.get(parts.scheme, 0)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise UnknownHost(host) from error
    addresses = [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
    if not addresses or not all(is_allowed(address, parts.scheme) for address in addresses):
        raise ForbiddenAddress(host)
    return Target(with_number(parts, addresses[0], port), parts.netloc)


def with_number(parts: SplitResult, address: Address, port: int) -> str:
    number = f"[{address}]" if address.version == 6 else str(address)
    return urlunsplit((parts.scheme, f"{number}:{port}", parts.path or "/", parts.query, ""))


def is_allowed(address: Address, scheme: str) -> bool:
    """A named network by http or https; else public, by https alone. What hides another address counts as that one."""
    plain = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped else address
    if any(plain in network for network in settings.WEBHOOK_NETWORKS):
        return True
    if any(plain in network for network in TRANSLATED):
        return False
    return scheme == "https" and plain.is_global and not plain.is_multicast


def as_address(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None
