"""A photo behind `media_url`: fetched from hosts on the list only, never from a private address (security.md 5, 59)."""

from __future__ import annotations

import ipaddress
import socket
from typing import Final
from urllib.parse import urlsplit

import httpx
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from bureau.desk.photos import LARGEST_BYTES
from grid.open311.wrong import Wrong, wrong

SECONDS: Final = 10


def fetched(url: str) -> SimpleUploadedFile:
    """The bytes as a file; raises Wrong 400 `media_url_forbidden`, or 400 when it cannot be had.

    The name is resolved once and that address is called, so that a second answer of its name server changes nothing;
    redirects are not followed.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme != "https" or host not in settings.OPEN311_MEDIA_HOSTS or parts.port not in (None, 443):
        raise forbidden()
    address = public_address(host)
    target = parts._replace(netloc=f"[{address}]" if ":" in address else address)
    try:
        return SimpleUploadedFile(parts.path.rsplit("/", 1)[-1][-80:] or "media", download(target.geturl(), host))
    except httpx.HTTPError:
        raise wrong(400, "media_url: the file could not be fetched; send it as `media` instead") from None


def public_address(host: str) -> str:
    """One address of the host, when all of them are public ones."""
    try:
        found = {info[4][0] for info in socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)}
    except OSError:
        raise wrong(400, "media_url: its host is not known") from None
    if not found or not all(ipaddress.ip_address(address).is_global for address in found):
        raise forbidden()
    return sorted(str(address) for address in found)[0]


def download(url: str, host: str) -> bytes:
    content = b""
    extensions = {"sni_hostname": host}
    with httpx.stream("GET", url, headers={"Host": host}, timeout=SECONDS, extensions=extensions) as response:
        if response.status_code != 200:
            raise wrong(400, f"media_url: its host answered {response.status_code}")
        for piece in response.iter_bytes():
            content += piece
            if len(content) > LARGEST_BYTES:
                raise wrong(400, "media_url: the file is over 20 MB")
    return content


def forbidden() -> Wrong:
    return wrong(400, "media_url_forbidden: this address is not fetched; send the file as `media` instead")
