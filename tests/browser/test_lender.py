"""The lender's panel and the demo's clock: what is shown, what the page asks the server for, and what it must not lose."""

from datetime import timedelta

from playwright.async_api import Page, expect

from bot.standin.people import Person
from tests.browser.conftest import OpenPage
from tests.browser.lender_side import a_full_view, a_loan, a_view, an_instalment
from tests.browser.site import Site, running_site


async def test_the_loan_shows_stage_days_and_amounts(chat: Page) -> None:
    loan = chat.locator(".loan")
    await expect(loan).to_contain_text("L-17")
    await expect(loan).to_contain_text("3 days past due")
    await expect(loan.locator(".chip")).to_have_text("Just past due")
    await expect(loan.locator(".loan-amount")).to_have_text("CN¥500.00")
    await expect(loan.locator("tbody tr")).to_have_text(
        [
            "11 Feb 2026paid500.00500.00",
            "21 Mar 2026past due500.000.00",
            "31 Apr 2026to come500.000.00",
        ]
    )


async def test_a_loan_in_no_stage_says_so(chat: Page, site: Site) -> None:
    site.lender.views["B1"] = a_view(loans=[a_loan(stage=None, days_past_due=None)])
    site.lender.tell_change()
    await expect(chat.locator(".loan .chip")).to_have_text("No stage")


async def test_a_borrower_without_history_gets_a_hint_in_every_section(
    open_page: OpenPage, site: Site, xiaoming: Person
) -> None:
    site.lender.views["B1"] = a_view(loans=[])
    page = await open_page(f"#/person/{xiaoming.user_id}")
    for hint in (
        "No loan is on the books",
        "Nothing is planned. Post a loan",
        "Nothing agreed yet",
        "Nothing sent or withheld yet",
        "Each decision of the bot is explained here",
    ):
        await expect(page.locator("#lender-body")).to_contain_text(hint)
    await expect(page.locator("#lender-body")).to_contain_text("No chat yet")


async def test_everything_that_happened_is_shown_with_its_reason(chat: Page, site: Site) -> None:
    site.lender.views["B1"] = a_full_view()
    site.lender.tell_change()
    panel = chat.locator("#lender-body")
    await expect(panel).to_contain_text("Identity proven")
    await expect(panel.get_by_role("region", name="Reminders on hold")).to_contain_text("A promise is open")
    promise = panel.get_by_role("region", name="Promises and agreements")
    await expect(promise).to_contain_text("Promise to payopenK7P2M9QX")
    await expect(promise).to_contain_text("CN¥500.006 Mar 2026")
    timer = panel.get_by_role("region", name="What happens next")
    await expect(timer).to_contain_text("in 23 hours5 Mar, 09:00Reminder of the day before a promise")
    deliveries = panel.locator(".rows-deliveries .row")
    await expect(deliveries).to_have_text(
        ["Reminderwithheld4 Mar, 10:05A promise is open", "Replysent4 Mar, 10:01承诺已记录。"]
    )


async def test_a_long_list_shows_the_newest_until_asked_for_all(chat: Page, site: Site) -> None:
    site.lender.views["B1"] = a_full_view()
    site.lender.tell_change()
    rows = chat.locator(".rows-why p")
    await expect(rows).to_have_text([f"Decision number {minute}." for minute in (7, 6, 5, 4)])
    await chat.get_by_role("button", name="Show all 8").click()
    await expect(rows).to_have_count(8)
    await expect(chat.get_by_role("button", name="Show fewer")).to_be_focused()
    await chat.get_by_role("button", name="Show fewer").click()
    await expect(rows).to_have_count(4)


async def test_the_clock_shows_the_borrowers_time_and_its_buttons_move_it(chat: Page, site: Site) -> None:
    face = chat.locator(".clock-face")
    await expect(face).to_contain_text("Wed, 4 Mar 2026, 10:00")
    await expect(face).to_contain_text("Asia/Shanghai")
    await chat.get_by_role("button", name="+1 hour").click()
    await expect(face).to_contain_text("Wed, 4 Mar 2026, 11:00")
    await chat.get_by_role("button", name="+1 day").click()
    await expect(face).to_contain_text("Thu, 5 Mar 2026, 11:00")
    assert site.lender.moves == [{"advance_seconds": 3600}, {"advance_seconds": 86400}]


async def test_the_clock_goes_to_the_next_event_only_where_there_is_one(chat: Page, site: Site) -> None:
    button = chat.get_by_role("button", name="To next event")
    await expect(button).to_have_attribute("aria-disabled", "true")
    await button.click(force=True)
    site.lender.next_event = site.lender.now + timedelta(hours=23)
    site.lender.tell_change()
    await expect(chat.locator("#clock-next")).to_have_text("Next: 5 Mar, 09:00 (in 23 hours)")
    await button.click()
    await expect(chat.locator(".clock-face")).to_contain_text("Thu, 5 Mar 2026, 09:00")
    await expect(button).to_be_focused()
    assert site.lender.moves == [{"to_next_event": True}]


async def test_the_next_event_is_the_chosen_borrowers_where_one_is_planned(chat: Page, site: Site) -> None:
    site.lender.next_event = site.lender.now + timedelta(hours=30)
    site.lender.views["B1"] = a_full_view()
    site.lender.tell_change()
    await expect(chat.locator("#clock-next")).to_have_text("Next for 王小明: 5 Mar, 09:00 (in 23 hours)")
    await chat.get_by_role("button", name="To next event").click()
    await expect(chat.locator("#clock-next")).to_have_text("Next: 5 Mar, 16:00 (in 7 hours)")
    assert site.lender.moves == [{"to": "2026-03-05T01:00:00+00:00"}]


async def test_a_timer_can_be_jumped_to(chat: Page, site: Site) -> None:
    site.lender.views["B1"] = a_full_view()
    site.lender.tell_change()
    await chat.get_by_role("button", name="Move the clock to 5 Mar, 09:00").click()
    await expect(chat.locator(".clock-face")).to_contain_text("Thu, 5 Mar 2026, 09:00")
    assert site.lender.moves == [{"to": "2026-03-05T01:00:00+00:00"}]


async def test_a_payment_is_offered_for_what_is_past_due(chat: Page, site: Site) -> None:
    amount = chat.get_by_role("textbox", name="Amount in CNY")
    await expect(amount).to_have_value("500.00")
    await amount.fill("300.00")
    await chat.get_by_role("button", name="Post a payment").click()
    await expect(chat.locator("#toast")).to_have_text("Payment of CNY 300.00 posted, reference PAY-1.")
    assert site.lender.payments == [{"loan_id": "L-17", "amount": "300.00", "currency": "CNY"}]


async def test_an_amount_that_could_be_read_in_two_ways_is_not_suggested(chat: Page, site: Site) -> None:
    written = [an_instalment(1, "2026-04-01", "to_come", amount="1.250,50 €", paid="0,00 €")]
    site.lender.views["B1"] = a_view(loans=[a_loan(due_now_amount="0.00", instalments=written)])
    site.lender.tell_change()
    await expect(chat.locator("tbody tr")).to_have_count(1)
    await expect(chat.get_by_role("textbox", name="Amount in CNY")).to_have_value("")


async def test_a_paid_loan_takes_no_payment(chat: Page, site: Site) -> None:
    paid = [an_instalment(1, "2026-02-01", "paid", paid="CN¥500.00")]
    site.lender.views["B1"] = a_view(loans=[a_loan(instalments=paid, stage=None, days_past_due=0)])
    site.lender.tell_change()
    await expect(chat.get_by_role("link", name="王小明")).to_contain_text("Nothing left to pay")
    await expect(chat.get_by_role("button", name="Post a payment")).to_have_count(0)


async def test_the_list_says_what_is_due_and_follows_the_clock_and_the_payments(
    open_page: OpenPage, site: Site, xiaoming: Person
) -> None:
    page = await open_page()
    entry = page.get_by_role("link", name="王小明")
    await expect(entry).to_contain_text("3 days past due, CN¥500.00")
    await entry.click()
    await expect(entry).to_contain_text("3 days past due, CN¥500.00")
    await page.get_by_role("button", name="+1 day").click()
    await expect(page.locator(".clock-face")).to_contain_text("5 Mar")
    site.lender.views["B1"] = a_view(
        loans=[a_loan(days_past_due=0, instalments=[an_instalment(3, "2026-04-01", "to_come")])]
    )
    site.lender.tell_change()
    await expect(entry).to_contain_text("Due in 27 days, CN¥500.00")


async def test_a_payment_before_the_due_date_is_offered_for_what_is_open_of_the_next_instalment(
    chat: Page, site: Site
) -> None:
    part_paid = [an_instalment(1, "2026-04-01", "to_come", amount="CN¥1,250.50", paid="CN¥1,249.60")]
    site.lender.views["B1"] = a_view(
        loans=[a_loan(past_due="CN¥0.00", due_now_amount="0.00", days_past_due=0, instalments=part_paid)]
    )
    site.lender.tell_change()
    await expect(chat.locator(".loan")).to_contain_text("Not past due")
    await expect(chat.get_by_role("textbox", name="Amount in CNY")).to_have_value("0.90")


async def test_an_amount_that_is_none_is_not_posted(chat: Page, site: Site) -> None:
    amount = chat.get_by_role("textbox", name="Amount in CNY")
    for written in ("", "0", "-5", "5 hundred"):
        await amount.fill(written)
        await amount.press("Enter")
        await expect(chat.locator("#toast")).to_have_text("Write an amount above zero, such as 500.00.")
    assert site.lender.payments == []


async def test_a_half_written_amount_and_focus_survive_a_change(chat: Page, site: Site) -> None:
    amount = chat.get_by_role("textbox", name="Amount in CNY")
    await amount.fill("12")
    site.lender.views["B1"] = a_view(loans=[a_loan(days_past_due=4)])
    site.lender.tell_change()
    await expect(chat.locator(".loan")).to_contain_text("4 days past due")
    await expect(amount).to_have_value("12")
    await expect(amount).to_be_focused()


async def test_opened_instalments_stay_open_after_a_change(open_page: OpenPage, site: Site, xiaoming: Person) -> None:
    many = [an_instalment(number, f"2026-{number:02}-01", "to_come") for number in range(1, 13)]
    site.lender.views["B1"] = a_view(loans=[a_loan(instalments=many)])
    page = await open_page(f"#/person/{xiaoming.user_id}")
    await expect(page.locator("summary")).to_have_text("12 instalments")
    await expect(page.locator("tbody tr").first).to_be_hidden()
    await page.locator("summary").click()
    site.lender.views["B1"] = a_view(loans=[a_loan(instalments=many, days_past_due=9)])
    site.lender.tell_change()
    await expect(page.locator(".loan")).to_contain_text("9 days past due")
    await expect(page.locator("tbody tr").first).to_be_visible()


async def test_a_person_whom_the_lender_does_not_know(open_page: OpenPage, mary: Person) -> None:
    page = await open_page(f"#/person/{mary.user_id}")
    await expect(page.get_by_text("The lender has no loan for this person.")).to_be_visible()
    await expect(page.locator(".clock-face")).to_contain_text("Wed, 4 Mar 2026, 02:00")


async def test_without_a_lender_the_page_is_the_chat_alone(open_page: OpenPage) -> None:
    async with running_site(with_lender=False) as alone:
        alone.standin.add_person("Mary Jones", "+447700900123", language_code="en")
        page = await open_page(root=alone.root)
        await page.get_by_role("link", name="Mary Jones").click()
        await page.get_by_role("button", name="Start", exact=True).click()
        await expect(page.locator(".message.mine")).to_contain_text("/start")
        await expect(page.locator("#lender")).to_be_hidden()
        await page.set_viewport_size({"width": 360, "height": 740})
        await expect(page.locator("#open-lender")).to_be_hidden()


async def test_an_empty_stand_in_says_how_borrowers_come(open_page: OpenPage) -> None:
    page = await open_page()
    await expect(page.get_by_text("No borrowers yet.")).to_be_visible()


async def test_the_page_speaks_the_browsers_language_and_asks_the_lender_for_it(
    open_page: OpenPage, site: Site, xiaoming: Person
) -> None:
    page = await open_page(f"#/person/{xiaoming.user_id}", locale="zh-CN")
    await expect(page.get_by_role("heading", name="贷款机构看到的")).to_be_visible()
    await expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    await expect(page.locator(".clock-face")).to_contain_text("2026年3月4日周三 10:00")
    assert set(site.lender.languages) == {"zh-Hans"}


async def test_the_switch_changes_the_language_and_is_remembered(chat: Page, site: Site) -> None:
    await chat.get_by_label("Language of this page").select_option("简体中文")
    await expect(chat.get_by_placeholder("输入消息")).to_be_visible()
    await expect(chat.locator(".loan")).to_contain_text("逾期 3 天")
    assert site.lender.languages[-1] == "zh-Hans"
    await chat.reload()
    await expect(chat.get_by_placeholder("输入消息")).to_be_visible()
    await expect(chat).to_have_title("Gracebot 演示")


async def test_the_clock_runs_on_while_nothing_happens(chat: Page) -> None:
    await chat.route("**/events", lambda route: route.abort())  # no news from the server
    await chat.clock.install()
    await chat.reload()
    face = chat.locator("#clock-now")
    await expect(face).to_have_text("Wed, 4 Mar 2026, 10:00")
    await chat.clock.fast_forward("02:00")
    await expect(face).to_have_text("Wed, 4 Mar 2026, 10:02")


async def test_a_press_is_heard_although_the_page_is_redrawn_before_the_release(
    chat: Page, site: Site, mary: Person
) -> None:
    post, hour = chat.get_by_role("button", name="Post a payment"), chat.get_by_role("button", name="+1 hour")
    for control in (post, hour, chat.get_by_role("link", name=mary.name)):
        await control.hover()
        await chat.mouse.down()
        news = f"Decided while {await control.inner_text()} was held down"
        site.lender.views["B1"] = a_view(why=[{"at": "2026-03-04T02:00:00+00:00", "text": news}])
        site.lender.tell_change()
        await expect(chat.locator(".rows-why")).to_contain_text(news.splitlines()[0])
        await chat.mouse.up()
    await expect(chat.get_by_role("heading", name=mary.name, level=2)).to_be_visible()
    await expect(chat.locator(".clock-face")).to_contain_text("03:00")
    assert (len(site.lender.payments), len(site.lender.moves)) == (1, 1)
