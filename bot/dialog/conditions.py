"""Conditions: typed comparisons over a closed list of fields, joined by all, any and not. No code, nothing to evaluate.

A condition reads `amount > due_now`, `stage in upcoming due`, `verified` or `not verified`. A comparison with a value that
is not known is false, whatever it compares; `known due_on` asks for that by name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.domain.money import Money

_COMPARISON = re.compile(r"(?P<field>[a-z][a-z0-9_]*)\s*(?P<op><=|>=|!=|=|<|>)\s*(?P<value>[A-Za-z0-9_.-]+)\Z")
_MEMBER = re.compile(r"(?P<field>[a-z][a-z0-9_]*)\s+in\s+(?P<values>[A-Za-z0-9_. -]+)\Z")
_KNOWN = re.compile(r"known\s+(?P<field>[a-z][a-z0-9_]*)\Z")
_FLAG = re.compile(r"(?P<field>[a-z][a-z0-9_]*)\Z")
_INTEGER = re.compile(r"-?[0-9]{1,15}\Z")


@dataclass(frozen=True, slots=True)
class Compare:
    """`other` names a field; else `value` is a whole number or a word."""

    field: str
    op: str
    value: str | int | None = None
    other: str | None = None


@dataclass(frozen=True, slots=True)
class Member:
    field: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Known:
    field: str


@dataclass(frozen=True, slots=True)
class Flag:
    field: str


@dataclass(frozen=True, slots=True)
class Not:
    part: Condition


@dataclass(frozen=True, slots=True)
class AllOf:
    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: tuple[Condition, ...]


Condition = Compare | Member | Known | Flag | Not | AllOf | AnyOf

#: Reads a field's value now: Money, date, int, str, bool or None.
Read = Callable[[str], object]

_ORDER: Mapping[str, Callable[[int], bool]] = {
    "=": lambda c: c == 0,
    "!=": lambda c: c != 0,
    "<": lambda c: c < 0,
    "<=": lambda c: c <= 0,
    ">": lambda c: c > 0,
    ">=": lambda c: c >= 0,
}


def read_condition(text: str, is_field: Callable[[str], bool]) -> Condition | None:
    """The condition that one line of text states, or None where it states none."""
    text = text.strip()
    if text.startswith("not "):
        part = read_condition(text[4:], is_field)
        return None if part is None else Not(part)
    if found := _COMPARISON.match(text):
        word = found["value"]
        if _INTEGER.match(word):
            return Compare(found["field"], found["op"], value=int(word))
        if is_field(word):
            return Compare(found["field"], found["op"], other=word)
        return Compare(found["field"], found["op"], value=word)
    if found := _MEMBER.match(text):
        return Member(found["field"], tuple(found["values"].split()))
    if found := _KNOWN.match(text):
        return Known(found["field"])
    if found := _FLAG.match(text):
        return Flag(found["field"])
    return None


def holds(condition: Condition, read: Read) -> bool:
    """Whether the condition is true of the values that `read` gives."""
    match condition:
        case Compare():
            return _compare(read(condition.field), condition, read)
        case Member():
            return str(read(condition.field)) in condition.values
        case Known():
            return read(condition.field) is not None
        case Flag():
            return read(condition.field) is True
        case Not():
            return not holds(condition.part, read)
        case AllOf():
            return all(holds(part, read) for part in condition.parts)
        case AnyOf():
            return any(holds(part, read) for part in condition.parts)


def _compare(left: object, condition: Compare, read: Read) -> bool:
    right = read(condition.other) if condition.other else condition.value
    if isinstance(left, Money) and isinstance(right, int):
        right = Money(right, left.currency)  # only 0 is sensible, and check insists on it
    if isinstance(left, Money) and isinstance(right, Money) and left.currency != right.currency:
        return False
    if left is None or right is None or type(left) is not type(right):
        return False
    order = 0 if left == right else -1 if left < right else 1  # type: ignore[operator]
    return _ORDER[condition.op](order)


def fields_of(condition: Condition) -> tuple[str, ...]:
    """Every field that a condition reads, in order."""
    match condition:
        case Compare():
            return (condition.field, *((condition.other,) if condition.other else ()))
        case Member() | Known() | Flag():
            return (condition.field,)
        case Not():
            return fields_of(condition.part)
        case AllOf() | AnyOf():
            return tuple(name for part in condition.parts for name in fields_of(part))
