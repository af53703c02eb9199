"""An enforcement case is opened from an issue and filed by three persons, each in a browser of their own."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.pages import Person, choose, expect_status, report

pytestmark = pytest.mark.journey


def test_a_case_is_requested_endorsed_and_filed_by_three_persons(portal: str, browser: Browser) -> None:
    with Person(browser, portal, "inspector") as inspector:
        issue = report(inspector, address="漕宝路近新镇路")

    with Person(browser, portal, "qibao_officer") as officer:
        address = open_case(officer, issue)
        officer.press("报请执法立案")
        expect_status(officer.page, "待审核")
    with Person(browser, portal, "qibao_leader") as leader:
        leader.open(address)
        leader.press("审核同意立案")
        expect_status(leader.page, "待批准")
    with Person(browser, portal, "deputy") as deputy:
        deputy.open(address)
        deputy.press("批准执法立案")
        number = filed_number(deputy.page)

    with Person(browser, portal, "qibao_officer2") as second:
        second.open("/cases/")
        second.page.get_by_title(number).click()
        expect(second.page.locator("#record")).to_contain_text("批准执法立案")
        expect(second.page.locator("main")).to_contain_text("90")


def open_case(officer: Person, issue: str) -> str:
    """From the page of the issue, under a power of the list; answers the address of the case."""
    officer.open(f"/issues/?q={issue}").get_by_role("link", name=issue).first.click()
    page = officer.page
    page.get_by_role("link", name="开立执法案件").click()
    choose(page, "权力事项", "设摊")
    page.get_by_label("当事人姓名或名称").fill(f"张三（{issue}）")
    page.get_by_label("协办人员").select_option(label="七宝队员乙")
    page.get_by_role("button", name="开立执法案件").click()
    expect(page.get_by_role("status").filter(has_text="已登记")).to_be_visible()
    return page.url.partition("?")[0]


def filed_number(page: Page) -> str:
    """The filing number, as the head of the page shows it once the case is filed."""
    expect(page.locator(".lede")).to_contain_text("已立案")
    found = re.search(r"沪闵城管\S*?〔\d{4}〕\S*?\d+号", page.locator(".lede").inner_text())
    assert found, page.locator(".lede").inner_text()
    return found.group()
