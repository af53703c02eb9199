"""Reads settings from the environment, each also from a file named by NAME_FILE, and addresses from URLs."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


class Environment:
    """The process's environment, or any mapping in tests."""

    def __init__(self, values: Mapping[str, str] | None = None) -> None:
        self.values = os.environ if values is None else values

    def text(self, name: str, default: str = "") -> str:
        """The value of NAME, or the content of the file named by NAME_FILE without its closing newline."""
        path = self.values.get(f"{name}_FILE", "")
        if path and self.values.get(name):
            raise ImproperlyConfigured(f"{name} and {name}_FILE are both set; keep one.")
        if not path:
            return self.values.get(name, "") or default
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE: cannot read {path}: {error.strerror}.") from error

    def words(self, name: str) -> list[str]:
        """A comma-separated list; blanks are dropped."""
        return [word.strip() for word in self.text(name).split(",") if word.strip()]

    def yes(self, name: str) -> bool:
        return self.text(name).lower() in ("1", "true", "yes", "on")


def database_of(url: str) -> dict[str, Any]:
    """Django's description of `postgresql://user:password@host:port/name?host=/socket/dir&sslmode=...`."""
    parts = _split("DATABASE_URL", url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise ImproperlyConfigured(
            f"DATABASE_URL: only postgresql:// is supported, not {parts.scheme or 'nothing'}://."
        )
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", "") or (parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": query,
    }


def broker_of(url: str) -> str:
    """Celery's spelling of a Redis address: `unix:///path?db=0` becomes `redis+socket:///path?virtual_host=0`."""
    parts = _split("REDIS_URL", url)
    if parts.scheme in ("redis", "rediss"):
        return url
    if parts.scheme != "unix":
        raise ImproperlyConfigured(
            f"REDIS_URL: use redis://, rediss:// or unix://, not {parts.scheme or 'nothing'}://."
        )
    number = parse_qs(parts.query).get("db", ["0"])[-1]
    secret = f":{parts.password}@" if parts.password else ""
    return f"redis+socket://{secret}{parts.path}?virtual_host={number}"


def mail_of(url: str) -> dict[str, Any]:
    """Django's mail settings of `smtp://user:password@host:587/?tls=1`, `smtps://...`, `console:` or `memory:`."""
    backend = "django.core.mail.backends."
    parts = _split("EMAIL_URL", url)
    if parts.scheme in ("", "console", "memory", "dummy"):
        kind = {"": "dummy", "memory": "locmem"}.get(parts.scheme, parts.scheme)
        return {"EMAIL_BACKEND": f"{backend}{kind}.EmailBackend"}
    if parts.scheme not in ("smtp", "smtps"):
        raise ImproperlyConfigured(f"EMAIL_URL: use smtp://, smtps:// or console:, not {parts.scheme}:.")
    wrapped = parts.scheme == "smtps"
    return {
        "EMAIL_BACKEND": f"{backend}smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname or "localhost",
        "EMAIL_PORT": parts.port or (465 if wrapped else 25),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": wrapped,
        "EMAIL_USE_TLS": not wrapped and parse_qs(parts.query).get("tls", ["0"])[-1] == "1",
        "EMAIL_TIMEOUT": 10,
    }


def wecom_of(url: str) -> dict[str, Any]:
    """What `wecom://CORPID:SECRET@qyapi.weixin.qq.com/?agent=1000002` names; `wecom+http://` for a trial on loopback.

    `open=` names the host of the page that a scan leads to, for the government edition.
    """
    if not url:
        return {}
    parts = _split("WECOM_URL", url)
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    schemes = {"wecom": "https", "wecom+http": "http"}
    if parts.scheme not in schemes or not (parts.hostname and parts.username and parts.password):
        raise ImproperlyConfigured("WECOM_URL: use wecom://CORPID:SECRET@HOST/?agent=NUMBER.")
    if not query.get("agent", "").isdecimal():
        raise ImproperlyConfigured("WECOM_URL: ?agent= must be the number of the application.")
    scheme = schemes[parts.scheme]
    return {
        "base": f"{scheme}://{parts.hostname}" + (f":{parts.port}" if parts.port else ""),
        "corp": unquote(parts.username),
        "secret": unquote(parts.password),
        "agent": int(query["agent"]),
        "open": f"{scheme}://{query.get('open', 'open.weixin.qq.com')}",
    }


def sms_fields_of(words: list[str]) -> dict[str, str]:
    """What the gateway calls our `id`, `to` and `text`: `["to=phone", "text=content"]`; one left out is not sent."""
    pairs = [word.partition("=")[::2] for word in words]
    if any(ours not in ("id", "to", "text") or not theirs for ours, theirs in pairs):
        raise ImproperlyConfigured("SMS_FIELDS: write id=…,to=…,text=… with the gateway's names.")
    return dict(pairs) or {"id": "id", "to": "mobile", "text": "text"}


def storage_of(url: str) -> Path:
    """The directory of `file:///path`; other kinds of storage come with the package that speaks to them."""
    return _directory_of("STORAGE_URL", url)


def roots_of(url: str) -> Path | None:
    """The directory of the second place for roots of the trail; None where there is none."""
    return _directory_of("ROOTS_URL", url) if url else None


def _directory_of(name: str, url: str) -> Path:
    parts = _split(name, url)
    if parts.scheme != "file" or not parts.path.startswith("/"):
        raise ImproperlyConfigured(f"{name}: use file:///an/absolute/directory.")
    return Path(unquote(parts.path))


def _split(name: str, url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}: not an address ({error}).") from error
    return parts
