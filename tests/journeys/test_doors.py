"""The sign-in, the language, and what becomes of those who may not come in."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.pages import Person, try_to_sign_in

pytestmark = pytest.mark.journey


def test_a_wrong_password_is_refused_and_the_name_stays(page: Page) -> None:
    page.goto("/sign-in/")

    try_to_sign_in(page, "inspector", "not-the-password")

    expect(page.get_by_role("alert").first).to_contain_text("不对")
    expect(page.get_by_label("工号或者手机号")).to_have_value("inspector")
    expect(page).to_have_url(re.compile("/sign-in/"))


def test_a_stranger_is_sent_to_the_sign_in_and_then_to_where_they_wanted_to_go(page: Page) -> None:
    page.goto("/issues/")

    try_to_sign_in(page, "inspector", "demo-2015")

    expect(page).to_have_url(re.compile("/issues/$"))


def test_whoever_signs_out_is_out(portal: str, browser: Browser) -> None:
    with Person(browser, portal, "operator") as operator:
        operator.page.locator("details[data-menu] summary").click()
        operator.page.get_by_role("button", name="退出登录").click()
        expect(operator.page).not_to_have_url(re.compile("/desk/"))

        operator.page.goto("/desk/")

        expect(operator.page).to_have_url(re.compile("/sign-in/"))


def test_the_language_is_switched_and_stays_with_the_person(portal: str, browser: Browser) -> None:
    with Person(browser, portal, "supervisor2") as supervisor:
        switch_to(supervisor, "English")
        expect(supervisor.page.get_by_role("heading", level=1)).to_have_text("My desk")

    with Person(browser, portal, "supervisor2") as again:
        again.open("/issues/new/")
        expect(again.page.locator("html")).to_have_attribute("lang", "en")
        expect(again.page.get_by_role("button", name="Report this problem")).to_be_visible()
        switch_to(again, "中文")
        expect(again.page.get_by_role("button", name="上报这个问题")).to_be_visible()


def switch_to(person: Person, language: str) -> None:
    person.page.locator("details[data-menu] summary").click()
    person.page.get_by_role("button", name=language).click()
