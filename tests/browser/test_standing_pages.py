"""Pages that stand alone, calendar and gallery: nothing that axe-core knows is broken, nothing is wider than the screen."""

from pathlib import Path

import pytest
from playwright.async_api import Browser, ViewportSize

from bot.dialog.parse import parse_script
from bot.domain.holds import HoldKind
from bot.policy.forecast import forecast
from bot.texts.catalogs import Catalogs
from bot.web.calendar_page import calendar_page
from bot.web.gallery_page import gallery_pages
from tests.browser.test_accessibility import findings
from tests.unit.policy.cases import a_hold, a_situation, at, contact_policy, generic


def a_page() -> str:
    now = at("2025-02-27 08:00")
    hold = a_hold(HoldKind.DISPUTE, now, ends_at=at("2025-03-04 00:00"))
    situation = a_situation(now, holds=(hold,))
    days = forecast(situation, situation.loans[0], generic(), contact_policy("GLOBAL"), now)
    return calendar_page("Loan <b>L1</b>", ("Programme generic.",), days)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1440])
async def test_the_calendar_can_be_read_by_everybody(browser: Browser, tmp_path: Path, scheme: str, width: int) -> None:
    file = tmp_path / "calendar.html"
    file.write_text(a_page(), encoding="utf-8")
    context = await browser.new_context(
        viewport=ViewportSize(width=width, height=800), color_scheme="dark" if scheme == "dark" else "light"
    )
    try:
        page = await context.new_page()
        await page.goto(file.as_uri())
        assert await findings(page) == []
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        months = page.get_by_role("table", name="March 2025")
        assert await months.is_visible() is (width > 640)
        assert await page.get_by_text("moderate.d5 goes, moved from 2025-03-08 because of quiet hours.").is_visible()
    finally:
        await context.close()


@pytest.mark.parametrize(("language", "scheme", "width"), [("en", "light", 1440), ("ar-XB", "dark", 320)])
async def test_the_gallery_can_be_read_by_everybody(
    browser: Browser, tmp_path: Path, language: str, scheme: str, width: int
) -> None:
    flows = Path(__file__).parents[2] / "dialogs" / "flows"
    script, _ = parse_script({f"dialogs/flows/{p.name}": p.read_text("utf-8") for p in flows.glob("*.yaml")})
    assert script is not None
    pages = dict(gallery_pages(script, Catalogs({}), ("en", "ar-XB")))
    file = tmp_path / "gallery.html"
    file.write_text(pages[language], encoding="utf-8")
    context = await browser.new_context(
        viewport=ViewportSize(width=width, height=800), color_scheme="dark" if scheme == "dark" else "light"
    )
    try:
        page = await context.new_page()
        await page.goto(file.as_uri())
        assert await findings(page) == []
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert await page.evaluate("getComputedStyle(document.body).direction") == (
            "rtl" if language == "ar-XB" else "ltr"
        )
        assert await page.get_by_text("Thank you for telling me.").first.is_visible()
    finally:
        await context.close()
