"""No accessibility rule that axe-core knows is broken, in any state that people see first, light and dark."""

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from bot.standin.people import Person
from tests.browser.conftest import OpenPage
from tests.browser.lender_side import a_full_view
from tests.browser.site import Site

AXE = (Path(__file__).parent / "vendor" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


async def findings(page: Page) -> list[Any]:
    """Each broken rule with the elements that break it."""
    await page.evaluate(AXE)
    found = await page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    return [(rule["id"], [node["target"] for node in rule["nodes"]]) for rule in found["violations"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1440])
async def test_no_rule_is_broken(
    open_page: OpenPage, site: Site, xiaoming: Person, mary: Person, scheme: str, width: int
) -> None:
    site.lender.views["B1"] = a_full_view()
    await mary.start()
    await site.bot_says(mary, "Hello")
    page = await open_page(width=width, height=740, scheme=scheme)
    await expect(page.get_by_role("link", name="Mary Jones")).to_contain_text("1 unread message")
    assert await findings(page) == []

    await page.get_by_role("link", name="王小明").click()
    await expect(page.locator("#start")).to_be_visible()
    assert await findings(page) == []

    await xiaoming.start("tok-1")
    styles = [{"text": style, "callback_data": style, "style": style} for style in ("primary", "danger", "success")]
    await site.bot_says(
        xiaoming, '<b>CNY 500.00</b> <code>K7</code> <a href="https://lender.example">x</a> <tg-spoiler>s</tg-spoiler>',
        parse_mode="HTML", reply_markup={"inline_keyboard": [styles, [{"text": "copy", "copy_text": {"text": "K7"}}]]},
    )  # fmt: skip
    await site.bot("sendChatAction", chat_id=xiaoming.user_id, action="typing")
    await expect(page.get_by_role("button", name="success")).to_be_visible()
    assert await findings(page) == []

    if width == 360:
        await page.locator("#open-lender").click()
        await expect(page.get_by_role("dialog", name="What the lender sees")).to_be_visible()
        assert await findings(page) == []
