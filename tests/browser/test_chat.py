"""Being a borrower in the chat page: everything a person does in a messaging app reaches the bot, and is seen."""

from playwright.async_api import Page, Route, expect

from bot.standin.people import Person
from tests.browser.conftest import OpenPage
from tests.browser.site import Site


async def test_start_opens_the_chat_through_the_invite_link_and_does_not_show_its_secret(
    open_page: OpenPage, site: Site, xiaoming: Person
) -> None:
    page = await open_page()
    await page.get_by_role("link", name="王小明").click()
    await page.get_by_role("button", name="Start", exact=True).click()

    assert (await site.next_update("message"))["text"] == "/start tok-1"
    await expect(page.locator(".message.mine")).to_have_text(["Borrower: /start10:00"])
    await expect(page.get_by_role("textbox", name="Write a message")).to_be_focused()


async def test_start_without_an_invite_link_sends_none(open_page: OpenPage, site: Site, mary: Person) -> None:
    page = await open_page(f"#/person/{mary.user_id}")
    await expect(page.get_by_text("no invite link")).to_be_visible()
    await page.get_by_role("button", name="Start", exact=True).click()
    assert (await site.next_update("message"))["text"] == "/start"


async def test_the_person_is_told_what_to_answer_when_the_bot_asks_who_it_is(chat: Page) -> None:
    await expect(chat.locator(".who-you-are")).to_have_text(
        "You are 王小明.Born on 17 May 1990. Last four digits of your ID: 1234."
    )


async def test_typed_text_reaches_the_bot_and_the_answer_is_shown(chat: Page, site: Site, xiaoming: Person) -> None:
    await chat.get_by_role("textbox", name="Write a message").fill("我周五还500")
    await chat.get_by_role("button", name="Send", exact=True).click()
    await expect(chat.locator(".message.mine .bubble-text").last).to_have_text("我周五还500")
    assert xiaoming.messages[-1].text == "我周五还500"

    await site.bot_says(xiaoming, "请确认：<b>CNY 500.00</b>", parse_mode="HTML")
    answer = chat.locator(".message.theirs .bubble-text").last
    await expect(answer.locator("b")).to_have_text("CNY 500.00")
    await expect(answer).to_have_attribute("dir", "auto")
    await expect(answer).to_have_attribute("lang", "zh-Hans")
    await expect(chat.locator("#text")).to_have_value("")


async def test_enter_sends_and_shift_enter_breaks_the_line(chat: Page, xiaoming: Person) -> None:
    await chat.locator("#text").press_sequentially("one")
    await chat.keyboard.press("Shift+Enter")
    await chat.keyboard.type("two")
    await chat.keyboard.press("Enter")
    await expect(chat.locator(".message.mine .bubble-text").last).to_have_text("one\ntwo")
    assert xiaoming.messages[-1].text == "one\ntwo"


async def test_enter_that_picks_a_candidate_of_an_input_method_does_not_send(chat: Page, xiaoming: Person) -> None:
    await chat.locator("#text").fill("zhou")
    await chat.locator("#text").dispatch_event("keydown", {"key": "Enter", "isComposing": True, "bubbles": True})
    await chat.locator("#text").fill("周五")
    await chat.keyboard.press("Enter")
    await expect(chat.locator(".message.mine")).to_have_count(2)
    assert xiaoming.messages[-1].text == "周五"


async def test_pressing_a_button_reaches_the_bot_and_its_answer_is_a_toast(
    chat: Page, site: Site, xiaoming: Person
) -> None:
    await site.bot_says(xiaoming, "How will you pay?", keys=[["All", "Half"], ["Talk to a person"]])
    await chat.get_by_role("button", name="Half").click()
    query = await site.next_update("callback_query")
    assert query["data"] == "Half"

    await site.bot("answerCallbackQuery", callback_query_id=query["id"], text="Half it is")
    await expect(chat.locator("#toast")).to_have_text("Half it is")
    await expect(chat.get_by_role("button", name="Half")).not_to_have_attribute("aria-busy", "true")


async def test_an_alert_waits_for_ok_and_gives_focus_back(chat: Page, site: Site, xiaoming: Person) -> None:
    await site.bot_says(xiaoming, "Ready?", keys=[["Yes"]])
    await chat.get_by_role("button", name="Yes").click()
    query = await site.next_update("callback_query")
    await site.bot("answerCallbackQuery", callback_query_id=query["id"], text="This offer has expired", show_alert=True)

    alert = chat.get_by_role("dialog", name="This offer has expired")
    await expect(alert).to_be_visible()
    await alert.get_by_role("button", name="OK").click()
    await expect(alert).to_be_hidden()
    await expect(chat.get_by_role("button", name="Yes")).to_be_focused()


async def test_an_edit_changes_the_message_in_its_place(chat: Page, site: Site, xiaoming: Person) -> None:
    first = await site.bot_says(xiaoming, "Page 1 of 2", keys=[["Next"]])
    await site.bot_says(xiaoming, "Something after it")
    await site.bot("editMessageText", chat_id=xiaoming.user_id, message_id=first, text="Page 2 of 2")

    theirs = chat.locator(".message.theirs .bubble-text")
    await expect(theirs).to_have_text(["Page 2 of 2", "Something after it"])
    await expect(chat.locator(".edited")).to_have_count(1)
    await expect(chat.get_by_role("button", name="Next", exact=True)).to_have_count(0)


async def test_a_message_that_only_lost_its_buttons_is_not_called_edited(
    chat: Page, site: Site, xiaoming: Person
) -> None:
    shown = await site.bot_says(xiaoming, "CNY 500.00 on Friday", keys=[["Confirm"]])
    await expect(chat.get_by_role("button", name="Confirm")).to_be_visible()
    await site.bot("editMessageReplyMarkup", chat_id=xiaoming.user_id, message_id=shown)
    await expect(chat.get_by_role("button", name="Confirm")).to_have_count(0)
    await expect(chat.locator(".edited")).to_have_count(0)


async def test_focus_moves_to_the_writing_line_when_an_edit_takes_the_pressed_button_away(
    chat: Page, site: Site, xiaoming: Person
) -> None:
    shown = await site.bot_says(xiaoming, "Sure?", keys=[["Yes"]])
    await chat.get_by_role("button", name="Yes").press("Enter")
    query = await site.next_update("callback_query")
    await site.bot("answerCallbackQuery", callback_query_id=query["id"])
    await site.bot("editMessageReplyMarkup", chat_id=xiaoming.user_id, message_id=shown)
    await expect(chat.locator("#text")).to_be_focused()


async def test_focus_stays_on_the_same_place_when_an_edit_changes_the_buttons(
    chat: Page, site: Site, xiaoming: Person
) -> None:
    shown = await site.bot_says(xiaoming, "Page 1", keys=[["Back", "Next"]])
    await chat.get_by_role("button", name="Next", exact=True).focus()
    keyboard = {"inline_keyboard": [[{"text": "Back", "callback_data": "b"}, {"text": "Last", "callback_data": "l"}]]}
    await site.bot("editMessageText", chat_id=xiaoming.user_id, message_id=shown, text="Page 2", reply_markup=keyboard)
    await expect(chat.get_by_role("button", name="Last")).to_be_focused()


async def test_a_deleted_message_disappears(chat: Page, site: Site, xiaoming: Person) -> None:
    shown = await site.bot_says(xiaoming, "Soon gone")
    await expect(chat.get_by_text("Soon gone")).to_be_visible()
    await site.bot("deleteMessage", chat_id=xiaoming.user_id, message_id=shown)
    await expect(chat.get_by_text("Soon gone")).to_have_count(0)


async def test_typing_is_shown_until_the_message_comes(chat: Page, site: Site, xiaoming: Person) -> None:
    await site.bot("sendChatAction", chat_id=xiaoming.user_id, action="typing")
    await expect(chat.locator(".typing")).to_be_visible()
    await site.bot_says(xiaoming, "Here I am")
    await expect(chat.get_by_text("Here I am")).to_be_visible()
    await expect(chat.locator(".typing")).to_have_count(0)


async def test_the_reply_keyboard_shares_the_persons_own_contact_and_goes_when_removed(
    chat: Page, site: Site, xiaoming: Person
) -> None:
    keyboard = {"keyboard": [[{"text": "分享我的联系方式", "request_contact": True}], [{"text": "换一种方式"}]]}
    await site.bot_says(xiaoming, "请分享您的联系方式", reply_markup=keyboard)
    await chat.get_by_role("group", name="Quick replies").get_by_role("button", name="分享我的联系方式").click()

    contact = None
    while contact is None:
        contact = (await site.next_update("message")).get("contact")
    assert (contact["phone_number"], contact["user_id"]) == ("+8613800138000", xiaoming.user_id)
    await expect(chat.locator(".message.mine").last).to_contain_text("Contact")

    await site.bot_says(xiaoming, "谢谢", reply_markup={"remove_keyboard": True})
    await expect(chat.get_by_role("group", name="Quick replies")).to_be_hidden()


async def test_a_key_without_a_request_says_its_label(chat: Page, site: Site, xiaoming: Person) -> None:
    await site.bot_says(xiaoming, "?", reply_markup={"keyboard": [["换一种方式"]]})
    await chat.get_by_role("button", name="换一种方式").click()
    await expect(chat.locator(".message.mine .bubble-text").last).to_have_text("换一种方式")


async def test_sample_attachments_reach_the_bot(chat: Page, site: Site) -> None:
    await site.next_update("message")  # /start
    for choice, kind in (
        ("A photo", "photo"),
        ("A voice message", "voice"),
        ("A sticker", "sticker"),
        ("A location", "location"),
        ("Somebody else's contact", "contact"),
    ):
        await chat.get_by_role("button", name="Send something else").click()
        await chat.get_by_role("button", name=choice, exact=True).click()
        assert kind in await site.next_update("message")
    await expect(chat.locator(".message.mine .attachment")).to_have_text(
        ["Photo", "Voice message", "Sticker", "Location", "Contact"]
    )


async def test_blocking_tells_the_bot_and_only_unblocking_remains(chat: Page, site: Site) -> None:
    await chat.get_by_role("button", name="More").click()
    await chat.get_by_role("button", name="Block the bot").click()
    assert (await site.next_update("my_chat_member"))["new_chat_member"]["status"] == "kicked"
    await expect(chat.locator("#text")).to_be_hidden()
    await expect(chat.get_by_role("link", name="王小明")).to_contain_text("has blocked the bot")

    await chat.get_by_role("button", name="Unblock the bot").click()
    assert (await site.next_update("my_chat_member"))["new_chat_member"]["status"] == "member"
    await expect(chat.locator("#text")).to_be_focused()


async def test_a_message_for_somebody_else_is_counted_as_unread_until_that_chat_is_opened(
    chat: Page, site: Site, mary: Person
) -> None:
    await mary.start()
    await site.bot_says(mary, "Hello Mary")
    await site.bot_says(mary, "Are you there?")
    entry = chat.get_by_role("link", name="Mary Jones")
    await expect(entry).to_contain_text("2 unread messages")
    await entry.click()
    await expect(chat.get_by_text("Are you there?")).to_be_visible()

    await site.bot_says(mary, "Good")
    await expect(chat.get_by_text("Good")).to_be_visible()
    await chat.get_by_role("link", name="王小明").click()
    await expect(chat.get_by_role("heading", name="王小明", level=2)).to_be_visible()
    await expect(entry).not_to_contain_text("unread")


async def test_what_was_written_is_kept_when_it_cannot_be_sent(chat: Page) -> None:
    await chat.route("**/say", lambda route: route.fulfill(status=409, json={"error": "王小明 blocked the bot"}))
    await chat.locator("#text").fill("我周五还500")
    await chat.keyboard.press("Enter")
    await expect(chat.locator("#toast")).to_have_text("That did not work: 王小明 blocked the bot")
    await expect(chat.locator("#text")).to_have_value("我周五还500")


async def test_a_link_button_opens_elsewhere_and_a_copy_button_copies(chat: Page, site: Site, xiaoming: Person) -> None:
    rows = [
        [
            {"text": "Check us", "url": "https://lender.example/verify"},
            {"text": "Copy", "copy_text": {"text": "K7P2M9QX"}},
        ]
    ]
    await chat.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await site.bot_says(xiaoming, "Reference K7P2M9QX", reply_markup={"inline_keyboard": rows})

    link = chat.get_by_role("link", name="Check us")
    await expect(link).to_have_attribute("href", "https://lender.example/verify")
    await expect(link).to_have_attribute("rel", "noopener noreferrer")
    await expect(link).to_have_attribute("target", "_blank")
    await chat.get_by_role("button", name="Copy (copies to the clipboard)").click()
    await expect(chat.locator("#toast")).to_have_text("Copied")
    assert await chat.evaluate("navigator.clipboard.readText()") == "K7P2M9QX"


async def test_messages_missed_while_the_page_was_hidden_are_there_when_it_is_seen_again(
    chat: Page, site: Site, xiaoming: Person
) -> None:
    show = "seen => { Object.defineProperty(document, 'hidden', {value: !seen, configurable: true}); document.dispatchEvent(new Event('visibilitychange')); }"
    await chat.evaluate(show, False)
    await site.bot_says(xiaoming, "While you were away")
    await chat.evaluate(show, True)
    await expect(chat.get_by_text("While you were away")).to_be_visible()


async def test_a_message_that_comes_while_the_log_is_fetched_is_not_lost(
    open_page: OpenPage, site: Site, xiaoming: Person
) -> None:
    await xiaoming.start("tok-1")
    page = await open_page()

    async def answer_late(route: Route) -> None:
        stale = await route.fetch()
        if not xiaoming.bot_messages:
            await site.bot_says(xiaoming, "In between")
            await expect(page.get_by_text("In between")).to_be_visible()
        await route.fulfill(response=stale)

    await page.route("**/messages", answer_late)
    await page.get_by_role("link", name="王小明").click()
    await expect(page.locator(".message.mine")).to_have_text(["Borrower: /start10:00"])
    await expect(page.get_by_text("In between")).to_be_visible()


async def test_a_lost_connection_is_said_and_mended(chat: Page, site: Site, xiaoming: Person) -> None:
    await site.stop()
    await expect(chat.get_by_text("The demo does not answer")).to_be_visible()
    await site.serve_again()
    await site.bot_says(xiaoming, "Sent meanwhile")
    await expect(chat.get_by_text("Sent meanwhile")).to_be_visible()
    await expect(chat.get_by_text("The demo does not answer")).to_be_hidden()


async def test_the_day_is_shown_once_above_its_messages(chat: Page, site: Site, xiaoming: Person) -> None:
    await site.bot_says(xiaoming, "Today")
    site.lender.now = site.lender.now.replace(day=5)
    await site.bot_says(xiaoming, "Tomorrow")
    await expect(chat.locator(".day")).to_have_text(["Wednesday 4 March", "Thursday 5 March"])


async def test_the_back_button_of_the_browser_leads_back_to_the_list(open_page: OpenPage, xiaoming: Person) -> None:
    page = await open_page(width=360, height=740)
    await page.get_by_role("link", name="王小明").click()
    await expect(page.get_by_role("heading", name="王小明", level=2)).to_be_focused()
    await page.go_back()
    await expect(page.get_by_role("link", name="王小明")).to_be_visible()
    await expect(page.locator("#conversation")).to_be_hidden()
