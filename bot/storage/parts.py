"""The loans of a message about several, as JSON text: a list of loan, timer key, programme and facts."""

from __future__ import annotations

import json
from collections.abc import Sequence

from bot.services.writes import LoanPart
from bot.storage.types import to_json


def to_parts(parts: Sequence[LoanPart]) -> str | None:
    """None for a message about one loan or none: its row says it all."""
    rows = [[p.loan_id, p.timer_key, p.programme, [list(fact) for fact in p.about]] for p in parts]
    return to_json(rows) if rows else None


def from_parts(stored: str | None) -> tuple[LoanPart, ...]:
    if stored is None:
        return ()
    return tuple(
        LoanPart(loan_id, key, programme, tuple((name, value) for name, value in facts))
        for loan_id, key, programme, facts in json.loads(stored)
    )
