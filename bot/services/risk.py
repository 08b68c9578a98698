"""The risk of a loan by its programme's scorecard, from all that is stored of it."""

from __future__ import annotations

from datetime import date

from bot.domain.commitments import Commitment, CommitmentStatus
from bot.policy.programme import Programme
from bot.policy.scorecard import Score, facts_of, score
from bot.services.ports import LedgerState, Storage


async def band_of(
    storage: Storage, programme: Programme, loan_id: str, commitments: tuple[Commitment, ...], today: date
) -> str | None:
    """The band of a loan, None where its programme has no scorecard. `commitments` are all of the borrower's."""
    if programme.scorecard is None:
        return None
    found = score_of(await storage.ledger(loan_id), programme, commitments, today)
    return found.band if found is not None else None


def score_of(
    ledger: LedgerState | None, programme: Programme, commitments: tuple[Commitment, ...], today: date
) -> Score | None:
    """The score behind the band, with its reasons."""
    if programme.scorecard is None or ledger is None:
        return None
    broken = sum(commitment.status is CommitmentStatus.BROKEN for commitment in commitments)
    return score(programme.scorecard, facts_of(ledger.loan, ledger.payments, broken, today), ledger.loan.risk)
