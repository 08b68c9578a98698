"""Reading the limits of a programme: P017 a band that the scorecard does not have, P023 a stage that the ladder does not have.

What is wrong with the rows as a whole is `limits_checks`'s.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any, TypeVar

from bot.domain.diagnostics import did_you_mean
from bot.domain.limits import (
    Conditions,
    ExtensionLimit,
    Forbearance,
    InstalmentsLimit,
    Limit,
    Limits,
    SettlementLimit,
    WaiverLimit,
)
from bot.domain.yaml_reading import ListNode, ScalarNode
from bot.policy.amounts import read_amounts
from bot.policy.fields import Fields, Problems
from bot.policy.ladder import StageLadder
from bot.policy.limits_checks import check_limits
from bot.policy.scorecard import Scorecard
from bot.policy.scorecard_reading import check_band

_L = TypeVar("_L", bound=Limit)

#: More than a day's interest can be anywhere; what lies above is a slip of the decimal point.
_MOST_DAILY_PERCENT = 5
_MOST_PARTS, _MOST_DAYS = 60, 3660


def read_limits(root: Fields, ladder: StageLadder, card: Scorecard | None, timezone: str, problems: Problems) -> Limits:
    """The limits; none where the file has none, so that a person decides about every concession."""
    fields = root.section("limits", required=False)
    if fields is None:
        return Limits(timezone)
    read = _Rows(ladder, card, problems)
    limits = Limits(
        timezone=timezone,
        changes=fields.integer("changes", 0, 10, 0),
        rounds=fields.integer("rounds", 1, 20, 1),
        max_broken=fields.integer("max_broken", 1, 100, 1),
        working_days=fields.flag("working_days"),
        budget=read_amounts(fields, "budget", problems),
        extension=_each(fields, Forbearance.EXTENSION, read.extension),
        instalments=_each(fields, Forbearance.INSTALMENTS, read.instalments),
        waiver=_each(fields, Forbearance.WAIVER, read.waiver),
        settlement=_each(fields, Forbearance.SETTLEMENT, read.settlement),
    )
    fields.close()
    check_limits(limits, ladder, card, fields.place, problems)
    return limits


def _each(fields: Fields, kind: Forbearance, read: Callable[[Fields, str], _L]) -> tuple[_L, ...]:
    """The rows of one kind, each with the name that it has in records."""
    rows = []
    for number, row in enumerate(fields.sections(kind.value), 1):
        rows.append(read(row, f"limits.{kind}.{number}"))
        row.close()
    return tuple(rows)


class _Rows:
    """Reads the rows of one programme."""

    def __init__(self, ladder: StageLadder, card: Scorecard | None, problems: Problems) -> None:
        self.ladder, self.card, self.problems = ladder, card, problems

    def extension(self, row: Fields, rule: str) -> ExtensionLimit:
        return ExtensionLimit(within_days=row.integer("days", 1, 366), **self._priced(row, rule))

    def instalments(self, row: Fields, rule: str) -> InstalmentsLimit:
        return InstalmentsLimit(
            parts=row.integer("parts", 2, _MOST_PARTS),
            min_part=read_amounts(row, "min_part", self.problems),
            min_part_percent=row.integer("min_part_percent", 0, 50, 0),
            largest_gap_days=row.integer("largest_gap_days", 1, 366, 31),
            down_payment_percent=row.integer("down_payment_percent", 0, 90, 0),
            within_days=row.integer("last_day", 1, _MOST_DAYS),
            **self._priced(row, rule),
        )

    def waiver(self, row: Fields, rule: str) -> WaiverLimit:
        return WaiverLimit(
            late_fees_percent=row.integer("late_fees_percent", 0, 100, 0),
            interest_percent=row.integer("interest_percent", 0, 100, 0),
            within_days=row.integer("pay_within_days", 0, 366),
            **self._approved(row, rule),
        )

    def settlement(self, row: Fields, rule: str) -> SettlementLimit:
        """Always for a person to approve, so the file has nothing to say about that."""
        return SettlementLimit(
            least_percent=row.integer("least_percent", 1, 99),
            within_days=row.integer("pay_within_days", 0, 366),
            approval=True,
            **self._shared(row, rule),
        )

    def _shared(self, row: Fields, rule: str) -> dict[str, Any]:
        when = Conditions(
            stages=self._stages(row),
            bands=self._bands(row),
            balance_from=read_amounts(row, "balance_from", self.problems),
            balance_to=read_amounts(row, "balance_to", self.problems),
        )
        return {"rule": rule, "place": row.place, "when": when}

    def _approved(self, row: Fields, rule: str) -> dict[str, Any]:
        above = read_amounts(row, "approval_above", self.problems)
        return self._shared(row, rule) | {"approval": row.flag("approval"), "approval_above": above}

    def _priced(self, row: Fields, rule: str) -> dict[str, Any]:
        return self._approved(row, rule) | {
            "times": row.integer("times", 1, 100, 1),
            "per_days": row.integer("per_days", 1, _MOST_DAYS) if row.has("per_days") else None,
            "fee": read_amounts(row, "fee", self.problems),
            "daily": self._share(row, "daily_percent"),
            "free_days": row.integer("grace_days", 0, 366, 0),
        }

    def _share(self, row: Fields, name: str) -> Fraction:
        place, text = row.place_of(name), row.text(name, "0")
        try:
            percent = Decimal(text)
            if percent.is_finite() and 0 <= percent <= _MOST_DAILY_PERCENT:
                return Fraction(percent) / 100
        except InvalidOperation:
            pass
        sentence = f'"{name}" is {text}, which is no percentage from 0 to {_MOST_DAILY_PERCENT}.'
        self.problems.note(place, 4, sentence, 'Write it like "0.05", in quotes.')
        return Fraction(0)

    def _stages(self, row: Fields) -> tuple[str, ...]:
        known = [stage.stage_id for stage in self.ladder.stages]
        for node in _words(row, "stages"):
            if known and node.text not in known:
                near = did_you_mean(node.text, known)
                fix = f"Choose from: {', '.join(known)}."
                self.problems.note(node.place, 23, f'The programme has no stage "{node.text}".{near}', fix)
        return row.words("stages")

    def _bands(self, row: Fields) -> tuple[str, ...]:
        for node in _words(row, "bands"):
            check_band(node, self.card, self.problems)
        return row.words("bands")


def _words(row: Fields, name: str) -> tuple[ScalarNode, ...]:
    node = row.node.get(name)
    items = node.items if isinstance(node, ListNode) else ()
    return tuple(item for item in items if isinstance(item, ScalarNode) and item.text.strip())
