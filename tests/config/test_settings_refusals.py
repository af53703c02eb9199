"""Production refuses to start on an unsafe setting, and says which."""

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.environment import Environment, broker_of, database_of, mail_of, storage_of
from config.launcher.places import ROOT

GOOD_KEY = "kO3vQz7-8sYw1TnXc5Rb_9uJhL2mEaFdG6pViKq4ZxWtNyBoSrCMDePAH0Ug"
SAFE = {
    "PORTAL_ENV": "production",
    "SECRET_KEY": GOOD_KEY,
    "ALLOWED_HOSTS": "portal.example.org",
    "PUBLIC_URL": "https://portal.example.org",
    "DATABASE_URL": "postgresql://portal:word@db:5432/portal",
    "REDIS_URL": "redis://:word@queue:6379/0",
    "STORAGE_URL": "file:///srv/portal/documents",
    "TRUSTED_PROXIES": "172.30.0.10/32",
    "BACKUP_DIR": "/srv/backup",
    "BACKUP_KEY_FILE": "/run/secrets/backup_key",
    "KEYS_DIR": tempfile.mkdtemp(prefix="portal-keys-"),
}
atexit.register(shutil.rmtree, SAFE["KEYS_DIR"], ignore_errors=True)
UNSAFE = [
    ("DEBUG", "1"),
    ("SECRET_KEY", ""),
    ("SECRET_KEY", "short-but-random-8sYw1TnXc5Rb"),
    ("SECRET_KEY", "ab" * 40),
    ("SECRET_KEY", "django-insecure-" + GOOD_KEY),
    ("SECRET_KEY", "changeme" + GOOD_KEY),
    ("ALLOWED_HOSTS", ""),
    ("ALLOWED_HOSTS", "*"),
    ("ALLOWED_HOSTS", "portal.example.org,*.example.org"),
    ("PUBLIC_URL", ""),
    ("PUBLIC_URL", "http://portal.example.org"),
    ("PUBLIC_URL", "https://portal.example.org/below/"),
    ("DATABASE_URL", ""),
    ("DATABASE_URL", "sqlite:///portal.db"),
    ("DATABASE_URL", "mysql://portal:word@db/portal"),
    ("DATABASE_URL", "postgresql://portal@db/portal"),
    ("REDIS_URL", ""),
    ("REDIS_URL", "redis://queue:6379/0"),
    ("REDIS_URL", "amqp://:word@queue/"),
    ("STORAGE_URL", ""),
    ("STORAGE_URL", "s3://bucket"),
    ("KEYS_DIR", ""),
    ("KEYS_DIR", "keys"),
    ("KEYS_DIR", "/nowhere/keys"),
    ("KEYS_DIR", "/tmp"),
    ("ROOTS_URL", "roots"),
    ("ROOTS_URL", "s3://bucket"),
    ("ROOTS_URL", "file:///nowhere/roots"),
    ("BACKUP_DIR", "backup"),
    ("BACKUP_KEY_FILE", ""),
    ("BACKUP_KEY_FILE", "/srv/backup/key"),
    ("TRUSTED_PROXIES", ""),
    ("TRUSTED_PROXIES", "0.0.0.0/0"),
    ("TRUSTED_PROXIES", "the-proxy"),
]


def start(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Reads the settings in a process of their own, as every start does; 0 when they are taken."""
    clean = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-c", "import config.settings"],
        cwd=ROOT,
        env=clean | environment,
        capture_output=True,
        text=True,
        timeout=30,
    )


def test_a_safe_production_starts() -> None:
    done = start(SAFE)

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(("name", "value"), UNSAFE)
def test_an_unsafe_production_is_refused_by_the_name_of_the_setting(name: str, value: str) -> None:
    done = start(SAFE | {name: value})

    assert done.returncode != 0
    assert "ImproperlyConfigured" in done.stderr
    assert f"{name}:" in done.stderr.splitlines()[-1]


def test_all_that_is_unsafe_is_said_at_once() -> None:
    done = start(SAFE | {"DEBUG": "1", "SECRET_KEY": "", "ALLOWED_HOSTS": "*"})

    assert all(f"  - {name}:" in done.stderr for name in ("DEBUG", "SECRET_KEY", "ALLOWED_HOSTS"))


def test_an_own_database_without_a_word_of_the_environment_counts_as_production() -> None:
    done = start({"DATABASE_URL": SAFE["DATABASE_URL"]})

    assert done.returncode != 0
    assert "Refusing to start in production" in done.stderr


def test_an_unknown_environment_is_refused() -> None:
    assert "PORTAL_ENV:" in start(SAFE | {"PORTAL_ENV": "staging"}).stderr


def test_a_secret_is_read_from_the_file_that_name_file_names(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(GOOD_KEY + "\n")
    environment = {name: value for name, value in SAFE.items() if name != "SECRET_KEY"}

    done = start(environment | {"SECRET_KEY_FILE": str(tmp_path / "key")})

    assert done.returncode == 0, done.stderr


def test_a_secret_named_twice_or_in_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY and SECRET_KEY_FILE"):
        Environment({"SECRET_KEY": "a", "SECRET_KEY_FILE": "/b"}).text("SECRET_KEY")
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY_FILE: cannot read"):
        Environment({"SECRET_KEY_FILE": str(tmp_path / "none")}).text("SECRET_KEY")


def test_a_demo_makes_its_own_key_once_and_keeps_it(tmp_path: Path) -> None:
    environment = {"PORTAL_ENV": "demo", "PORTAL_VAR": str(tmp_path / "var")}

    start(environment)
    first = (tmp_path / "var" / "secret_key").read_text()
    start(environment)

    assert (tmp_path / "var" / "secret_key").read_text() == first
    assert len(first) > 50
    assert (tmp_path / "var" / "secret_key").stat().st_mode & 0o777 == 0o600


def test_a_database_address_may_name_a_socket_and_escape_its_password() -> None:
    by_socket = database_of("postgresql://postgres@/portal?host=%2Fvar%2Frun%2Fportal")
    by_network = database_of("postgres://me:p%40ss@db:5433/portal?sslmode=require")

    assert (by_socket["HOST"], by_socket["NAME"], by_socket["OPTIONS"]) == ("/var/run/portal", "portal", {})
    assert (by_network["PASSWORD"], by_network["PORT"]) == ("p@ss", "5433")
    assert by_network["OPTIONS"] == {"sslmode": "require"}


def test_celery_gets_its_own_spelling_of_a_socket() -> None:
    assert broker_of("unix:///run/valkey.sock?db=2") == "redis+socket:///run/valkey.sock?virtual_host=2"
    assert broker_of("rediss://:word@queue/1") == "rediss://:word@queue/1"


def test_mail_and_storage_addresses_are_read_or_refused_by_name() -> None:
    mail = mail_of("smtp://me:word@mail:587/?tls=1")

    assert (mail["EMAIL_HOST"], mail["EMAIL_PORT"], mail["EMAIL_USE_TLS"]) == ("mail", 587, True)
    assert storage_of("file:///srv/documents") == Path("/srv/documents")
    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL"):
        mail_of("http://mail")
    with pytest.raises(ImproperlyConfigured, match="STORAGE_URL"):
        storage_of("file:relative")
