"""The test vectors for contact rules, by their numbers. Those of chats are in tests/unit/dialog, those of storage in contracts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.delivery import MessageKind
from bot.domain.holds import HoldKind
from bot.domain.situation import Reached
from bot.policy.contact import Allowed, DeferredUntil, Withheld, may_contact
from tests.unit.policy.cases import DUE, a_contact, a_hold, a_loan, a_situation, at, contact_policy

CN, US, INDONESIA = contact_policy("CN"), contact_policy("US"), contact_policy("ID")
REMINDER = MessageKind.REMINDER


def test_vector_1_china_one_second_before_eight_is_queued_to_eight() -> None:
    now = at("2025-03-04 07:59:59")
    answer = may_contact(a_situation(now), "L1", CN, now, REMINDER)
    assert isinstance(answer, DeferredUntil)
    assert (answer.reason, answer.until) == ("quiet_hours", at("2025-03-04 08:00"))


def test_vector_1_china_at_eight_is_sent() -> None:
    now = at("2025-03-04 08:00")
    assert isinstance(may_contact(a_situation(now), "L1", CN, now, REMINDER), Allowed)


def test_vector_2_china_at_ten_at_night_is_queued_to_the_next_morning() -> None:
    now = at("2025-03-04 22:00")
    answer = may_contact(a_situation(now), "L1", CN, now, REMINDER)
    assert isinstance(answer, DeferredUntil)
    assert (answer.reason, answer.until) == ("quiet_hours", at("2025-03-05 08:00"))


@pytest.mark.parametrize("kind", [MessageKind.REPLY, MessageKind.ACT])
def test_vector_3_an_answer_is_sent_at_any_hour(kind: MessageKind) -> None:
    now = at("2025-03-04 23:10")
    situation = a_situation(now, last_inbound_at=now - timedelta(minutes=5))
    assert may_contact(situation, "L1", CN, now, kind) == Allowed("answers")


def test_vector_4_an_extra_reminder_at_night_waits_even_if_the_borrower_just_wrote() -> None:
    now = at("2025-03-04 23:10")
    situation = a_situation(now, last_inbound_at=now - timedelta(minutes=5))
    answer = may_contact(situation, "L1", CN, now, REMINDER)
    assert isinstance(answer, DeferredUntil)
    assert answer.until == at("2025-03-05 08:00")


def test_vector_5_before_the_due_date_the_window_closes_an_hour_earlier() -> None:
    now = at("2025-02-28 21:30")
    answer = may_contact(a_situation(now), "L1", CN, now, REMINDER)
    assert isinstance(answer, DeferredUntil)
    assert (answer.reason, answer.until) == ("quiet_hours", at("2025-03-01 09:00"))


def test_vector_5_after_the_due_date_the_same_minute_is_open() -> None:
    now = at("2025-03-04 21:30")
    assert isinstance(may_contact(a_situation(now), "L1", CN, now, REMINDER), Allowed)


def test_vector_7_a_message_that_slips_past_the_closing_minute_is_asked_again_and_queued() -> None:
    planned, slipped = at("2025-03-04 21:59:58"), at("2025-03-04 22:00:01")
    assert isinstance(may_contact(a_situation(planned), "L1", CN, planned, REMINDER), Allowed)
    answer = may_contact(a_situation(slipped), "L1", CN, slipped, REMINDER)
    assert isinstance(answer, DeferredUntil)
    assert answer.until == at("2025-03-05 08:00")


def test_vector_16_a_moratorium_drops_the_reminder_of_the_due_date() -> None:
    now = at("2026-12-20 10:00")
    hold = a_hold(HoldKind.MORATORIUM, now, ends_at=at("2027-01-05 00:00"))
    situation = a_situation(now, loans=(a_loan(date(2026, 12, 20)),), holds=(hold,))
    assert may_contact(situation, "L1", CN, now, REMINDER) == Withheld("moratorium", (("hold", "hold-moratorium"),))


def test_vector_17_a_stop_is_final() -> None:
    now = at("2025-03-04 10:00")
    situation = a_situation(now, holds=(a_hold(HoldKind.STOP, now),))
    answer = may_contact(situation, "L1", CN, now, REMINDER)
    assert isinstance(answer, Withheld)
    assert answer.reason == "stop"


def test_vector_20_a_merged_message_about_two_loans_counts_once() -> None:
    now = at("2025-03-04 10:00")
    sent = (a_contact(at("2025-03-01 10:00"), loan_id=None), a_contact(at("2025-03-02 10:00"), loan_id=None))
    loans = (a_loan(), a_loan(loan_id="L2"))
    situation = a_situation(now, loans=loans, contacts=sent)
    assert isinstance(may_contact(situation, None, CN, now, REMINDER), Allowed)


def test_vector_21_a_calendar_that_ends_before_2028_opens_no_day_of_2028() -> None:
    fallback = contact_policy("GLOBAL")
    calendar = replace(fallback.holidays[0], known_through=date(2027, 12, 31))
    policy = replace(fallback, holidays=(calendar,))
    now = at("2028-01-05 10:00", "Europe/London")
    situation = a_situation(now, timezone="Europe/London", region="GB")
    assert isinstance(may_contact(situation, "L1", fallback, now, REMINDER), Allowed)
    answer = may_contact(situation, "L1", policy, now, REMINDER)
    assert isinstance(answer, Withheld)
    assert answer.reason == "never_open"


def test_vector_22_nothing_goes_to_a_borrower_who_blocked_the_bot() -> None:
    now = at("2025-03-04 10:00")
    assert may_contact(a_situation(now, reachable=False), "L1", CN, now, REMINDER) == Withheld("blocked")


US_BOOK = {"timezone": None, "region": "US"}


@pytest.mark.parametrize(
    ("clock", "until"),
    [("2026-12-01 08:30", "2026-12-01 13:00"), ("2026-12-01 20:59", None), ("2026-12-01 21:00", "2026-12-02 13:00")],
)
def test_vector_6_where_the_zone_is_unknown_all_zones_of_the_country_must_be_open(
    clock: str, until: str | None
) -> None:
    now = at(clock, "America/New_York")  # 08:00 in Honolulu is 13:00 in New York
    answer = may_contact(a_situation(now, **US_BOOK), "L1", contact_policy("US"), now, REMINDER)  # type: ignore[arg-type]
    assert getattr(answer, "until", None) == (at(until, "America/New_York") if until else None)


def test_vector_8_the_hour_that_comes_twice_is_closed_both_times() -> None:
    first = at("2026-11-01 01:30", "America/New_York")
    for now in (first, first + timedelta(hours=1)):
        assert now.astimezone(ZoneInfo("America/New_York")).strftime("%H:%M") == "01:30"
        answer = may_contact(a_situation(now, timezone="America/New_York", region="US"), "L1", US, now, REMINDER)
        assert isinstance(answer, DeferredUntil)
        assert answer.until == at("2026-11-01 08:00", "America/New_York")


@pytest.mark.parametrize(("day", "allowed"), [("2026-12-07", False), ("2026-12-08", True)])
def test_vector_9_after_a_conversation_no_call_for_seven_days(day: str, allowed: bool) -> None:
    """The conversation was on 1 December, which is day 1: day 7 is refused, day 8 is allowed."""
    now = at(f"{day} 10:00", "America/Chicago")
    spoken = replace(a_contact(at("2026-12-01 15:00", "America/Chicago"), channel="call"), reached=Reached.CONNECTED)
    situation = a_situation(now, timezone="America/Chicago", region="US", contacts=(spoken,))
    answer = may_contact(situation, "L1", US, now, REMINDER, medium="call")
    assert isinstance(answer, Allowed if allowed else DeferredUntil)
    other_debt = replace(situation, contacts=(replace(spoken, loan_id="L2"),))
    assert isinstance(may_contact(other_debt, "L1", US, now, REMINDER, medium="call"), Allowed)


def test_vector_10_after_three_messages_in_seven_days_the_next_waits_for_the_oldest_to_be_seven_days_old() -> None:
    now = at("2026-12-02 12:00", "America/New_York")
    days = ("2026-11-26 10:00", "2026-11-28 10:00", "2026-11-30 10:00")
    sent = tuple(a_contact(at(day, "America/New_York")) for day in days)
    situation = a_situation(now, timezone="America/New_York", region="US-NY", contacts=sent)
    answer = may_contact(situation, "L1", contact_policy("US-NYC"), now, REMINDER)
    assert isinstance(answer, DeferredUntil)
    assert answer.until == at("2026-12-03 10:00", "America/New_York")


def test_vector_11_indonesia_on_a_sunday_waits_for_monday() -> None:
    now = at("2026-12-06 10:00", "Asia/Jakarta")
    answer = may_contact(a_situation(now, timezone="Asia/Jakarta", region="ID"), "L1", INDONESIA, now, REMINDER)
    assert isinstance(answer, DeferredUntil)
    assert answer.until == at("2026-12-07 08:00", "Asia/Jakarta")


def test_vector_12_indonesia_on_a_saturday_sends() -> None:
    now = at("2026-12-05 10:00", "Asia/Jakarta")
    situation = a_situation(now, timezone="Asia/Jakarta", region="ID")
    assert isinstance(may_contact(situation, "L1", INDONESIA, now, REMINDER), Allowed)


@pytest.mark.parametrize(("clock", "allowed"), [("07:59", False), ("08:00", True), ("17:59", True), ("18:00", False)])
def test_vector_13_indonesia_without_a_zone_is_open_from_eight_to_six_in_jakarta(clock: str, allowed: bool) -> None:
    now = at(f"2026-12-01 {clock}", "Asia/Jakarta")
    answer = may_contact(a_situation(now, timezone=None, region="ID"), "L1", INDONESIA, now, REMINDER)
    assert isinstance(answer, Allowed) is allowed


@pytest.mark.parametrize(("clock", "until"), [("18:59", None), ("19:00", "2026-12-02 08:00")])
def test_vector_14_india_closes_at_seven(clock: str, until: str | None) -> None:
    now = at(f"2026-12-01 {clock}", "Asia/Kolkata")
    situation = a_situation(now, timezone="Asia/Kolkata", region="IN")
    answer = may_contact(situation, "L1", contact_policy("IN"), now, REMINDER)
    assert getattr(answer, "until", None) == (at(until, "Asia/Kolkata") if until else None)


def test_vector_15_mexico_on_a_saturday_waits_for_monday() -> None:
    now = at("2026-12-05 12:00", "America/Mexico_City")
    situation = a_situation(now, timezone="America/Mexico_City", region="MX")
    answer = may_contact(situation, "L1", contact_policy("MX"), now, REMINDER)
    assert isinstance(answer, DeferredUntil)
    assert answer.until == at("2026-12-07 07:00", "America/Mexico_City")


def test_due_is_a_monday() -> None:
    assert date(2025, 3, 3) == DUE
    assert DUE.weekday() == 0
