"""A throw-away PostgreSQL and Valkey for one pytest run; named by `-p` because Django reads its settings early.

Only the controller starts them; the workers of xdist inherit the addresses.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import pytest

from config.launcher.engines import Engines
from config.launcher.places import Places

IN_WORKER = "PYTEST_XDIST_WORKER" in os.environ


def _announce() -> Places:
    """Points the settings at engines that are started later, when the session starts."""
    places = Places(Path(tempfile.mkdtemp(prefix="portal-test-")))
    os.environ.update(
        PORTAL_ENV="test", PORTAL_VAR=str(places.var), DATABASE_URL=places.database_url, REDIS_URL=places.queue_url
    )
    for name in ("DATABASE_URL_FILE", "REDIS_URL_FILE", "SECRET_KEY", "SECRET_KEY_FILE", "STORAGE_URL", "EMAIL_URL"):
        os.environ.pop(name, None)
    atexit.register(shutil.rmtree, places.var, ignore_errors=True)
    return places


ENGINES = None if IN_WORKER else Engines(_announce(), durable=False)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart() -> None:
    if ENGINES:
        ENGINES.start()


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    if ENGINES:
        ENGINES.stop()
