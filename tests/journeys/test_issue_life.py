"""A problem's whole life, each step by the person whose step it is, in a real browser, from that person's desk."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.pages import PHONE, Person, moves, picture, report

pytestmark = pytest.mark.journey


def test_a_problem_is_reported_handled_verified_by_someone_else_and_closed(portal: str, browser: Browser) -> None:
    with Person(browser, portal, "inspector") as inspector:
        number = report(inspector, address="七莘路近漕宝路")
        expect(inspector.page.locator("#photos img").first).to_be_visible()

    with Person(browser, portal, "operator") as operator:
        operator.do(number, "受理", "已受理")
    with Person(browser, portal, "shift") as shift:
        shift.do(number, "网格立案", "已网格立案")
    with Person(browser, portal, "dispatcher") as dispatcher:
        dispatcher.do(number, "派遣给.*七宝", "已派遣")
    with Person(browser, portal, "qibao_leader") as leader:
        leader.find_on_desk(number)
        moves(leader.page).get_by_label("七宝队员甲").check()
        leader.press("接单")
        expect(leader.page.locator(".lede")).to_contain_text("处置中")
    with Person(browser, portal, "qibao_officer", is_on_phone=True) as officer:
        feed_back(officer, number)
    with Person(browser, portal, "operator") as operator:
        operator.do(number, "核查", "核查中")
    with Person(browser, portal, "inspector2") as other:
        other.do(number, "通过.*核查|核查通过", "核查通过")
    with Person(browser, portal, "shift") as shift:
        shift.do(number, "结案", "已结案")
        record = shift.page.locator("#record")
        for act in ("上报", "受理", "网格立案", "派遣", "接单", "反馈", "核查通过", "结案"):
            expect(record).to_contain_text(act)
        expect(shift.page.locator("#photos img")).to_have_count(2)


def feed_back(officer: Person, number: str) -> None:
    """On a phone of 390 pixels: everything within its width, the result fed back with a photo from after."""
    page = officer.find_on_desk(number)
    wide = page.evaluate("document.documentElement.scrollWidth")
    form = moves(page)
    form.get_by_label("处置后照片").set_input_files(picture("seagreen", "after.jpg"))
    form.get_by_label("已解决", exact=True).check()
    officer.press("反馈")

    expect(page.locator(".lede")).to_contain_text(re.compile("已反馈|已处置"))
    assert wide <= PHONE["width"]
