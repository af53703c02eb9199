"""The pages as a person knows them: by the words on them."""

from __future__ import annotations

import io
import re
from types import TracebackType

from PIL import Image
from playwright.sync_api import Browser, FilePayload, Locator, Page, expect

PASSWORD = "demo-2015"
PATIENCE = 30_000  # milliseconds; the machine may be busy
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
expect.set_options(timeout=PATIENCE)


class Person:
    """Somebody at a browser of their own, signed in by the page; closes it when the `with` block ends."""

    def __init__(self, browser: Browser, portal: str, username: str, *, is_on_phone: bool = False) -> None:
        self.context = browser.new_context(
            base_url=str(portal),
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            viewport=PHONE if is_on_phone else DESKTOP,  # type: ignore[arg-type]
        )
        self.context.set_default_timeout(PATIENCE)
        self.page = self.context.new_page()
        sign_in(self.page, username)

    def __enter__(self) -> Person:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        error is None and self.context.close()

    def open(self, path: str) -> Page:
        """A page that must be there."""
        answer = self.page.goto(path)
        assert answer is not None
        assert answer.status == 200, f"{path} answered {answer.status}"
        return self.page

    def find_on_desk(self, number: str) -> Page:
        """What waits for me under this number, opened from my desk."""
        self.open("/desk/")
        self.page.get_by_role("link", name=f"办理 {number}").first.click()
        expect(self.page.locator(".lede")).to_contain_text(number)
        return self.page

    def press(self, words: str) -> None:
        """One of the buttons of what I can do now."""
        moves(self.page).get_by_role("button", name=re.compile(words)).first.click()

    def do(self, number: str, words: str, status: str) -> None:
        """Find it on the desk, press the button, see the new status."""
        self.find_on_desk(number)
        self.press(words)
        expect_status(self.page, status)


def sign_in(page: Page, username: str, password: str = PASSWORD) -> None:
    page.goto("/sign-in/")
    try_to_sign_in(page, username, password)
    expect(page).to_have_url(re.compile(r"/desk/$"))


def try_to_sign_in(page: Page, username: str, password: str) -> None:
    page.get_by_label("工号或者手机号").fill(username)
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录", exact=True).click()


def moves(page: Page) -> Locator:
    """The panel of what I can do now."""
    return page.get_by_role("region", name="我现在能办")


def expect_status(page: Page, words: str) -> None:
    expect(page.locator(".lede")).to_contain_text(words)


def choose(page: Page, label: str, words: str) -> None:
    """From a long list: type some words, take the first that is found."""
    typed = page.locator("input").and_(page.get_by_role("combobox", name=label))  # not the select it stands in for
    typed.fill(words)
    page.get_by_role("option", name=words).first.click()


def picture(colour: str, name: str) -> FilePayload:
    """A small real JPEG, as a phone would send it."""
    out = io.BytesIO()
    Image.new("RGB", (320, 240), colour).save(out, "JPEG")
    return {"name": name, "mimeType": "image/jpeg", "buffer": out.getvalue()}


def report(inspector: Person, *, address: str, kind: str = "C1") -> str:
    """Report a problem at a point of 七宝镇 with a photo from before; answers its number."""
    page = inspector.open("/issues/new/")
    page.get_by_label("照片").set_input_files(picture("firebrick", "before.jpg"))
    choose(page, "类型", kind)
    page.get_by_label("问题描述").fill("人行道上有流动摊贩数个，影响通行")
    page.get_by_label("纬度").fill(LATITUDE)
    page.get_by_label("经度").fill(LONGITUDE)
    page.get_by_label("地址").fill(address)
    page.get_by_role("button", name="上报这个问题").click()
    return page.locator(".received .number").inner_text().strip()


LATITUDE, LONGITUDE = "31.153", "121.352"
