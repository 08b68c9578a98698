"""The page fits phones, tablets and desktops, either reading direction, light and dark, and its controls can be hit."""

import pytest
import pytest_asyncio
from playwright.async_api import FloatRect, Locator, Page, expect

from bot.standin.people import Person
from tests.browser.conftest import OpenPage
from tests.browser.lender_side import a_full_view
from tests.browser.site import Site

#: Least height of a control on a phone, in CSS pixels.
LEAST_HEIGHT = 40

LOW_CONTROLS = """least => [...document.querySelectorAll("a, button, input, select, textarea, summary")]
  .filter(node => node.checkVisibility({visibilityProperty: true}) && !node.closest(".bubble-text"))
  .map(node => [node.outerHTML.slice(0, 80), node.getBoundingClientRect().height])
  .filter(([, height]) => height < least)"""

#: The page's width, and the parts with more in them than fits across.
OVERFLOW = """() => [
  document.documentElement.scrollWidth,
  [...document.querySelectorAll(".people, .log, .lender-body, .table-frame")]
    .filter(part => part.scrollWidth > part.clientWidth).map(part => part.className)]"""


async def box(locator: Locator) -> FloatRect:
    found = await locator.bounding_box()
    assert found is not None
    return found


@pytest_asyncio.fixture(loop_scope="session")
async def rich_talk(site: Site, xiaoming: Person) -> Person:
    """A talk with long words, wide buttons, a keyboard, and something in each section of the panel."""
    site.lender.views["B1"] = a_full_view()
    site.standin.add_person(
        "Priya " + "Venkatasubramanian" * 3,
        "+919876543210",
        about={"summary": "45 days past due, " + "INR 18,400.00 " * 5},
    )
    await xiaoming.start("tok-1")
    await site.bot_says(
        xiaoming,
        "https://lender.example/" + "a-very-long-path/" * 20,
        keys=[["我会还款", "需要延期"], ["A long label that has to wrap somewhere on a phone"]],
    )
    await xiaoming.say("x" * 300)
    await site.bot_says(
        xiaoming, "?", reply_markup={"keyboard": [[{"text": "分享我的联系方式", "request_contact": True}]]}
    )
    return xiaoming


@pytest.mark.parametrize("width", [320, 360, 768, 1440])
async def test_nothing_scrolls_sideways(open_page: OpenPage, rich_talk: Person, width: int) -> None:
    page = await open_page(width=width, height=740)
    await expect(page.get_by_role("link", name="王小明")).to_be_visible()
    assert await page.evaluate(OVERFLOW) == [width, []]

    await page.get_by_role("link", name="王小明").click()
    await expect(page.locator(".message")).to_have_count(4)
    assert await page.evaluate(OVERFLOW) == [width, []]

    if await page.locator("#open-lender").is_visible():
        await page.locator("#open-lender").click()
    await expect(page.locator(".rows-why")).to_be_visible()
    assert await page.evaluate(OVERFLOW) == [width, []]


async def test_every_control_on_a_phone_is_at_least_40_px_high(open_page: OpenPage, rich_talk: Person) -> None:
    page = await open_page(width=360, height=740)
    assert await page.evaluate(LOW_CONTROLS, LEAST_HEIGHT) == []
    await page.get_by_role("link", name="王小明").click()
    await expect(page.get_by_role("button", name="分享我的联系方式")).to_be_visible()
    await page.get_by_role("button", name="Send something else").click()
    assert await page.evaluate(LOW_CONTROLS, LEAST_HEIGHT) == []
    await page.keyboard.press("Escape")
    await page.locator("#open-lender").click()
    await expect(page.get_by_role("button", name="Show all 8")).to_be_visible()
    assert await page.evaluate(LOW_CONTROLS, LEAST_HEIGHT) == []


async def test_a_phone_shows_one_thing_at_a_time_and_a_desktop_all_three(
    open_page: OpenPage, rich_talk: Person
) -> None:
    phone = await open_page(width=360, height=740)
    await expect(phone.locator(".chat")).to_be_hidden()
    await phone.get_by_role("link", name="王小明").click()
    await expect(phone.locator(".chat")).to_be_visible()
    await expect(phone.locator(".people")).to_be_hidden()
    await expect(phone.locator("#lender")).to_be_hidden()
    await phone.get_by_role("button", name="Back to the borrowers").click()
    await expect(phone.get_by_role("link", name="王小明")).to_be_focused()

    desktop = await open_page(f"#/person/{rich_talk.user_id}")
    people, chat, lender = [await box(desktop.locator(part)) for part in (".people", ".chat", "#lender")]
    assert people["x"] == 0
    assert people["x"] + people["width"] == chat["x"]
    assert chat["x"] + chat["width"] == lender["x"]
    assert lender["x"] + lender["width"] == 1440


@pytest.mark.parametrize("width", [360, 768])
async def test_the_sheet_is_modal_and_escape_gives_focus_back(
    open_page: OpenPage, rich_talk: Person, width: int
) -> None:
    page = await open_page(f"#/person/{rich_talk.user_id}", width=width, height=740)
    opener = page.locator("#open-lender")
    await expect(opener).to_have_text("What the lender sees 10:00")
    await opener.press("Enter")
    sheet = page.get_by_role("dialog", name="What the lender sees")
    await expect(sheet.get_by_role("heading", name="What the lender sees")).to_be_focused()
    for _ in range(30):
        await page.keyboard.press("Tab")
        assert await page.evaluate(
            "document.activeElement === document.body || document.activeElement.closest('#lender') !== null"
        )
    await page.keyboard.press("Escape")
    await expect(sheet).to_be_hidden()
    await expect(opener).to_be_focused()
    await opener.click()
    await page.mouse.click(5, 5)
    await expect(sheet).to_be_hidden()


async def test_a_page_written_from_right_to_left_is_mirrored(open_page: OpenPage, rich_talk: Person) -> None:
    page = await open_page(f"?dir=rtl#/person/{rich_talk.user_id}")
    await expect(page.locator(".message.mine")).to_have_count(2)
    people, chat, lender = [await box(page.locator(part)) for part in (".people", ".chat", "#lender")]
    assert lender["x"] == 0
    assert lender["x"] + lender["width"] == chat["x"]
    assert chat["x"] + chat["width"] == people["x"]
    theirs, mine = await box(page.locator(".message.theirs").last), await box(page.locator(".message.mine").first)
    assert theirs["x"] + theirs["width"] > mine["x"] + mine["width"]
    send, attach = await box(page.locator(".send")), await box(page.locator("#attach-button"))
    assert send["x"] < attach["x"]


async def test_each_bubble_takes_its_direction_from_its_text(chat: Page, site: Site, xiaoming: Person) -> None:
    await site.bot_says(xiaoming, "مرحبًا، المبلغ 850.00 SAR")
    await site.bot_says(xiaoming, "您好")
    directions = "nodes => nodes.map(node => getComputedStyle(node).direction)"
    await expect(chat.locator(".message.theirs")).to_have_count(2)
    assert await chat.locator(".theirs .bubble-text").evaluate_all(directions) == ["rtl", "ltr"]


async def test_the_theme_follows_the_device_until_it_is_switched(open_page: OpenPage) -> None:
    page = await open_page(scheme="dark")
    ground = "getComputedStyle(document.querySelector('.people')).backgroundColor"
    assert await page.evaluate(ground) == "rgb(21, 29, 28)"
    await page.get_by_role("button", name="Light or dark").click()
    assert await page.evaluate(ground) == "rgb(255, 255, 255)"
    await page.reload()
    await expect(page.locator("body[data-ready]")).to_be_visible()
    assert await page.evaluate(ground) == "rgb(255, 255, 255)"


async def test_the_newest_message_is_in_view_and_one_who_reads_old_ones_is_not_pulled_away(
    chat: Page, site: Site, xiaoming: Person
) -> None:
    for number in range(30):
        await site.bot_says(xiaoming, f"Line {number}")
    await expect(chat.get_by_text("Line 29")).to_be_in_viewport()
    await chat.locator("#log").evaluate("log => { log.scrollTop = 0; }")
    await expect(chat.get_by_role("button", name="To the newest message")).to_be_visible()
    await site.bot_says(xiaoming, "Line 30")
    await expect(chat.get_by_text("Line 30")).not_to_be_in_viewport()
    await chat.get_by_role("button", name="To the newest message").click()
    await expect(chat.get_by_text("Line 30")).to_be_in_viewport()
