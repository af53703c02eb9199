"""The settings of the processes that a fault test starts: those of the demo, with faults built in.

Never those of a portal that people use: they refuse production before anything else.
"""

import os
from typing import Any

from django.core.exceptions import ImproperlyConfigured

if os.environ.get("PORTAL_ENV") != "demo":
    raise ImproperlyConfigured("tests.faults.settings: faults are for PORTAL_ENV=demo only.")

from config.settings import *  # noqa: F403 - everything, with what follows changed
from config.settings import CELERY_BEAT_SCHEDULE, DATABASES, INSTALLED_APPS, STORAGES

INSTALLED_APPS = [*INSTALLED_APPS, "tests.faults.breakage.Breakage"]
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
API_RATES = {"key": 10**6, "person": 10**6, "address": 10**6}
KNOCKS = ("sweep", "deliver_notices")
CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {  # often, so that a test need not wait
    name: {**CELERY_BEAT_SCHEDULE[name], "schedule": 1.0, "options": {"expires": 10}} for name in KNOCKS
}
CELERY_BEAT_SCHEDULE_FILENAME = os.environ.get("FAULTS_BEAT_FILE", "")
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 15, "socket_timeout": 5}
PATIENCE = "-c statement_timeout=15s -c lock_timeout=3s -c idle_in_transaction_session_timeout=5s"
if os.environ.get("PORTAL_WITHOUT_POOL"):
    PATIENCE += " -c idle_session_timeout=10s"
DATABASES["default"]["OPTIONS"]["options"] = PATIENCE
