"""Approving and taking back: by name or all of a place, kept with an audit entry, and ended by an edit of the content."""

import pytest

from bot.dialog.known_answers import Answers, Jurisdiction
from bot.domain.diagnostics import Place
from bot.domain.errors import ConfigurationProblems
from bot.policy.legal_facts import Origin, PlaceFact
from bot.services.approvals import approve_all, approved_digests, contents, decide
from tests.contracts.storage.builders import NOW

FACTS = ("fact_limitation_years", "fact_credit_record_years")


def answers_of(digest: str = "d") -> Answers:
    facts = {
        name: PlaceFact(name, 3, "law", Origin("a law", NOW.date()), f"{digest}-{name}", Place("CN.yaml", 3, 3))
        for name in FACTS
    }
    return Answers({}, {"CN": Jurisdiction("CN", ("CN",), facts, {}, Place("CN.yaml"))})


async def approved(storage) -> frozenset[str]:
    return approved_digests(await storage.approvals())


async def test_one_name_is_approved_and_the_others_are_not(storage):
    changed = await decide(storage, answers_of(), "CN", [FACTS[0]], True, "Legal", NOW)
    assert [content.name for content in changed] == [FACTS[0]]
    assert await approved(storage) == {"d-fact_limitation_years"}
    assert await storage.verify_audit() is None


async def test_without_a_name_all_of_a_place_is_meant(storage):
    await decide(storage, answers_of(), "CN", [], True, "Legal", NOW)
    assert await approved(storage) == {content.digest for content in contents(answers_of())}
    await decide(storage, answers_of(), "CN", [], False, "Legal", NOW)
    assert await approved(storage) == frozenset()


async def test_what_is_so_already_changes_nothing(storage):
    await decide(storage, answers_of(), "CN", [], True, "Legal", NOW)
    assert await decide(storage, answers_of(), "CN", [], True, "Somebody else", NOW) == ()
    assert {a.by for a in await storage.approvals()} == {"Legal"}


async def test_an_edit_of_the_content_ends_its_approval(storage):
    await decide(storage, answers_of("old"), "CN", [], True, "Legal", NOW)
    assert not await approved(storage) & {content.digest for content in contents(answers_of("new"))}


@pytest.mark.parametrize(("place", "names", "said"), [("CX", [], 'no place "CX"'), ("CN", ["fact_x"], '"fact_x"')])
async def test_what_is_not_there_cannot_be_approved(storage, place, names, said):
    with pytest.raises(ConfigurationProblems, match=said):
        await decide(storage, answers_of(), place, names, True, "Legal", NOW)
    assert await storage.approvals() == ()


async def test_nobody_can_approve_without_a_name(storage):
    with pytest.raises(ConfigurationProblems, match="who decides"):
        await decide(storage, answers_of(), "CN", [], True, " ", NOW)
    assert await storage.approvals() == ()


async def test_the_demo_approves_all_in_its_own_name_and_once(storage):
    await approve_all(storage, answers_of(), "demo", NOW)
    await approve_all(storage, answers_of(), "demo", NOW)
    assert [(a.name, a.by) for a in await storage.approvals()] == [(name, "demo") for name in FACTS]
