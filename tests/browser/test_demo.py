"""What one sees who runs the demo for the first time: the page on the whole product, with nothing faked."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest_asyncio
from playwright.async_api import Page, expect

from bot.demo.running import demo
from bot.jobs.clock import MovableClock
from tests.browser.conftest import OpenPage

#: A Wednesday, at noon in London.
START = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def demo_url() -> AsyncIterator[str]:
    """One demo for all: each test is another borrower, and the one that moves the clock comes last."""
    async with demo(port=0, clock=MovableClock(START)) as running:
        yield running.url


async def prove_identity(page: Page, name: str) -> None:
    await page.get_by_role("link", name=name).click()
    await page.get_by_role("button", name="Start", exact=True).click()
    await page.get_by_role("group").get_by_role("button", name="Share my number").click()
    await expect(page.locator("#lender-body")).to_contain_text("Identity proven")
    await expect(page.get_by_role("button", name="Promise a payment")).to_be_visible()


async def test_a_promise_is_made_and_kept_before_the_lenders_eyes(open_page: OpenPage, demo_url: str) -> None:
    page = await open_page(root=demo_url)
    await expect(page.locator(".person")).to_have_count(13)
    await prove_identity(page, "Sam")
    await expect(page.locator(".message.theirs").last).to_contain_text("£95.00")

    await page.locator("#text").fill("I'll pay 95 on Friday")
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="Confirm").click()
    promise = page.locator(".rows-commitments .row")
    await expect(promise).to_contain_text("Promise to pay")
    await expect(promise).to_contain_text("£95.0027 Nov 2026")
    reference = await promise.locator(".reference").inner_text()
    await expect(page.locator(".message.theirs").last).to_contain_text(f"Reference: {reference}")
    await expect(page.locator(".edited")).to_have_count(0)

    await page.get_by_role("button", name="Post a payment").click()
    await expect(page.locator("#toast")).to_contain_text("Payment of GBP 95.00 posted")
    await expect(promise).to_contain_text("kept")
    await expect(page.get_by_role("link", name="Sam")).to_contain_text("Due in 31 days")


async def test_the_whole_page_is_in_chinese_for_a_chinese_reader(open_page: OpenPage, demo_url: str) -> None:
    page = await open_page(root=demo_url, locale="zh-CN")
    await page.get_by_role("link", name="Wei").click()
    await page.get_by_role("button", name="开始", exact=True).click()
    await expect(page.locator(".message.theirs .bubble-text").first).to_have_attribute("lang", "zh-Hans")
    panel = page.locator("#lender-body")
    await expect(panel).to_contain_text("逾期 3 天")
    await expect(panel).to_contain_text("身份尚未核实")
    await expect(panel).not_to_contain_text("past due")


async def test_moving_the_clock_brings_the_reminder_and_says_what_was_withheld_and_why(
    open_page: OpenPage, demo_url: str
) -> None:
    page = await open_page(root=demo_url)
    await prove_identity(page, "Jo")
    reminders = page.locator(".rows-deliveries .row").filter(has_text="Remindersent")
    time = page.locator("#clock-now")
    for _ in range(4):  # quiet hours and weekends may put it off
        before = await time.inner_text()
        await page.get_by_role("button", name="To next event").click()
        await expect(time).not_to_have_text(before)
        if await reminders.count():
            break
    await expect(reminders.first).to_contain_text("$180.00")
    await expect(page.locator(".message.theirs").last).to_contain_text("$180.00")

    await page.get_by_role("link", name="Tess").click()
    withheld = page.locator(".rows-deliveries .row").filter(has_text="Reminderwithheld").first
    await expect(withheld).to_contain_text("There is no chat yet")
