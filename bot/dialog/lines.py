"""Lines: sentences, what is said of them when, and buttons: what flows and answers are made of."""

from __future__ import annotations

from dataclasses import dataclass

from bot.dialog.conditions import Condition
from bot.dialog.state import SlotJson
from bot.domain.diagnostics import Place
from bot.texts.messages import Message, Parameters


@dataclass(frozen=True, slots=True)
class Sentence:
    """A source sentence with its context. With `plural`, the parameter `count_by` chooses between the two."""

    source: str
    context: str
    place: Place
    plural: str | None = None
    count_by: str | None = None

    def with_values(self, parameters: Parameters) -> Message:
        return Message(self.source, self.context, parameters, self.plural, self.count_by)


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence said only `when` its condition holds, once, or once for `each` row of a list."""

    sentence: Sentence
    when: Condition | None = None
    each: str | None = None


@dataclass(frozen=True, slots=True)
class ScriptButton:
    """A button: an answer to the open question (`value`, or the field `value_of`), a step to go to, or a lasting intent."""

    label: Sentence
    place: Place
    value: SlotJson = None
    value_of: str | None = None
    goto: str | None = None
    intent: str | None = None
    argument: str | None = None  # field whose text goes with the intent
    copy_of: str | None = None  # field whose text is copied
    url_of: str | None = None  # field that holds an https address
    contact: bool = False
    style: str | None = None
    when: Condition | None = None
