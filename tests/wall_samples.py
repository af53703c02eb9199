"""What the wall test needs to know of each room: a row of a unit, and how its address is made.

A new route with a parameter needs one line here: in ROWS when a row belongs to a unit, in SHARED when everybody who
is signed in may read it, in OPEN when everybody in the world may. Keys are what stands before the first parameter,
without `api/v1/`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from bureau.desk import jobs
from bureau.desk.models import Clock, ClockRequest, Delivery, Document, Job, Notice, Subscription, TrailRoot
from bureau.desk.notices import post_notice
from bureau.desk.outbox.subscriptions import subscribe
from bureau.desk.requests import Asked, ask
from bureau.desk.sealing.sealer import seal
from bureau.models import Officer, Role, Unit
from grid.actions import Caller
from grid.models import Issue
from oversight.models import Paper, PaperDraft, ReferralCandidate
from tests.bureau.outbox import kit as outbox
from tests.make import bureau as make
from tests.make import cases as make_cases
from tests.make import grid as make_grid
from tests.make import oversight as make_oversight


@dataclass(frozen=True)
class Row:
    """`make(unit)` gives a row of that unit; `names(row)` every parameter that its addresses use.

    `marker(row)` is text that betrays the row wherever it shows. `readers` are roles of its unit, of which one may
    open it; `owner(row)` is the one person who may, where a row is its maker's alone.
    """

    make: Callable[[Unit], Model]
    names: Callable[[Any], Mapping[str, Any]]
    marker: Callable[[Any], str]
    readers: tuple[Role, ...] = (Role.SQUAD_LEADER, Role.OPERATOR, Role.SHIFT_LEADER, Role.DIRECTOR)
    owner: Callable[[Any], Officer] | None = None


def issue_with_a_reporter(unit: Unit) -> Issue:
    """Accepted, so that one of its moves has a page of its own."""
    return make_grid.issue_in("accepted", unit, reporter=Caller("张三", "13800000000"))


def request_about_an_issue(unit: Unit) -> ClockRequest:
    issue = make_grid.issue_in("handling", unit)
    asked = Asked("extension", "evidence", amount="1")
    return ask(issue, asked, by=make_grid.crew(unit)["squad_leader"], at=make_grid.minutes(9))


def clock_of_an_issue(unit: Unit) -> Clock:
    return make_grid.dispatched_issue(unit).clocks.running().get()


def photo_of_an_issue(unit: Unit) -> Document:
    photo = make_grid.handled_issue(unit).photos.first()
    assert photo is not None
    return photo


def draft_about_an_issue(unit: Unit) -> PaperDraft:
    make_oversight.real_calendar()
    return make_oversight.drafted(unit)


def paper_to_a_squad(unit: Unit) -> Paper:
    make_oversight.real_calendar()
    return make_oversight.urging_paper(unit)


def referral_about_a_squad(unit: Unit) -> ReferralCandidate:
    make_oversight.real_calendar()
    return make_oversight.handed_over(unit)


def message_to_a_squad(unit: Unit) -> Notice:
    issue = make_grid.dispatched_issue(unit)
    told = {"to_organisation": make.squad(unit), "to_role": Role.SQUAD_LEADER}
    post_notice(issue, "wall", at=make_grid.minutes(9), dedupe_key=f"wall {issue.pk}", **told)
    notice = Notice.objects.get(dedupe_key=f"wall {issue.pk}")
    Notice.objects.filter(pk=notice.pk).update(sent_at=make_grid.minutes(9))
    return notice


def root_over_an_issue(unit: Unit) -> TrailRoot:
    make_grid.dispatched_issue(unit)
    root = seal(at=make_grid.minutes(9))
    assert root is not None
    return root


def job_of_a_squad_leader(unit: Unit) -> Job:
    return jobs.order("wall", key="wall", facts={}, by=make.officer(unit, Role.SQUAD_LEADER), at=make_grid.minutes(9))


def webhook_of_a_squad(unit: Unit) -> Subscription:
    admin = make.officer(None, Role.SYSADMIN)
    return subscribe(make.squad(unit), "https://system.example.org/", by=admin, at=make_grid.minutes(9))


def delivery_to_a_leader(unit: Unit) -> Delivery:
    issue, leader = make_grid.dispatched_issue(unit), make.officer(unit, Role.SQUAD_LEADER)
    return outbox.queued(issue, leader, f"wall {issue.pk}")


ROWS: dict[str, Row] = {
    "issues/": Row(
        make=issue_with_a_reporter,
        names=lambda issue: {"pk": issue.pk, "verb": "void", "kind": "void"},
        marker=lambda issue: issue.number,
    ),
    "cases/": Row(
        make=make_cases.opened_case,
        names=lambda case: {"pk": case.pk, "verb": "withdraw"},
        marker=lambda case: str(case.pk),
    ),
    "notices/": Row(
        make=paper_to_a_squad,
        names=lambda paper: {"pk": paper.pk},
        marker=lambda paper: paper.number,
    ),
    "notices/scans/pages/": Row(
        make=lambda unit: make_oversight.waiting_page(),
        names=lambda page: {"pk": page.pk},
        marker=lambda page: str(page.pk),
    ),
    "notices/drafts/": Row(
        make=draft_about_an_issue,
        names=lambda draft: {"pk": draft.pk},
        marker=lambda draft: str(draft.pk),
    ),
    "referrals/": Row(
        make=referral_about_a_squad,
        names=lambda referral: {"pk": referral.pk, "verdict": "confirm"},
        marker=lambda referral: str(referral.pk),
    ),
    "requests/": Row(
        make=request_about_an_issue,
        names=lambda request: {"pk": request.pk},
        marker=lambda request: str(request.pk),
    ),
    "clocks/": Row(
        make=clock_of_an_issue,
        names=lambda clock: {"pk": clock.pk},
        marker=lambda clock: str(clock.pk),
    ),
    "documents/": Row(
        make=photo_of_an_issue,
        names=lambda photo: {"pk": photo.pk},
        marker=lambda photo: str(photo.pk),
    ),
    "jobs/": Row(
        make=job_of_a_squad_leader,
        names=lambda job: {"pk": job.pk},
        marker=lambda job: str(job.pk),
        owner=lambda job: job.asked_by,
    ),
    "outbox/webhooks/": Row(
        make=webhook_of_a_squad,
        names=lambda webhook: {"pk": webhook.pk},
        marker=lambda webhook: str(webhook.pk),
        readers=(Role.SYSADMIN,),
    ),
    "outbox/": Row(
        make=delivery_to_a_leader,
        names=lambda delivery: {"pk": delivery.pk},
        marker=lambda delivery: str(delivery.pk),
        readers=(Role.SYSADMIN,),
    ),
    "trail/roots/": Row(
        make=root_over_an_issue,
        names=lambda root: {"pk": root.digest, "n": root.n},
        marker=lambda root: root.digest,
        readers=(Role.AUDITOR, Role.DISTRICT_SUPERVISION),
    ),
    "messages/": Row(
        make=message_to_a_squad,
        names=lambda notice: {"pk": notice.pk},
        marker=lambda notice: str(notice.pk),
    ),
}

SHARED: dict[str, str] = {
    "bulletins/": "the ranking of all units; which rows stand in it is asked for each reader (bulletins.shown_to)",
    "codes/": "statuses, reasons and error codes are the language of the portal",
    "rules/": "the figures by which everybody works, and the changes of them",
    "rules/changes/": "who proposed a change, who enacted it, and why",
    "calendar/": "when the district works",
    "figures/": "an indicator; its numbers are those of the reach of whoever asks",
    "powers/": "the list of powers is for everybody",
    "power-lists/": "its editions as well",
    "handbook/": "and the handbook to it",
    "units/": "who serves which territory; what stands on the page is scoped by its panels",
    "organisations/": "who belongs to whom",
    "officers/": "who serves where",
}

OPEN: dict[str, str] = {
    **{
        f"open311/{rest}": "GeoReport v2 is public: what it tells has no persons, what it takes needs a key"
        for rest in (
            "discovery.",
            "v2/discovery.",
            "v2/services.",
            "v2/services/",
            "v2/requests.",
            "v2/requests/",
            "v2/tokens/",
            "v2/servicerequestupdates.",
        )
    },
    "healthz": "alive or not, nothing else",
    "readyz": "ready or not, for the proxy",
    "metrics": "loopback or token, by its own rule",
    "i18n/setlang/": "the choice of language, before and after sign-in",
    "sign-in/": "the door",
    "sign-out/": "leaving asks for nothing",
    "api/schema/": "the description of the API holds no data",
    "api/docs/": "the same, readable",
    "": "the public door",
    "trail/headers.jsonl": "signed headers of the roots are published, so that anybody may keep them",
    "trail/keys.json": "public keys are public",
    "trail/verifier.pyz": "and so is the program that checks with them",
    "bind/wecom/": "the telephone that scanned a one-time code; it is told nothing but done or not",
    "verify/": "whoever holds a paper may ask whether it is ours; the page never says what stands in it",
    "welcome/": "the sign-in link of a first account, which works once",
    "powers/": "the list of powers is published by law",
}

# Lists that rightly show rows of every unit to everybody who may open them.
SHOWS_EVERY_UNIT: dict[str, str] = {}
