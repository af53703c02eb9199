"""What the portal refuses to start on in production. Each refusal begins with the name of the setting."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

SHORTEST_KEY = 50
FEWEST_CHARACTERS = 10
KNOWN_KEYS = ("django-insecure", "changeme", "change-me", "secret", "demo", "test", "example", "password")
LOOPBACK = ("127.0.0.1", "localhost", "::1")


def refuse_unsafe(settings: Mapping[str, Any]) -> None:
    """Raises ImproperlyConfigured naming every unsafe setting at once; `settings` are those of production."""
    found = list(refusals(settings))
    if found:
        raise ImproperlyConfigured("Refusing to start in production:\n" + "\n".join(f"  - {one}" for one in found))


def refusals(settings: Mapping[str, Any]) -> Iterator[str]:
    """Every reason not to start, as `NAME: what is wrong and what to do`."""
    if settings["DEBUG"]:
        yield "DEBUG: must be off in production; remove it from the environment."
    yield from _key(settings["SECRET_KEY"])
    yield from _hosts(settings["ALLOWED_HOSTS"])
    yield from _public_url(settings["PUBLIC_URL"])
    yield from _database(settings["DATABASE_URL"])
    yield from _queue(settings["REDIS_URL"])
    if not settings["STORAGE_URL"]:
        yield "STORAGE_URL: missing; name the directory of the documents, file:///srv/portal/documents."
    yield from _keys_dir(settings["KEYS_DIR"])
    yield from _roots(settings["ROOTS_URL"], settings["STORAGE_URL"])
    yield from _backups(settings["BACKUP_DIR"], settings["BACKUP_KEY_FILE"])
    if not settings["TRUSTED_PROXIES"]:
        yield "TRUSTED_PROXIES: empty; name the address or network of the TLS proxy, or every caller could forge https."
    elif any(network.prefixlen == 0 for network in settings["TRUSTED_PROXIES"]):
        yield "TRUSTED_PROXIES: trusts the whole internet; name the proxy's own address or network."


def _key(key: str) -> Iterator[str]:
    if not key:
        yield "SECRET_KEY: missing; make one with `python -c 'import secrets; print(secrets.token_urlsafe(64))'`."
    elif any(key.lower().startswith(known) for known in KNOWN_KEYS):
        yield "SECRET_KEY: a default or example key; make one of your own."
    elif len(key) < SHORTEST_KEY or len(set(key)) < FEWEST_CHARACTERS:
        yield f"SECRET_KEY: too weak; at least {SHORTEST_KEY} random characters."


def _keys_dir(path: Path) -> Iterator[str]:
    if path == Path():
        yield "KEYS_DIR: missing; name the directory of the signing keys, /srv/portal/keys, apart from the documents."
    elif not path.is_absolute():
        yield "KEYS_DIR: must be an absolute directory."
    elif not path.is_dir() or not os.access(path, os.R_OK | os.W_OK | os.X_OK):
        yield f"KEYS_DIR: {path} is no directory that the portal may write; make it with mode 0700 for its account."
    elif path.stat().st_mode & 0o077:
        yield f"KEYS_DIR: {path} is open to other accounts; take their rights away with `chmod 0700`."


def _roots(url: str, storage: str) -> Iterator[str]:
    """A portal may run without a second place, and says so on its pages; one that is named must take roots."""
    place = Path(unquote(urlsplit(url).path))
    if not url:
        return
    if urlsplit(url).scheme != "file" or not place.is_absolute():
        yield "ROOTS_URL: use file:///an/absolute/directory, on another machine's disk."
    elif not place.is_dir() or not os.access(place, os.R_OK | os.W_OK | os.X_OK):
        yield f"ROOTS_URL: {place} is no directory that the portal may write; mount it, and give it to its account."
    elif place.is_relative_to(Path(unquote(urlsplit(storage).path or "/nowhere"))):
        yield "ROOTS_URL: lies among the documents; a second place is another disk, best another machine."


def _backups(directory: str, key_file: str) -> Iterator[str]:
    """None is not refused, for somebody else may keep them; the system page calls it bad."""
    if not directory:
        return
    if not Path(directory).is_absolute():
        yield "BACKUP_DIR: must be an absolute directory."
    if key_file in ("", "."):
        yield "BACKUP_KEY_FILE: missing; name the file with the key of backups, kept apart from them."
    elif Path(key_file).resolve().is_relative_to(Path(directory).resolve()):
        yield "BACKUP_KEY_FILE: lies among the backups it opens; keep it elsewhere."


def _hosts(hosts: list[str]) -> Iterator[str]:
    if not hosts:
        yield "ALLOWED_HOSTS: empty; name the portal's host names."
    elif any("*" in host or host in (".", "") for host in hosts):
        yield "ALLOWED_HOSTS: a wildcard admits forged host names; name the portal's host names."


def _public_url(url: str) -> Iterator[str]:
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname:
        yield "PUBLIC_URL: must be the portal's https:// address."
    elif parts.path not in ("", "/") or parts.query:
        yield "PUBLIC_URL: must be scheme and host only, without a path."


def _database(url: str) -> Iterator[str]:
    parts = urlsplit(url)
    if not url:
        yield "DATABASE_URL: missing; production does not run on the embedded engines."
    elif parts.scheme not in ("postgres", "postgresql"):
        yield "DATABASE_URL: only postgresql:// is supported."
    elif parts.hostname and not parts.password and "passfile=" not in parts.query and "sslcert=" not in parts.query:
        yield "DATABASE_URL: a database reached by network needs a password."


def _queue(url: str) -> Iterator[str]:
    parts = urlsplit(url)
    if not url:
        yield "REDIS_URL: missing; production does not run on the embedded engines."
    elif parts.scheme not in ("redis", "rediss", "unix"):
        yield "REDIS_URL: use redis://, rediss:// or unix://."
    elif parts.scheme != "unix" and not parts.password:
        yield "REDIS_URL: a queue reached by network needs a password (redis://:PASSWORD@HOST:6379/0)."
