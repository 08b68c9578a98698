"""Properties of promises: nothing outside the rules is ever accepted, and every promise ends in exactly one outcome."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.commitments import Commitment, PromiseRules
from bot.domain.loan import Loan, Payment
from bot.domain.money import Money
from bot.negotiation.promises import PromiseAccepted, PromiseRefused, SaidPromise, promise_choices, propose_promise
from bot.policy.promises import Broken, Kept, PartlyKept, StillOpen, decide_promise
from tests.unit.policy.cases import a_loan, a_payment, a_promise, cny

TODAY = date(2025, 3, 4)

rules = st.builds(
    PromiseRules,
    timezone=st.just("Asia/Shanghai"),
    grace_days=st.integers(0, 5),
    kept_at_percent=st.integers(1, 100),
    max_open=st.integers(0, 2),
    max_days_ahead=st.integers(0, 60),
    min_amount_percent=st.integers(0, 100),
    max_broken=st.integers(1, 3),
)
days = st.integers(-60, 90).map(lambda n: TODAY + timedelta(days=n))
cents = st.integers(-100, 1_000_000)
amounts = cents.map(lambda minor: Money(minor, "CNY"))
shares = st.fractions(0, 1, max_denominator=12)
said = st.builds(SaidPromise, st.one_of(st.none(), days), st.one_of(st.none(), amounts), st.one_of(st.none(), shares))


@st.composite
def loans(draw: st.DrawFn) -> Loan:
    dues = sorted(draw(st.lists(days, min_size=1, max_size=4, unique=True)))
    paid = [a_payment("777.77", TODAY, f"R{n}") for n in range(draw(st.integers(0, 4)))]
    return a_loan(dues, amount=draw(st.sampled_from(["0.01", "1.00", "1200.00"])), payments=paid)


@settings(deadline=None)
@given(loans(), rules, said, st.integers(0, 2))
def test_only_what_the_rules_allow_is_accepted_and_what_is_near_would_be(
    loan: Loan, rules: PromiseRules, said: SaidPromise, open_promises: int
) -> None:
    commitments: list[Commitment] = [a_promise()] * open_promises
    answer = propose_promise(loan, rules, said, TODAY, commitments)
    if isinstance(answer, PromiseAccepted):
        payment = answer.payment
        assert open_promises < rules.max_open
        assert TODAY <= payment.due_on <= TODAY + timedelta(days=rules.max_days_ahead)
        assert 0 < payment.amount.minor <= loan.outstanding.minor
        assert said.due_on == payment.due_on
        assert said.amount in (None, payment.amount)
    elif answer.nearest is not None:
        again = SaidPromise(answer.nearest.due_on, answer.nearest.amount)
        assert isinstance(propose_promise(loan, rules, again, TODAY, commitments), PromiseAccepted)


@settings(deadline=None)
@given(loans(), rules, st.integers(0, 2))
def test_every_choice_would_be_accepted(loan: Loan, rules: PromiseRules, open_promises: int) -> None:
    commitments = [a_promise()] * open_promises
    choices = promise_choices(loan, rules, TODAY, commitments)
    assert len(choices) <= 4
    assert list(choices) == sorted(set(choices), key=lambda choice: choice.due_on)
    for choice in choices:
        answer = propose_promise(loan, rules, SaidPromise(choice.due_on, choice.amount), TODAY, commitments)
        assert answer == PromiseAccepted(choice, facts=answer.facts)


@settings(deadline=None)
@given(loans(), st.integers(1, 12))
def test_equal_shares_of_a_debt_are_never_less_than_the_debt(loan: Loan, parts: int) -> None:
    free = PromiseRules("UTC", 0, 100, 1, 90, 0, 1)
    answer = propose_promise(loan, free, SaidPromise(TODAY, share=Fraction(1, parts)), TODAY)
    whole = propose_promise(loan, free, SaidPromise(TODAY), TODAY)
    if isinstance(answer, PromiseAccepted) and isinstance(whole, PromiseAccepted):
        assert answer.payment.amount.minor * parts >= whole.payment.amount.minor
    else:
        assert isinstance(answer, PromiseRefused)


@st.composite
def ledgers(draw: st.DrawFn) -> tuple[Payment, ...]:
    paid = [
        a_payment(str(draw(st.sampled_from(["100.00", "250.00", "500.00"]))), draw(days), f"R{n}")
        for n in range(draw(st.integers(0, 5)))
    ]
    undone = [
        Payment(f"X{p.reference}", "L1", -p.amount, p.paid_on + timedelta(days=2), reverses=p.reference)
        for p in paid
        if draw(st.integers(0, 3)) == 0
    ]
    return tuple(draw(st.permutations([*paid, *undone])))


@settings(deadline=None)
@given(ledgers(), rules, st.integers(0, 80))
def test_a_promise_that_is_decided_stays_decided_and_all_end(
    payments: tuple[Payment, ...], rules: PromiseRules, later: int
) -> None:
    promise = a_promise(paid_before=cny("0"))
    today = TODAY + timedelta(days=later)
    now, then = (decide_promise(promise, payments, rules, day) for day in (today, today + timedelta(days=1)))
    assert isinstance(now, Kept | PartlyKept | Broken | StillOpen)
    if not isinstance(now, StillOpen):
        assert then == now
    else:
        assert now.check_on > today
        assert not isinstance(decide_promise(promise, payments, rules, now.check_on), StillOpen)


@settings(deadline=None)
@given(ledgers(), rules, st.integers(0, 20))
def test_the_order_of_payments_decides_nothing(payments: tuple[Payment, ...], rules: PromiseRules, later: int) -> None:
    today = TODAY + timedelta(days=later)
    assert decide_promise(a_promise(), payments, rules, today) == decide_promise(
        a_promise(), payments[::-1], rules, today
    )
