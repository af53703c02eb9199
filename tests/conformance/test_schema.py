"""The API keeps what its schema promises: schemathesis invents calls from `/api/schema/` and reads the answers."""

from __future__ import annotations

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

from bureau.desk.keys import issue_key
from tests.make import bureau
from tests.make import grid as make

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
CHECKS = [not_a_server_error, content_type_conformance, response_schema_conformance]
PROFILE = settings(
    max_examples=6,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(autouse=True)
def _connection_of_the_test_stays():
    """As Django's own test client does: the end of a request must not close the transaction of the test."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def headers(settings):
    settings.API_RATES = {"key": 1_000_000}
    issue = make.dispatched_issue(bureau.unit("qibao"))
    return {"Authorization": f"Bearer {issue_key(make.crew(issue.unit)['dispatcher'], at=timezone.now())[1]}"}


def test_every_operation_answers_as_its_schema_says(headers):
    schema = schemathesis.openapi.from_wsgi("/api/schema/?format=json", get_wsgi_application())
    found: list[str] = []
    operations = [result.ok() for result in schema.get_all_operations()]

    for operation in operations:
        try:
            invent(operation, headers)
        except (Exception, BaseExceptionGroup) as error:  # every operation is asked, and all that fail are told
            found.append(f"{operation.label}: {error}")

    assert len(operations) > 50
    assert not found, "\n\n".join(found)


def invent(operation, headers):
    @PROFILE
    @given(case=operation.as_strategy())
    def ask(case):
        case.call_and_validate(headers=headers, checks=CHECKS)

    ask()
