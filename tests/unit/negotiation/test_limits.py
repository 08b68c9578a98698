"""Effective limits: which row holds for a loan on a day, or the first rule that stands against it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.domain.commitments import Commitment, CommitmentKind, CommitmentStatus
from bot.domain.holds import HoldKind
from bot.domain.limits import Conditions, Forbearance, Limits
from bot.domain.loan import TIME_BARRED, LoanStatus
from bot.negotiation.budget import Concession
from bot.negotiation.limits import PROTECTIVE, Holding, LoanCase, NotAllowed
from bot.policy.explain import explain
from tests.unit.negotiation.limit_cases import (
    EXTENSION,
    INSTALMENTS,
    LIMITS,
    LOAN,
    SETTLEMENT,
    TODAY,
    WAIVER,
    a_late_loan,
    terms,
)
from tests.unit.policy.cases import a_loan, a_payment, a_promise, at, cny

EXT = Forbearance.EXTENSION


def ruling(kind: Forbearance = EXT, limits: Limits = LIMITS, **changes: object) -> Holding | NotAllowed:
    return terms(limits, **changes).ruling(kind)


def why_not(kind: Forbearance = EXT, limits: Limits = LIMITS, **changes: object) -> str:
    found = ruling(kind, limits, **changes)
    assert isinstance(found, NotAllowed)
    return explain(found)


def an_arrangement(
    status: CommitmentStatus, made: str = "2025-03-01 10:00", number: int = 1, **changes: object
) -> Commitment:
    known = {"kind": CommitmentKind.EXTENSION, "commitment_id": f"C{number}", "reference": f"K7M2Q9X{number}"}
    return a_promise(made_at=at(made), status=status, **(known | changes))


def test_a_row_that_fits_holds_with_what_is_used_and_the_last_day() -> None:
    found = ruling()
    assert found == Holding(
        EXT,
        EXTENSION,
        0,
        facts=(("used", "0"), ("times", "2"), ("period", "365 days"), ("last_day", "2025-03-11")),
    )
    assert explain(found) == "Used 0 of 2 in 365 days; all is paid by 2025-03-11."


def test_an_arrangement_is_about_all_that_is_due_or_about_what_is_due_next() -> None:
    loan = a_loan([date(2025, 2, 3), date(2025, 3, 3), date(2025, 4, 3)])
    assert (terms(loan=loan).amount, terms(loan=loan).base) == (cny("2400.00"), TODAY)
    to_come = a_loan([date(2025, 3, 6), date(2025, 4, 6)])
    assert (terms(loan=to_come).amount, terms(loan=to_come).base) == (cny("1200.00"), date(2025, 3, 6))


@pytest.mark.parametrize(
    ("when", "sentence"),
    [
        (Conditions(stages=("due",)), "The programme offers none in stage mild; a person decides."),
        (Conditions(bands=("low",)), "The programme offers none for band high; a person decides."),
        (
            Conditions(balance_to={"CNY": cny("1199.99")}),
            "The programme offers none for a balance of 1200.00 CNY; a person decides.",
        ),
        (
            Conditions(balance_from={"CNY": cny("1200.01")}),
            "The programme offers none for a balance of 1200.00 CNY; a person decides.",
        ),
        (
            Conditions(balance_to={"USD": cny("1.00")}),
            "The programme offers none in CNY; a person decides.",
        ),
    ],
)
def test_a_row_that_does_not_fit_is_told_by_the_condition(when: Conditions, sentence: str) -> None:
    limits = replace(LIMITS, extension=(replace(EXTENSION, when=when),))
    assert why_not(EXT, limits, band="high") == sentence


def test_the_bounds_of_a_balance_belong_to_it_and_stages_and_bands_are_any_of_those_named() -> None:
    exact = Conditions(("due", "mild"), ("low", "high"), {"CNY": cny("1200.00")}, {"CNY": cny("1200.00")})
    limits = replace(LIMITS, extension=(replace(EXTENSION, when=exact),))
    assert isinstance(ruling(EXT, limits, band="high"), Holding)


def test_the_first_row_that_fits_holds() -> None:
    first = replace(EXTENSION, within_days=3, when=Conditions(stages=("late",)))
    rows = (first, replace(EXTENSION, within_days=5), EXTENSION)
    found = ruling(EXT, replace(LIMITS, extension=rows))
    assert isinstance(found, Holding)
    assert found.limit.within_days == 5


def test_without_rows_none_is_offered() -> None:
    assert why_not(EXT, Limits("Asia/Shanghai")) == "The programme offers none; a person decides."


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"loan": replace(LOAN, status=LoanStatus.CLOSED)}, "The lender took the loan out of the book."),
        ({"loan": a_loan(payments=[a_payment("1200.00", TODAY)])}, "Nothing is unpaid any more."),
        (
            {"loan": replace(LOAN, flags=frozenset({TIME_BARRED}))},
            "The debt is too old to be enforced; a person decides about any agreement.",
        ),
        ({"holds": frozenset({HoldKind.DISPUTE})}, "The debt is disputed."),
        (
            {"commitments": (an_arrangement(CommitmentStatus.AWAITING_APPROVAL),)},
            "K7M2Q9X1 waits for a person's approval.",
        ),
        (
            {"commitments": tuple(an_arrangement(CommitmentStatus.BROKEN, number=n) for n in (1, 2))},
            "2 agreements were broken, 1 at most may be; a person decides about the next.",
        ),
        (
            {"commitments": tuple(an_arrangement(CommitmentStatus.OPEN, number=n) for n in (1, 2))},
            "K7M2Q9X1, K7M2Q9X2 is open and was changed 0 times, 1 at most.",
        ),
    ],
)
def test_what_stands_against_every_kind(changes: dict[str, object], sentence: str) -> None:
    assert {why_not(kind, **changes) for kind in Forbearance} == {sentence}


def test_holds_for_which_a_person_is_needed_bar_and_wishes_about_messages_do_not() -> None:
    barring = {kind for kind in HoldKind if isinstance(ruling(holds=frozenset({kind})), NotAllowed)}
    assert barring == set(PROTECTIVE)
    assert set(HoldKind) - barring == {
        HoldKind.STOP,
        HoldKind.PAUSED,
        HoldKind.INCONVENIENT_TIMES,
        HoldKind.PROMISE_OPEN,
        HoldKind.PLAN_ACTIVE,
    }


def test_an_open_arrangement_may_be_changed_as_often_as_the_limits_say() -> None:
    first = an_arrangement(CommitmentStatus.SUPERSEDED)
    second = an_arrangement(CommitmentStatus.OPEN, number=2, supersedes="C1")
    assert isinstance(ruling(commitments=(second,)), Holding)
    assert terms(commitments=(second,)).replaces == second
    assert why_not(commitments=(first, second)) == "K7M2Q9X2 is open and was changed 1 times, 1 at most."
    assert why_not(EXT, replace(LIMITS, changes=0), commitments=(second,)) == (
        "K7M2Q9X2 is open and was changed 0 times, 0 at most."
    )


def test_a_changed_arrangement_counts_its_days_from_its_first_and_a_changed_promise_from_today() -> None:
    later = date(2025, 3, 8)
    extended = an_arrangement(CommitmentStatus.OPEN, "2025-03-05 10:00")
    assert dict(ruling(commitments=(extended,), today=later).facts)["last_day"] == "2025-03-12"
    assert dict(ruling(commitments=(a_promise(),), today=later).facts)["last_day"] == "2025-03-15"


def test_one_made_before_the_due_date_counts_from_the_due_date() -> None:
    early = an_arrangement(CommitmentStatus.OPEN, "2025-03-01 10:00")
    assert dict(ruling(commitments=(early,)).facts)["last_day"] == "2025-03-10"


def test_when_the_time_of_a_changed_arrangement_is_over_no_day_is_left() -> None:
    extended = an_arrangement(CommitmentStatus.OPEN, "2025-03-04 10:00")
    assert why_not(commitments=(extended,), today=date(2025, 3, 11)) == "The last possible day, 2025-03-11, is over."
    assert isinstance(ruling(commitments=(extended,), today=date(2025, 3, 10)), Holding)


@pytest.mark.parametrize(
    ("status", "used"),
    [
        (CommitmentStatus.KEPT, 1),
        (CommitmentStatus.PARTLY_KEPT, 1),
        (CommitmentStatus.BROKEN, 1),
        (CommitmentStatus.PROPOSED, 0),
        (CommitmentStatus.WITHDRAWN, 0),
        (CommitmentStatus.DECLINED, 0),
        (CommitmentStatus.SUPERSEDED, 0),
    ],
)
def test_what_was_agreed_counts_as_used(status: CommitmentStatus, used: int) -> None:
    found = ruling(commitments=(an_arrangement(status),))
    assert isinstance(found, Holding)
    assert found.used == used


def test_used_up_is_told_with_the_period() -> None:
    kept = tuple(an_arrangement(CommitmentStatus.KEPT, number=n) for n in (1, 2))
    assert why_not(commitments=kept) == "Used up: 2 of 2 in 365 days; a person decides about more."
    once = replace(LIMITS, extension=(replace(EXTENSION, times=1, per_days=None),))
    assert why_not(EXT, once, commitments=kept[:1]) == (
        "Used up: 1 of 1 in the life of the loan; a person decides about more."
    )


@pytest.mark.parametrize(("made", "used"), [("2025-02-27 00:00", 1), ("2025-02-26 23:59", 0)])
def test_a_period_counts_whole_days_of_the_lender_today_among_them(made: str, used: int) -> None:
    limits = replace(LIMITS, extension=(replace(EXTENSION, per_days=6),))
    found = ruling(EXT, limits, commitments=(an_arrangement(CommitmentStatus.KEPT, made),))
    assert isinstance(found, Holding)
    assert found.used == used


def test_an_extension_that_became_a_plan_was_used_and_one_that_became_another_counts_once() -> None:
    first = an_arrangement(CommitmentStatus.SUPERSEDED)
    later = an_arrangement(CommitmentStatus.KEPT, number=2, supersedes="C1")
    as_plan = replace(later, kind=CommitmentKind.INSTALMENT_PLAN)
    assert [r.used for c in (later, as_plan) if isinstance(r := ruling(commitments=(first, c)), Holding)] == [1, 1]
    twice = replace(LIMITS, instalments=(replace(INSTALMENTS, times=2),))
    plans = ruling(Forbearance.INSTALMENTS, twice, commitments=(first, as_plan))
    assert isinstance(plans, Holding)
    assert plans.used == 1


def test_a_settlement_counts_with_the_waivers_once_per_loan() -> None:
    kept = an_arrangement(CommitmentStatus.KEPT, kind=CommitmentKind.WAIVER)
    for kind in (Forbearance.WAIVER, Forbearance.SETTLEMENT):
        assert why_not(kind, loan=a_late_loan(), commitments=(kept,)).startswith("Used up: 1 of 1 in the life")


def test_nothing_is_waived_where_nothing_of_it_is_unpaid() -> None:
    assert why_not(Forbearance.WAIVER) == "Nothing is unpaid of what could be waived."


@pytest.mark.parametrize(("used", "allowed"), [("29.99", True), ("30.00", True), ("30.01", False)])
def test_a_waiver_fits_into_what_is_left_of_the_budget(used: str, allowed: bool) -> None:
    """It gives up 70.00: all of 40.00 late fees and 30 % of 100.00 interest."""
    limits = replace(LIMITS, budget={"CNY": cny("100.00")})
    spent = (Concession(TODAY, cny(used), CommitmentStatus.OPEN),)
    found = ruling(Forbearance.WAIVER, limits, loan=a_late_loan(), concessions=spent)
    assert isinstance(found, Holding) is allowed
    if not allowed:
        assert explain(found) == "It would give up 70.00 CNY, and 69.99 CNY of this month's budget is left."


def test_a_budget_in_other_currencies_only_allows_no_waiver() -> None:
    limits = replace(LIMITS, budget={"USD": cny("100.00")})
    assert why_not(Forbearance.WAIVER, limits, loan=a_late_loan()) == "The programme has no budget in CNY."
    assert isinstance(ruling(EXT, limits), Holding)


def test_what_is_too_small_is_not_split() -> None:
    limits = replace(LIMITS, instalments=(replace(INSTALMENTS, min_part={"CNY": cny("600.01")}),))
    assert why_not(Forbearance.INSTALMENTS, limits) == (
        "1200.00 CNY is too small to be split, since no part may be below 600.01 CNY."
    )
    halves = replace(LIMITS, instalments=(replace(INSTALMENTS, min_part={"CNY": cny("600.00")}),))
    assert isinstance(ruling(Forbearance.INSTALMENTS, halves), Holding)


def test_working_days_hold_only_where_the_programme_says_so() -> None:
    closed = replace(LIMITS, working_days=True)
    case = LoanCase(a_late_loan(), TODAY)
    shut = [terms(closed, case, works=lambda _: False).ruling(kind) for kind in Forbearance]
    assert [r.reason for r in shut] == ["no_working_day"] * 4
    assert explain(shut[0]) == "No day that suits is left up to 2025-03-11."
    assert all(isinstance(terms(LIMITS, case, works=lambda _: False).ruling(kind), Holding) for kind in Forbearance)


def test_the_rows_that_hold_for_a_loan_with_interest_are_those_of_the_file() -> None:
    found = [ruling(kind, loan=a_late_loan()).limit for kind in Forbearance]
    assert found == [EXTENSION, INSTALMENTS, WAIVER, SETTLEMENT]
