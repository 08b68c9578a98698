"""Inbound events: what a borrower did in a chat, in the past tense, whatever the channel."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.borrower import Address


class Unsupported(StrEnum):
    """Kinds of message that the bot cannot read but answers sensibly."""

    PHOTO = "photo"
    DOCUMENT = "document"
    VOICE = "voice"
    VIDEO = "video"
    STICKER = "sticker"
    LOCATION = "location"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class TextReceived:
    text: str
    edited: bool = False  # an edited message is read as a new one; the borrower is told so
    album: str | None = None  # of the pictures under which it was written


@dataclass(frozen=True, slots=True)
class CommandGiven:
    """A slash command without its slash, lower case: `help`. Unknown ones arrive here too."""

    name: str


@dataclass(frozen=True, slots=True)
class LinkOpened:
    """Start was pressed. `token` is the deep link's payload, empty for a bare Start."""

    token: str


@dataclass(frozen=True, slots=True)
class ButtonPressed:
    """A button whose signature fits this chat.

    A step's button names the keyboard it stood on (the conversation's version when it was shown) and the place of the choice
    there; a lasting button (under a reminder or a receipt) names an intent and may be pressed at any time.
    """

    keyboard: int | None
    choice: int
    intent: str | None = None
    argument: str | None = None  # with an intent: a commitment reference, a loan's short number
    query_id: str | None = None  # the channel's handle for answering the press
    message_key: str | None = None  # the message that carries the button


@dataclass(frozen=True, slots=True)
class ForgedButton:
    """A press whose signature does not fit: forged, from another chat, or from before the key was changed."""

    query_id: str | None = None


@dataclass(frozen=True, slots=True)
class ContactShared:
    """`own` is True only if the channel vouches that the number is the sender's own."""

    phone: str
    own: bool


@dataclass(frozen=True, slots=True)
class ChatBlocked:
    """The borrower blocked the bot."""


@dataclass(frozen=True, slots=True)
class ChatUnblocked:
    """The borrower unblocked the bot."""


@dataclass(frozen=True, slots=True)
class ChatMoved:
    """A group became a supergroup with another key."""

    new_key: str


@dataclass(frozen=True, slots=True)
class AddedToGroup:
    """The bot was put into a group or channel, or somebody wrote there. It says one neutral sentence and leaves."""


@dataclass(frozen=True, slots=True)
class UnsupportedReceived:
    """`album` is the same for all that was sent together; it is answered once."""

    kind: Unsupported
    album: str | None = None


InboundEvent = (
    TextReceived
    | CommandGiven
    | LinkOpened
    | ButtonPressed
    | ForgedButton
    | ContactShared
    | ChatBlocked
    | ChatUnblocked
    | ChatMoved
    | AddedToGroup
    | UnsupportedReceived
)


@dataclass(frozen=True, slots=True)
class Received:
    """An event and where it happened. `language` is what the channel's client reports, a hint and no more."""

    address: Address
    event: InboundEvent
    language: str | None = None
