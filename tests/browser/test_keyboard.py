"""The whole demo without a mouse: choose a borrower, talk, press the bot's buttons, use menus and the lender's panel."""

from playwright.async_api import Page, expect

from bot.standin.people import Person
from tests.browser.conftest import OpenPage
from tests.browser.site import Site

FOCUSED = "(document.activeElement.getAttribute('aria-label') || document.activeElement.innerText || document.activeElement.id).trim()"


async def tab_to(page: Page, wanted: str, key: str = "Tab") -> None:
    """Presses Tab until the focused control is called `wanted`; fails after two rounds' worth of presses."""
    passed = []
    for _ in range(60):
        await page.keyboard.press(key)
        passed.append(await page.evaluate(FOCUSED))
        if passed[-1].startswith(wanted):
            return
    raise AssertionError(f"{wanted!r} was not reached; passed {passed}")


async def test_a_talk_by_keyboard_alone(open_page: OpenPage, site: Site, xiaoming: Person) -> None:
    page = await open_page()
    await tab_to(page, "王")
    await page.keyboard.press("Enter")
    await expect(page.locator("#start")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator("#text")).to_be_focused()
    await page.keyboard.type("我周五还500")
    await page.keyboard.press("Enter")
    await expect(page.locator(".message.mine").last).to_contain_text("我周五还500")

    await site.bot_says(xiaoming, "请确认", keys=[["确认", "修改"]])
    await expect(page.get_by_role("button", name="确认")).to_be_visible()
    await tab_to(page, "确认", "Shift+Tab")
    await page.keyboard.press("Space")
    query = await site.next_update("callback_query")
    assert query["data"] == "确认"
    await site.bot("answerCallbackQuery", callback_query_id=query["id"], text="已记录")
    await expect(page.locator("#toast")).to_have_text("已记录")
    await expect(page.get_by_role("button", name="确认")).to_be_focused()

    await tab_to(page, "+1 day")
    await page.keyboard.press("Enter")
    await expect(page.locator(".clock-face")).to_contain_text("Thu, 5 Mar 2026, 10:00")
    await expect(page.get_by_role("button", name="+1 day")).to_be_focused()


async def test_a_menu_by_keyboard(chat: Page, site: Site) -> None:
    await site.next_update("message")  # /start
    await chat.get_by_role("button", name="Send something else").press("Enter")
    await expect(chat.get_by_role("button", name="A photo")).to_be_focused()
    await chat.keyboard.press("ArrowDown")
    await chat.keyboard.press("ArrowDown")
    await expect(chat.get_by_role("button", name="A sticker")).to_be_focused()
    await chat.keyboard.press("Escape")
    await expect(chat.get_by_role("button", name="A sticker")).to_be_hidden()
    await expect(chat.get_by_role("button", name="Send something else")).to_be_focused()
    await chat.keyboard.press("Enter")
    await chat.keyboard.press("ArrowUp")
    await chat.keyboard.press("Enter")
    contact = (await site.next_update("message"))["contact"]
    assert "user_id" not in contact
    await expect(chat.get_by_role("button", name="Send something else")).to_be_focused()


async def test_focus_is_always_visible(open_page: OpenPage, site: Site, xiaoming: Person) -> None:
    page = await open_page(f"#/person/{xiaoming.user_id}")
    unmarked = set()
    for _ in range(30):
        await page.keyboard.press("Tab")
        marked = await page.evaluate(
            "document.activeElement === document.body || parseFloat(getComputedStyle(document.activeElement).outlineWidth) >= 2"
        )
        if not marked:
            unmarked.add(await page.evaluate(FOCUSED))
    assert unmarked == set()
