"""Failures on demand: which call or update goes wrong, and how.

A rule names what it matches and from which match on it acts; random faults are drawn from a seeded generator, so a run
can be repeated. What a fault does to the connection is done in `server.py`, to an update in `updates.py`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any, Literal, get_args

CallFault = Literal["429", "5xx", "hang", "drop", "reset", "malformed"]
UpdateFault = Literal["duplicate", "late"]
Kind = CallFault | UpdateFault

CALL_FAULTS: tuple[str, ...] = get_args(CallFault)
UPDATE_FAULTS: tuple[str, ...] = get_args(UpdateFault)


@dataclass(slots=True)
class Fault:
    """One rule.

    429: refused, with `retry_after` seconds. 5xx: refused with `status`. hang: never answered, not acted on.
    drop: acted on, then the connection is closed without an answer. reset: the connection is reset before acting.
    malformed: acted on, and the answer is not JSON. duplicate: the update comes twice. late: the update comes after the
    next `behind` updates, at the latest `seconds` real seconds later.
    """

    kind: Kind
    #: A method for calls, a kind of update ("message", "callback_query") for updates; None matches all.
    method: str | None = None
    chat_id: int | None = None
    #: The first match that goes wrong, from 1, and how many; None: all that follow.
    nth: int = 1
    count: int | None = 1
    #: Asked last, with the fields of the call or the whole update.
    when: Callable[[Mapping[str, Any]], bool] | None = None
    retry_after: int = 1
    status: int = 502
    behind: int = 1
    seconds: float = 1.0
    #: How many calls or updates matched so far.
    matched: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        if self.kind not in CALL_FAULTS + UPDATE_FAULTS:
            raise ValueError(f"{self.kind!r} is no fault; there are {', '.join(CALL_FAULTS + UPDATE_FAULTS)}")
        if self.nth < 1:
            raise ValueError("nth counts from 1")

    def strikes(self, method: str, chat_id: int | None, subject: Mapping[str, Any]) -> bool:
        """Whether this call or update goes wrong; counts it where it matches."""
        if self.method not in (None, method) or self.chat_id not in (None, chat_id):
            return False
        if self.when is not None and not self.when(subject):
            return False
        self.matched += 1
        return self.matched >= self.nth and (self.count is None or self.matched < self.nth + self.count)


class Faults:
    """The rules in force, asked in the order in which they were added; the first that strikes hides a call from the rest."""

    def __init__(self) -> None:
        self._rules: list[Fault] = []
        self._random: Random | None = None
        self._rates: Mapping[Kind, float] = {}
        self._methods: frozenset[str] | None = None

    def add(self, kind: Kind, **options: Any) -> Fault:
        """Adds a rule; `options` are the fields of `Fault`. Raises ValueError or TypeError for what is no fault."""
        rule = Fault(kind, **options)
        self._rules.append(rule)
        return rule

    def random(self, seed: int, rates: Mapping[Kind, float], methods: Iterable[str] | None = None) -> None:
        """Faults by chance: `rates` gives the share (0 to 1) of calls or updates that suffer each kind.

        `methods` narrows the calls; updates are not narrowed.
        """
        if sum(rate for kind, rate in rates.items() if kind in CALL_FAULTS) > 1 or any(
            kind not in CALL_FAULTS + UPDATE_FAULTS or rate < 0 for kind, rate in rates.items()
        ):
            raise ValueError("rates are shares of 1 by kind of fault")
        self._random = Random(seed)  # noqa: S311
        self._rates = dict(rates)
        self._methods = None if methods is None else frozenset(methods)

    def clear(self) -> None:
        """Nothing goes wrong from now on."""
        self._rules.clear()
        self._random = None

    def for_call(self, method: str, chat_id: int | None, fields: Mapping[str, Any]) -> Fault | None:
        """The fault that this call suffers, if any."""
        return self._find(CALL_FAULTS, method, chat_id, fields)

    def for_update(self, kind: str, chat_id: int | None, update: Mapping[str, Any]) -> Fault | None:
        """The fault that this update suffers, if any."""
        return self._find(UPDATE_FAULTS, kind, chat_id, update)

    def _find(
        self, kinds: tuple[str, ...], method: str, chat_id: int | None, subject: Mapping[str, Any]
    ) -> Fault | None:
        for rule in self._rules:
            if rule.kind in kinds and rule.strikes(method, chat_id, subject):
                return rule
        if self._random is None or (kinds is CALL_FAULTS and self._methods is not None and method not in self._methods):
            return None
        drawn = self._random.random()
        for kind, rate in self._rates.items():
            if kind in kinds:
                if drawn < rate:
                    return Fault(kind)
                drawn -= rate
        return None
