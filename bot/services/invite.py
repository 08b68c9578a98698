"""Invite: one-time deep links that bring a borrower to the chat. Only a token's hash is ever stored."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.services.identifiers import fresh_id, fresh_token
from bot.services.ports import Storage
from bot.services.writes import AppendAudit, CreateLink, Write

#: A link that was not opened in this time is dead.
LIFETIME = timedelta(days=7)
#: Links of one transaction: a running bot waits behind it.
_TOGETHER = 500


@dataclass(frozen=True, slots=True)
class Invitation:
    """`token` is shown once, to whoever asked for it, and lives nowhere else."""

    borrower_id: str
    token: str
    expires_at: datetime

    def url(self, bot_username: str) -> str:
        return f"https://t.me/{bot_username}?start={self.token}"


def token_hash(token: str) -> str:
    """SHA-256 of a deep link's token in hexadecimal digits. 128 random bits need no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


async def invite(storage: Storage, borrower_ids: Sequence[str], now: datetime, by: str) -> tuple[Invitation, ...]:
    """New links for these borrowers, stored before they are handed out. Older unused ones stay valid till they expire."""
    invitations = tuple(Invitation(b, fresh_token(), now + LIFETIME) for b in borrower_ids)
    for start in range(0, len(invitations), _TOGETHER):
        writes: list[Write] = []
        for invitation in invitations[start : start + _TOGETHER]:
            link_id = fresh_id(now)
            hashed = token_hash(invitation.token)
            writes.append(CreateLink(link_id, hashed, invitation.borrower_id, now, invitation.expires_at))
            writes.append(AppendAudit(now, by, "invited", invitation.borrower_id, (("link_id", link_id),)))
        await storage.commit(tuple(writes))
    return invitations
