"""Sending: what leaves, how urgent it is, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.borrower import Address


class MessageKind(StrEnum):
    """Why a message is sent; decides priority and what a crash in flight means."""

    REPLY = "reply"  # answers what the borrower just did; may be repeated once after a crash
    REMINDER = "reminder"  # proactive; never sent again by itself
    NOTICE = "notice"  # proactive, about an act already committed (promise kept, broken); never sent again by itself
    OPERATOR = "operator"  # a person wrote it; treated like a reply
    ACT = "act"  # idempotent: answering a press, editing, leaving a group; repeated freely


class OutboxState(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DEFERRED = "deferred"  # asked again at its `run_at`
    WITHHELD = "withheld"  # will not go
    REFUSED = "refused"  # the channel will never take it
    UNKNOWN = "unknown"  # it may have arrived
    DEAD = "dead"  # tried as often as the policy allows


@dataclass(frozen=True, slots=True)
class Button:
    """A button as the borrower sees it. Exactly one of `data`, `url`, `copy_text`, `request_contact` is set."""

    label: str
    data: str | None = None  # signed, at most 64 bytes on Telegram
    url: str | None = None
    copy_text: str | None = None
    request_contact: bool = False
    style: str | None = None  # primary, danger, success


@dataclass(frozen=True, slots=True)
class Content:
    """The very words and buttons, rendered. `markup` "html" uses Telegram's subset, values already escaped."""

    text: str
    rows: tuple[tuple[Button, ...], ...] = ()
    markup: str = "plain"
    remove_reply_keyboard: bool = False
    protect: bool = False  # the channel is asked to forbid forwarding


@dataclass(frozen=True, slots=True)
class SendMessage:
    content: Content


@dataclass(frozen=True, slots=True)
class StripButtons:
    """Takes the buttons from a message sent earlier, so that a stale choice cannot be pressed."""

    message_key: str


@dataclass(frozen=True, slots=True)
class AnswerPress:
    """Tells the channel that a press was seen, with a short line of text or none."""

    query_id: str
    text: str | None = None


@dataclass(frozen=True, slots=True)
class LeaveChat:
    """The bot goes out of a group or channel."""


ChannelAct = SendMessage | StripButtons | AnswerPress | LeaveChat


@dataclass(frozen=True, slots=True)
class OutboundMessage:
    """One row of the outbox as a channel gets it."""

    outbox_id: int
    address: Address
    act: ChannelAct
    kind: MessageKind
    attempt: int  # 1 for the first


@dataclass(frozen=True, slots=True)
class Delivered:
    message_key: str | None  # the channel's id of the message, None for acts without one


@dataclass(frozen=True, slots=True)
class Deferred:
    """The channel asks to wait. `everyone` True: the pause concerns all chats, not just this one."""

    retry_at: datetime
    everyone: bool = False
    reason: str = "rate_limited"


@dataclass(frozen=True, slots=True)
class Refused:
    """Permanent. `unreachable` True: this address takes nothing more (blocked, deactivated, not found)."""

    reason: str  # blocked, deactivated, never_started, chat_not_found, moved, bad_message, not_modified, expired, unauthorized
    unreachable: bool = False
    moved_to: str | None = None


@dataclass(frozen=True, slots=True)
class OutcomeUnknown:
    """The request left and no answer came: never treat it as not sent."""

    reason: str


@dataclass(frozen=True, slots=True)
class NotSent:
    """The request provably never left (no connection): safe to try again."""

    reason: str


DeliveryResult = Delivered | Deferred | Refused | OutcomeUnknown | NotSent
