"""A strict local stand-in for the Telegram Bot API, for the demo, for tests, and for trying one's own dialog scripts.

It checks every call against its own table of methods, answers with Telegram's own errors, keeps Telegram's limits, can be
told to fail, and keeps a ledger of what truly happened.
"""

from bot.standin.chats import Button, Shown
from bot.standin.faults import Fault, Faults
from bot.standin.groups import Group
from bot.standin.ledger import Entry, Ledger
from bot.standin.limits import Limits
from bot.standin.people import Impossible, Person
from bot.standin.standin import StandIn
from bot.standin.webhook import Backoff
from bot.standin.world import CallbackAnswer, Press

__all__ = [
    "Backoff",
    "Button",
    "CallbackAnswer",
    "Entry",
    "Fault",
    "Faults",
    "Group",
    "Impossible",
    "Ledger",
    "Limits",
    "Person",
    "Press",
    "Shown",
    "StandIn",
]
