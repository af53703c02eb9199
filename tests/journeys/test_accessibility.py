"""What a machine can tell of accessibility, on every main page; and no page scrolls sideways on a phone."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.journeys.pages import PHONE, Person, report

pytestmark = pytest.mark.journey
PAGES = [
    "/desk/", "/issues/", "/issues/new/", "/cases/", "/powers/", "/red-lights/", "/notices/", "/units/",
    "/units/310112102/", "/organisations/", "/calendar/", "/messages/", "/me/",
]  # fmt: skip
GRAVE = ("serious", "critical")
WIDER = """() => [...document.querySelectorAll('body *')]
    .filter((one) => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
    .slice(0, 5).map((one) => one.outerHTML.slice(0, 120))"""


@pytest.fixture(scope="module")
def issue(portal: str, browser: Browser) -> str:
    """The address of an issue with a photo and a running clock."""
    with Person(browser, portal, "inspector") as inspector:
        number = report(inspector, address="吴中路近合川路")
        inspector.open(f"/issues/?q={number}").get_by_role("link", name=number).first.click()
        inspector.page.locator("#facts").wait_for()
        return inspector.page.url


@pytest.fixture(scope="module")
def officer(portal: str, browser: Browser) -> Iterator[Page]:
    with Person(browser, portal, "qibao_officer") as person:
        yield person.page


@pytest.fixture(scope="module")
def on_phone(portal: str, browser: Browser) -> Iterator[Page]:
    with Person(browser, portal, "qibao_officer", is_on_phone=True) as person:
        yield person.page


def test_the_sign_in_has_no_grave_barrier(page: Page) -> None:
    assert barriers_of(page, "/sign-in/") == []


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_no_grave_barrier(officer: Page, path: str) -> None:
    assert barriers_of(officer, path) == []


def test_an_issue_and_the_form_of_a_case_have_no_grave_barrier(officer: Page, issue: str) -> None:
    assert barriers_of(officer, issue) == []
    assert barriers_of(officer, f"/cases/new/?issue={issue.rstrip('/').rpartition('/')[2]}") == []


@pytest.mark.parametrize("path", PAGES)
def test_a_page_does_not_scroll_sideways_on_a_phone(on_phone: Page, path: str) -> None:
    assert widest_of(on_phone, path) <= PHONE["width"], on_phone.evaluate(WIDER)


def test_an_issue_does_not_scroll_sideways_on_a_phone(on_phone: Page, issue: str) -> None:
    assert widest_of(on_phone, issue) <= PHONE["width"], on_phone.evaluate(WIDER)


def barriers_of(page: Page, path: str) -> list[str]:
    """What axe calls serious or critical there: the rule and the first places."""
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == 200, f"{path} answered {answer.status}"
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {[node['html'][:120] for node in one['nodes'][:3]]}" for one in found if one["impact"] in GRAVE
    ]


def widest_of(page: Page, path: str) -> int:
    """How wide the page is, in pixels."""
    page.goto(path)
    return int(page.evaluate("document.documentElement.scrollWidth"))
