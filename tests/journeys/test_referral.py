"""Nobody heeds urging and supervision: two persons refer it, district supervision answers, the unit acts."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from config.launcher.places import ROOT
from tests.conftest import RunningPortal
from tests.journeys.pages import Person, expect_status, moves
from tests.journeys.test_red_light import WHOLE_LADDER, names, neglected, wait_until

pytestmark = pytest.mark.journey
WHOLE_PACK = "the pack is whole and as it was signed"


def test_from_the_red_light_to_the_answer_of_district_supervision(
    portal: RunningPortal, browser: Browser, tmp_path: Path
) -> None:
    issue = neglected(portal, hours=24 * 21)
    number = issue["number"]
    wait_until(lambda: names(portal, issue) == WHOLE_LADDER)

    with Person(browser, portal, "supervisor") as supervisor:
        papers = papers_of(supervisor, number)
        assert [kind for kind, _url in papers] == ["督办通知书", "催办通知书"]
        for _kind, url in papers:
            expect_pdf(supervisor, f"{url}pdf/")
        address = propose(supervisor, number)
    with Person(browser, portal, "district") as district:
        assert district.page.goto(address).status == 404  # type: ignore[union-attr]
    with Person(browser, portal, "deputy") as deputy:
        deputy.open(address)
        act(deputy, "批准移送")
        expect_status(deputy.page, "已移送")
        letter = deputy.page.locator("h1").inner_text().strip()
        assert re.search(r"闵城管移〔\d{4}〕\d+号", letter)

    with Person(browser, portal, "district") as district:
        district.open("/packages/").get_by_role("link", name=letter).click()
        expect_pdf(district, f"{address}letter/")
        expect_whole_pack(district, portal, tmp_path / "pack.zip")
        act(district, "签收")
        expect_status(district.page, "已签收")
        act(district, "责令整改", words="限期清除，并查明未处置原因。", days="3")
        expect_status(district.page, "责令整改")
        district.page.get_by_role("link", name=f"打开 {number}").click()
        expect(district.page.locator("main")).to_contain_text("无人处置路1号")
    with Person(browser, portal, "qibao_leader") as leader:
        leader.open(address)
        expect(leader.page.locator("main")).to_contain_text("限期清除")
        expect_pdf(leader, f"{address}letter/")
        act(leader, "上报整改情况", note="已清除，责任人已谈话。")
    with Person(browser, portal, "district") as district:
        district.open(address)
        act(district, "确认整改")
        expect_status(district.page, "已了结")


def papers_of(person: Person, number: str) -> list[tuple[str, str]]:
    """Kind and address of each notice about the issue, the newest first."""
    rows = person.open("/notices/").get_by_role("row").filter(has_text=number)
    expect(rows).to_have_count(2)
    kinds = [re.search(r"(催办|督办)通知书", row.inner_text()) for row in rows.all()]
    links = [row.get_by_role("link").first.get_attribute("href") for row in rows.all()]
    return [(kind.group() if kind else "", str(link)) for kind, link in zip(kinds, links, strict=True)]


def propose(supervisor: Person, number: str) -> str:
    """From the list of what waits for a decision; answers the address of the referral."""
    supervisor.open("/referrals/").get_by_role("row").filter(has_text=number).get_by_role("link").first.click()
    act(supervisor, "移送区监督机构", reason="两次整改期满均未反馈", words="经催办、督办仍未处置。")
    expect_status(supervisor.page, "待批准")
    return supervisor.page.url.partition("?")[0]


def act(person: Person, button: str, **fields: str) -> None:
    """Make a move on the page: open its form where it is folded, fill it, press its button."""
    panel = moves(person.page)
    folded = panel.locator("details.move > summary").filter(has_text=button)
    if folded.count():
        folded.first.click()
    form = panel.locator("form").filter(has=person.page.get_by_role("button", name=re.compile(button))).first
    for name, value in fields.items():
        fill(form.locator(f"[name={name}]"), value)
    form.get_by_role("button", name=re.compile(button)).click()


def fill(field: Locator, value: str) -> None:
    if field.evaluate("one => one.tagName") == "SELECT":
        field.select_option(label=value)
    else:
        field.fill(value)


def expect_pdf(person: Person, url: str) -> None:
    answer = person.context.request.get(url)
    assert answer.status == 200, url
    assert answer.body().startswith(b"%PDF-"), url


def expect_whole_pack(district: Person, portal: RunningPortal, path: Path) -> None:
    """Downloaded by a click, and checked by the command of the manual."""
    with district.page.expect_download() as download:
        district.page.get_by_role("link", name="移送材料包").click()
    download.value.save_as(path)
    words = [sys.executable, "manage.py", "verify_pack", str(path)]
    done = subprocess.run(words, env=portal.environment, cwd=ROOT, capture_output=True, text=True, check=False)
    assert WHOLE_PACK in done.stdout, done.stderr
