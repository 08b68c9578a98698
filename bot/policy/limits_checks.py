"""Checks on limits as a whole: P024 a row that can never hold, P025 a currency without an amount, P026 values that cannot be
met together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from bot.domain.diagnostics import Place
from bot.domain.limits import Forbearance, InstalmentsLimit, Limit, Limits, WaiverLimit
from bot.policy.fields import Problems
from bot.policy.ladder import StageLadder
from bot.policy.scorecard import Scorecard

#: Stands for whatever a row without that condition holds for besides the names that the programme has.
_ANY = ""


def check_limits(limits: Limits, ladder: StageLadder, card: Scorecard | None, whole: Place, problems: Problems) -> None:
    """Notes what is wrong between the rows and inside each."""
    stages = [stage.stage_id for stage in ladder.stages]
    bands = list(card.names) if card is not None else []
    currencies = _currencies(limits)
    for kind in Forbearance:
        rows = limits.of(kind)
        for number, row in enumerate(rows):
            if _covered(row, rows[:number], stages, bands):
                sentence = "This row can never hold: the rows above it hold for all its loans."
                problems.note(row.place, 24, sentence, "Move it up, or take it out.")
            for sentence in _contradictions(row):
                problems.note(row.place, 26, sentence, "Change one of the values.")
            # A row may be for some currencies only, but then for these wholly.
            own = {code for amounts in row.amounts for code in amounts}
            lacking = {code for amounts in row.amounts for code in own - set(amounts)}
            _note_lacking(row.place, "row", lacking, problems)
    _note_lacking(whole, "budget", currencies - set(limits.budget) if limits.budget else set(), problems)


def _note_lacking(place: Place, what: str, currencies: set[str], problems: Problems) -> None:
    if currencies:
        codes = ", ".join(sorted(currencies))
        sentence = f"Some amounts of the {what} leave out {codes}, so a loan in such a currency has no limit there."
        problems.note(place, 25, sentence, f"Say every amount of the {what} in {codes} too.")


def _currencies(limits: Limits) -> set[str]:
    rows = [row for kind in Forbearance for row in limits.of(kind)]
    return {code for row in rows for amounts in row.amounts for code in amounts} | set(limits.budget)


def _contradictions(row: Limit) -> Iterator[str]:
    for code, least in row.when.balance_from.items():
        most = row.when.balance_to.get(code)
        if most is not None and most < least:
            yield f"No balance lies from {least} to {most}."
    if isinstance(row, WaiverLimit) and not row.late_fees_percent and not row.interest_percent:
        yield "Nothing is waived: neither of the late fees nor of the interest."
    if isinstance(row, InstalmentsLimit):
        yield from _of_parts(row)


def _of_parts(row: InstalmentsLimit) -> Iterator[str]:
    least = row.down_payment_percent + (row.parts - 1) * row.min_part_percent
    if max(least, row.parts * row.min_part_percent * (not row.down_payment_percent)) > 100:
        yield f"{row.parts} parts of at least {row.min_part_percent} % each are more than the whole."
    if row.within_days < row.parts - 1:
        yield f"{row.parts} parts need more than {row.within_days} days."


def _covered(row: Limit, above: Sequence[Limit], stages: list[str], bands: list[str]) -> bool:
    """Whether for every stage, band and balance of the row one of the rows above holds already."""
    if not above:
        return False
    cells = product(row.when.stages or (*stages, _ANY), row.when.bands or (*bands, _ANY))
    return all(_balances_covered(row, [a for a in above if _names(a, cell)]) for cell in cells)


def _names(row: Limit, cell: tuple[str, str]) -> bool:
    """Whether the row holds for the stage and band of the cell. A loan may have neither, or a band of its loan book."""
    stage, band = cell
    return (not row.when.stages or stage in row.when.stages) and (not row.when.bands or band in row.when.bands)


def _balances_covered(row: Limit, above: Sequence[Limit]) -> bool:
    if any(not other.amounts for other in above):
        return True
    own = {code for amounts in row.amounts for code in amounts}
    return bool(own) and all(_reaches_all(row, above, code) for code in own)


def _reaches_all(row: Limit, above: Sequence[Limit], code: str) -> bool:
    """Whether the balances of the rows above, laid end to end, hold all balances of the row in that currency."""
    reached = _first(row, code)
    spans = sorted((_first(a, code), _last(a, code)) for a in above if all(code in amounts for amounts in a.amounts))
    for first, last in spans:
        if first <= reached:
            reached = max(reached, last + 1)
    return reached > _last(row, code)


def _first(row: Limit, code: str) -> int:
    amount = row.when.balance_from.get(code)
    return 0 if amount is None else amount.minor


def _last(row: Limit, code: str) -> int:
    amount = row.when.balance_to.get(code)
    return 10**18 if amount is None else amount.minor
