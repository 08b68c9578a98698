"""What a bot or a person wrote is shown with Telegram's formatting and can never become anything else."""

import pytest
from playwright.async_api import Page, expect

from bot.standin.people import Person
from tests.browser.conftest import OpenPage
from tests.browser.site import Site

#: Builds the nodes as the chat does, and gives the markup that came of it.
SHOW = """async (html) => {
  const {formatted} = await import("/page/formatting.js");
  const box = document.createElement("div");
  box.append(...formatted(html));
  document.body.append(box);
  const shown = box.innerHTML;
  box.remove();
  return shown;
}"""

ALLOWED = {
    "<b>a</b><strong>b</strong>": "<b>a</b><b>b</b>",
    "<i>a</i><em>b</em><u>c</u><ins>d</ins>": "<i>a</i><i>b</i><u>c</u><u>d</u>",
    "<s>a</s><strike>b</strike><del>c</del>": "<s>a</s><s>b</s><s>c</s>",
    "<b>a <i>b</i></b>": "<b>a <i>b</i></b>",
    "<code>x</code><pre>y\nz</pre>": "<code>x</code><pre>y\nz</pre>",
    "one\ntwo &lt;b&gt; &amp;": "one\ntwo &lt;b&gt; &amp;",
    '<a href="https://lender.example/?a=1&amp;b=2">x</a>': (
        '<a href="https://lender.example/?a=1&amp;b=2" target="_blank" rel="noopener noreferrer">x</a>'
    ),
}

ATTACKS = {
    "<script>alert(1)</script>x": "alert(1)x",
    "<img src=x onerror=alert(1)>x": "x",
    "<b onclick=alert(1) style='position:fixed' class=bar id=toast>x</b>": "<b>x</b>",
    '<a href="javascript:alert(1)">x</a>': "x",
    '<a href="&#106;avascript:alert(1)">x</a>': "x",
    '<a href=" java\nscript:alert(1)">x</a>': "x",
    '<a href="data:text/html,<script>alert(1)</script>">x</a>': "x",
    '<a href="/standin/faults" onclick="x()">x</a>': "x",
    '<a title="href=https://a.example/" href="javascript:x()">x</a>': "x",
    "<svg><script>alert(1)</script><a href='javascript:alert(1)'>x</a></svg>": "alert(1)x",
    "<svg/onload=alert(1)>": "",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>x": "x",
    "<form action=/standin/faults><input name=x><button>x</button></form>": "x",
    "<style>*{display:none}</style>x": "*{display:none}x",
    "</body></html></b>x": "x",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>": "",
    "<!--><img src=x onerror=alert(1)>-->x": "&lt;!--&gt;--&gt;x",
    "<constructor>x</constructor><__proto__>y": "x&lt;__proto__&gt;y",
    "<b><i>x</b>y</i>": "<b><i>x</i></b>y",
    "<x-unknown><b>x": "<b>x</b>",
    "&lt;b&gt; &#60;i&#62; &bogus; &#0; &#99999999; < & >": "&lt;b&gt; &lt;i&gt; &amp;bogus; &amp;#0; &amp;#99999999; &lt; &amp; &gt;",
}


@pytest.mark.parametrize("cases", [ALLOWED, ATTACKS], ids=["allowed formatting stays", "everything else goes"])
async def test_only_telegrams_formatting_is_rebuilt(open_page: OpenPage, cases: dict[str, str]) -> None:
    page = await open_page()
    assert {html: await page.evaluate(SHOW, html) for html in cases} == cases


async def test_text_that_looks_like_markup_is_shown_as_text(chat: Page, site: Site, xiaoming: Person) -> None:
    attack = "<img src=x onerror=alert(1)><script>alert(1)</script>"
    await site.bot_says(xiaoming, attack, keys=[[attack[:30]]])
    await xiaoming.say(attack)
    shown = chat.locator(".bubble-text")
    await expect(shown.nth(1)).to_have_text(attack)
    await expect(shown.nth(2)).to_have_text(attack)
    await expect(chat.locator(".keys button")).to_have_text(attack[:30])
    await expect(chat.locator("#log :is(img, script)")).to_have_count(0)


async def test_names_summaries_and_the_lenders_texts_are_never_markup(open_page: OpenPage, site: Site) -> None:
    attack = "<img src=x onerror=alert(1)>"
    person = site.standin.add_person(
        attack, "+15550001", language_code="en", about={"summary": attack, "borrower_id": "X"}
    )
    view = {
        "name": attack,
        "language": "en",
        "timezone": "UTC",
        "region": attack,
        "link": None,
        "verified": True,
        "holder": attack,
    }
    line = {"at": "2026-03-04T02:00:00+00:00", "text": attack}
    site.lender.views["X"] = {
        "borrower": view, "loans": [], "holds": [], "commitments": [], "timers": [], "deliveries": [], "why": [line],
    }  # fmt: skip
    page = await open_page(f"#/person/{person.user_id}")
    await expect(page.locator(".rows-why p")).to_have_text(attack)
    await expect(page.locator(".person-full-name")).to_have_text(attack)
    await expect(page.locator("img")).to_have_count(0)


async def test_a_spoiler_is_shown_when_it_is_pressed(chat: Page, site: Site, xiaoming: Person) -> None:
    await site.bot_says(xiaoming, "The word is <tg-spoiler>willow</tg-spoiler>.", parse_mode="HTML")
    hidden = chat.get_by_role("button", name="Hidden text, press to show")
    await expect(hidden.locator(".spoiler-text")).to_be_hidden()
    await hidden.press("Enter")
    await expect(chat.locator(".spoiler-shown")).to_have_text("willow")
    await expect(chat.locator(".spoiler-shown")).to_be_focused()
