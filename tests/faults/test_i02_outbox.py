"""I02: what was committed is sent, though the queue is emptied and the relay dies at each of its steps."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from tests.conftest import free_port
from tests.faults.invariants import Violation
from tests.faults.points import OUTBOX
from tests.faults.system import QUIESCENCE, System
from tests.faults.tally import HOLDS

pytestmark = [pytest.mark.fault, pytest.mark.slow]
EACH = 8
STANDS_STILL = "leased, not sent"  # with the lease, and alone at its way out
WITHIN = 20  # seconds for a mutant, which never gets there


class Mailbox:
    """A mail server that remembers the Message-ID of what it took."""

    def __init__(self) -> None:
        self.taken: list[str] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        lines = envelope.content.decode(errors="replace").splitlines()
        self.taken += [line for line in lines if line.lower().startswith("message-id:")]
        return "250 OK"


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, str]]:
    mailbox, port = Mailbox(), free_port()
    server = Controller(mailbox, hostname="127.0.0.1", port=port)
    server.start()
    yield mailbox, f"smtp://127.0.0.1:{port}"
    server.stop()


@pytest.mark.invariant("I02")
def test_every_committed_message_leaves_though_queue_and_relay_die(system: System, mutant: str, mailbox: Any):
    box, address = mailbox
    order(system, "a")
    system.flush_queue()
    system.start_workers(2, EMAIL_URL=address)
    system.start_beats()
    wait_for_all(system, mutant, EACH)

    # more than once for a mutant: what is struck may be a message of the portal's own, whose loss nobody counts here
    points = list(OUTBOX) if mutant == HOLDS else ["before its deliveries stand"] * 3
    for number, point in enumerate(points, start=1):
        system.arm(point, signal.SIGSTOP if point == STANDS_STILL else signal.SIGKILL)
        order(system, f"b{number}-")
        system.wait_for_strike(point)
    system.kill("valkey", signal.SIGSTOP)
    order(system, "c")
    system.kill("valkey", signal.SIGCONT)
    system.flush_queue()
    wait_for_all(system, mutant, EACH * (len(points) + 2))

    check(system, box, EACH * (len(points) + 2), deaths=len(points))


def order(system: System, series: str) -> None:
    process = system.begin_act("order", count=EACH, series=series)
    system.wait_for(lambda: process.poll() is not None, "the messages are ordered")
    if process.returncode != 0:
        raise RuntimeError(process.communicate()[1])


def wait_for_all(system: System, mutant: str, count: int) -> None:
    sent = "SELECT count(*) FROM bureau_delivery WHERE state = 'sent'"
    within = QUIESCENCE if mutant == HOLDS else WITHIN
    system.wait_for(lambda: system.count(sent) >= count, f"all {count} messages are sent", within=within)


def check(system: System, box: Mailbox, count: int, *, deaths: int) -> None:
    waiting = system.count("SELECT count(*) FROM bureau_delivery WHERE state IN ('queued', 'leased', 'dead')")
    unsent = system.count("SELECT count(*) FROM bureau_notice WHERE sent_at IS NULL")
    if waiting or unsent:
        raise Violation(f"{waiting} deliveries and {unsent} messages are still here")
    if len(set(box.taken)) != count:
        raise Violation(f"{len(set(box.taken))} different messages arrived of {count}")
    if len(box.taken) - count > deaths:
        raise Violation(f"{len(box.taken) - count} arrived twice, though a relay died only {deaths} times")
