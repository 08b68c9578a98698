"""Approvals: which facts and answers of places somebody let the bot say. Known by the digest of the content, so an edit ends one.

The generic answers need none. All processes take over a change with the next look for new versions.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.dialog.known_answers import Answers
from bot.domain.diagnostics import did_you_mean
from bot.domain.errors import ConfigurationProblems
from bot.policy.legal_facts import Origin
from bot.services.ports import Approval, Storage
from bot.services.writes import AppendApproval, AppendAudit

#: Who approves in the demo, so that nobody takes it for a lawyer's word.
DEMO = "demo"


@dataclass(frozen=True, slots=True)
class Content:
    """A fact or an answer of a place, as it stands in the files."""

    place: str
    name: str
    question: str | None  # of an answer
    says: str
    origin: Origin
    digest: str


def contents(answers: Answers) -> tuple[Content, ...]:
    """Everything that needs an approval, place by place."""
    return tuple(_contents(answers))


def _contents(answers: Answers) -> Iterator[Content]:
    questions = {answer.id: answer.question for answer in answers.by_question.values()}
    for code, place in sorted(answers.places.items()):
        for name, fact in place.facts.items():
            yield Content(code, name, None, str(fact.value), fact.origin, fact.digest)
        for name, text in place.texts.items():
            says = " ".join(line.sentence.source for line in (*text.lines, *text.more))
            yield Content(code, name, questions.get(name), says, text.origin, text.digest)


def approved_digests(approvals: Collection[Approval]) -> frozenset[str]:
    return frozenset(approval.digest for approval in approvals if approval.approved)


async def decide(
    storage: Storage, answers: Answers, place: str, names: Collection[str], approved: bool, by: str, now: datetime
) -> tuple[Content, ...]:
    """Approves these names of a place, or takes that back; all of the place where none is named. What changed.

    Raises ConfigurationProblems for a place or name that the answers do not have, and where nobody stands behind it.
    """
    if not by.strip():
        raise ConfigurationProblems(["Say who decides: an approval without a name is worth nothing."])
    wanted = _wanted(answers, place, names)
    done = approved_digests(await storage.approvals())
    changed = tuple(c for c in wanted if (c.digest in done) is not approved)
    await _store(storage, changed, approved, by, now)
    return changed


async def approve_all(storage: Storage, answers: Answers, by: str, now: datetime) -> None:
    """Every content of every place, as the demo does."""
    done = approved_digests(await storage.approvals())
    await _store(storage, tuple(c for c in contents(answers) if c.digest not in done), True, by, now)


async def _store(storage: Storage, changed: Collection[Content], approved: bool, by: str, now: datetime) -> None:
    act = "answer_approved" if approved else "answer_withdrawn"
    words = [AppendApproval(c.place, c.name, c.digest, approved, now, by) for c in changed]
    told = [AppendAudit(now, by, act, f"{c.place} {c.name}", (("digest", c.digest),)) for c in changed]
    if words:
        await storage.commit((*words, *told))


def _wanted(answers: Answers, place: str, names: Collection[str]) -> tuple[Content, ...]:
    there: Mapping[str, Content] = {c.name: c for c in contents(answers) if c.place == place}
    if not there:
        near = did_you_mean(place, answers.places)
        raise ConfigurationProblems([f'There is no place "{place}" in dialogs/answers/places/.{near}'])
    unknown = [name for name in names if name not in there]
    if unknown:
        raise ConfigurationProblems(
            [f'{place} has no fact or answer "{name}".{did_you_mean(name, there)}' for name in unknown]
        )
    return tuple(there[name] for name in names) if names else tuple(there.values())
