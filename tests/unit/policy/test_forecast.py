"""What a loan will see day by day: the same rules as on the day itself, with the contacts forecast before counted in."""

from __future__ import annotations

from datetime import date

from bot.domain.holds import HoldKind
from bot.policy.forecast import ForecastDay, forecast, happenings
from tests.unit.policy.cases import a_hold, a_loan, a_payment, a_situation, at, contact_policy, shipped


def days_of(now: str, programme: str = "generic", **known: object) -> dict[date, ForecastDay]:
    situation = a_situation(at(now), **known)  # type: ignore[arg-type]
    found = forecast(situation, situation.loans[0], shipped(programme), contact_policy("CN"), at(now))
    return {day.on: day for day in found}


def sent(days: dict[date, ForecastDay]) -> list[tuple[str, str]]:
    return [(str(on), touch.rule) for on, day in days.items() for touch in day.sent]


def test_the_whole_ladder_is_seen_from_three_days_before_the_due_date() -> None:
    days = days_of("2025-02-27 08:00")
    assert sent(days)[:5] == [
        ("2025-02-28", "upcoming.d-3"),
        ("2025-03-03", "due.d0"),
        ("2025-03-04", "mild.d1"),
        ("2025-03-08", "moderate.d5"),
        ("2025-03-11", "moderate.d8"),
    ]
    assert (days[date(2025, 3, 3)].stage, days[date(2025, 3, 3)].days) == ("due", 0)
    assert str(days[date(2025, 3, 3)].due) == "1200.00 CNY"
    assert min(days) == date(2025, 2, 27)
    assert max(days) == date(2025, 6, 5)  # three days after the review of day 91


def test_a_touch_outside_the_hours_is_shown_on_the_day_to_which_it_moves() -> None:
    situation = a_situation(at("2025-03-03 08:00"), timezone="America/New_York", region="US")
    found = forecast(
        situation, situation.loans[0], shipped("generic"), contact_policy("GLOBAL"), at("2025-03-03 08:00")
    )
    # 8 March 2025 is a Saturday, closed under GLOBAL.
    moved = next(touch for day in found for touch in day.sent if touch.rule == "moderate.d5")
    assert moved.at == at("2025-03-10 09:00", "America/New_York")
    assert (moved.deferred, moved.reason) == (True, "quiet_hours")
    lines = [line for happening in happenings(found) for line in happening.lines]
    assert "moderate.d5 goes, moved from 2025-03-08 because of quiet hours." in lines


def test_a_hold_keeps_back_what_falls_into_it_and_nothing_after_it() -> None:
    hold = a_hold(HoldKind.DISPUTE, at("2025-03-03 08:00"), ends_at=at("2025-03-09 00:00"))
    days = days_of("2025-03-03 08:00", holds=(hold,))
    assert [touch.rule for touch in days[date(2025, 3, 3)].held_back] == ["due.d0"]
    assert days[date(2025, 3, 3)].held_back[0].why == "The debt is disputed."
    assert sent(days)[0] == ("2025-03-11", "moderate.d8")


def test_nothing_is_forecast_for_a_loan_that_is_paid() -> None:
    paid = a_loan(payments=[a_payment("1200.00", date(2025, 3, 1))])
    days = days_of("2025-03-03 08:00", loans=(paid,))
    assert sent(days) == []
    assert {day.stage for day in days.values()} == {None}


def test_a_borrower_who_never_started_a_chat_is_forecast_like_any_other() -> None:
    assert sent(days_of("2025-02-27 08:00", started=False)) == sent(days_of("2025-02-27 08:00"))


def test_tasks_for_people_are_seen_on_their_day() -> None:
    days = days_of("2025-02-27 08:00", programme="p2p")
    assert [(str(on), task.rule, task.medium) for on, day in days.items() for task in day.tasks][:2] == [
        ("2025-03-14", "phone.call.d11", "call"),
        ("2025-03-21", "phone.call.d18", "call"),
    ]
    told = [line for h in happenings(tuple(days.values())) for line in h.lines]
    assert "A person gets the task phone.call.d11 (call)." in told


def test_a_day_on_which_nothing_happens_is_not_told() -> None:
    told = happenings(tuple(days_of("2025-03-03 08:00").values()))
    assert [str(h.on) for h in told][:4] == ["2025-03-03", "2025-03-04", "2025-03-07", "2025-03-08"]
    assert told[0].lines == ("Stage due begins.", "1200.00 CNY falls due.", "due.d0 goes.")
