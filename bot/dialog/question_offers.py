"""What the menu of questions offers: the groups that have answers, and the questions of one group by their titles."""

from __future__ import annotations

from bot.dialog.facts import Facts
from bot.dialog.known_answers import GROUPS
from bot.dialog.state import SlotJson
from bot.texts.messages import Parameter, Words

Offered = tuple[tuple[SlotJson, Parameter], ...]


def question_groups(facts: Facts, languages: tuple[str, ...]) -> Offered:
    """Each group that has an answer, by the word for it."""
    return tuple(
        (group, facts.label(f"questions_{group.lower()}")) for group in GROUPS if facts.answers.of_group(group)
    )


def questions_of_subject(facts: Facts, languages: tuple[str, ...]) -> Offered:
    """The questions of the group that was chosen before."""
    answers = facts.answers.of_group(str(facts.read("subject")))
    return tuple((answer.question, Words(answer.title.with_values(()))) for answer in answers)
