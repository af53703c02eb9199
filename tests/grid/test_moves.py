import pytest

from grid.models import Issue
from tests.make import grid as make

pytestmark = pytest.mark.django_db


def test_an_issue_walks_from_report_to_close():
    issue = make.closed_issue()

    assert issue.status == Issue.Status.CLOSED
    assert [entry.verb for entry in issue.entries] == [
        "report", "accept", "file", "dispatch", "take", "feed_back", "ask_verification", "verify", "close",
    ]  # fmt: skip
    assert not issue.clocks.running().exists()
