"""One Chromium for all browser tests of a run, and for each test a fresh site and a fresh profile.

All of it runs in one event loop, so that the site and the browser talk while a test waits.
"""

import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from inspect import iscoroutinefunction
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, ConsoleMessage, Page, ViewportSize, async_playwright, expect

from bot.standin.people import Person
from tests.browser.lender_side import a_view
from tests.browser.site import Site, running_site

HERE = Path(__file__).parent
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
#: How long the page may take to show what a test expects, in ms; the machine may be busy.
PATIENCE = 15_000

OpenPage = Callable[..., Awaitable[Page]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One loop and one worker for all tests of this folder, so that there is one browser a run."""
    for test in items:
        if HERE in test.path.parents and isinstance(test, pytest.Function) and iscoroutinefunction(test.function):
            test.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)
            test.add_marker(pytest.mark.xdist_group("browser"))


def find_chromium() -> str:
    """The browser to test with; `install_chromium.sh` beside this file installs one."""
    named = os.environ.get("GRACE_TEST_CHROMIUM")
    found = named or next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        pytest.fail("The browser tests need Chromium: install the package 'chromium' or set GRACE_TEST_CHROMIUM.")
    return found


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    expect.set_options(timeout=PATIENCE)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def site() -> AsyncIterator[Site]:
    async with running_site() as site:
        yield site


@pytest.fixture
def xiaoming(site: Site) -> Person:
    """A borrower with an invite link whose loan is three days late; the lender knows him."""
    site.lender.views["B1"] = a_view()
    about = {
        "borrower_id": "B1",
        "link": "tok-1",
        "language": "zh-Hans",
        "due_on": "2026-03-01",
        "amount": "500.00",
        "currency": "CNY",
        "birth_date": "1990-05-17",
        "id_last4": "1234",
    }
    return site.standin.add_person("王小明", "+8613800138000", language_code="zh", about=about)


@pytest.fixture
def mary(site: Site) -> Person:
    """Another borrower, whom the lender does not know."""
    return site.standin.add_person("Mary Jones", "+447700900123", language_code="en", about={"summary": "Nothing due"})


@pytest_asyncio.fixture(loop_scope="session")
async def open_page(browser: Browser, site: Site) -> AsyncIterator[OpenPage]:
    """Opens the page at an address, in its own profile. A script error or a breach of the policy fails the test."""
    contexts = []
    faults: list[str] = []

    def note_breach(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            faults.append(message.text)

    async def open_at(
        address: str = "",
        *,
        width: int = 1440,
        height: int = 900,
        scheme: str = "light",
        locale: str = "en-GB",
        root: str = "",
    ) -> Page:
        context = await browser.new_context(
            viewport=ViewportSize(width=width, height=height),
            color_scheme="dark" if scheme == "dark" else "light",
            locale=locale,
            timezone_id="UTC",
            reduced_motion="reduce",
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        page = await context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", note_breach)
        await page.goto(f"{root or site.root}/page/{address}")
        await expect(page.locator("body[data-ready]"), f"the page did not start: {faults}").to_be_visible()
        return page

    yield open_at
    for context in contexts:
        await context.close()
    assert faults == []


@pytest_asyncio.fixture(loop_scope="session")
async def chat(open_page: OpenPage, xiaoming: Person) -> Page:
    """The page with Xiaoming's chat already open."""
    await xiaoming.start("tok-1")
    page = await open_page(f"#/person/{xiaoming.user_id}")
    await expect(page.locator("#text")).to_be_visible()
    return page
