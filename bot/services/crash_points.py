"""Crash points: named places between two steps at which the crash tests end the process. In service nothing happens there.

A place is passed right before or after something that cannot be undone: a commit, or a message leaving.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from itertools import count

from bot.domain.errors import ConfigurationProblems

#: Called with the name of the place that is being passed.
CrashPoint = Callable[[str], None]

PLACES = (
    "after_store_update",
    "before_turn_commit",
    "after_turn_commit",
    "before_timer_commit",
    "after_timer_commit",
    "before_send",
    "after_send",
    "before_settle",
)


def pass_by(_place: str) -> None:
    """Nothing happens."""


def crash_at(spec: str) -> CrashPoint:
    """From "place:n": the process kills itself, without any clearing up, when it passes the place for the n-th time.

    Raises ConfigurationProblems for a place that there is not.
    """
    wanted, _, number = spec.partition(":")
    if wanted not in PLACES or not number.isdecimal():
        raise ConfigurationProblems(
            [f"GRACE_TEST_CRASH_AT={spec}: write one of {', '.join(PLACES)}, a colon and a number."]
        )
    passings = count(1)

    def passing(place: str) -> None:
        if place == wanted and next(passings) == int(number):
            os.kill(os.getpid(), signal.SIGKILL)

    return passing
