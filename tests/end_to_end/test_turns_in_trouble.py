"""What a borrower meets when something is wrong: a turn that cannot be carried out, a link that is not theirs, a new script."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.channels import console
from bot.dialog.effects import Choice
from bot.domain.borrower import Address
from bot.domain.errors import ConfigurationProblems
from bot.domain.events import ChatMoved, Received
from bot.services.handle_inbound import HandleInbound
from bot.services.invite import invite
from bot.services.publish_scripts import publish, read_files
from tests.end_to_end.terminals import ROOT, START, NoWakeUps, Terminals

CALM = (
    "Something went wrong on our side, and your last message was not handled. "
    "A person will look at it and answer you here."
)
OLD, NEW = "谢谢您，您的还款承诺已经登记。", "您的还款承诺已经登记，谢谢您。"


# -- a turn that raises -----------------------------------------------------------------------------------------------


def reads_all_but_one(raw: str) -> Received | None:
    if "the fatal word" in raw:
        raise RecursionError("a bug")
    return console.read(raw)


def signs_for_nobody(chat_key: str, choice: Choice, place: int, keyboard: int) -> str:
    raise KeyError("a bug")


async def test_an_update_that_always_fails_ends_with_a_person_and_calm_words(office: Terminals) -> None:
    office.read = reads_all_but_one
    await office.sit("sam", "S-4")
    assert await office.say("sam", "this holds the fatal word") == CALM
    (case,) = [c async for c in office.storage.cases()]
    assert (case.reason, case.borrower_id, case.takes_chat) == ("error", "S-4", True)
    assert await office.storage.oldest_update(console.CHANNEL, "sam") is None
    (turn,) = [t async for t in office.storage.turns("S-4")]
    assert (turn.event, turn.why) == ("TurnFailed", ("turn failed: RecursionError",))
    assert (turn.intent, turn.text, turn.slots, turn.effects) == (None, None, (), ("HandOff", "Say"))


async def test_a_failed_turn_is_tried_again_after_a_wait_that_grows_and_the_chat_waits_with_it(
    office: Terminals,
) -> None:
    tried: list[float] = []

    def fails_twice(raw: str) -> Received | None:
        tried.append((office.clock.now() - START).total_seconds())
        if len(tried) < 3:
            raise RecursionError("a bug")
        return console.read(raw)

    await office.sit("sam", "S-4", "en")
    inbound = HandleInbound(
        office.storage,
        office.scripts,
        office.clock,
        NoWakeUps(),
        {console.CHANNEL: fails_twice},
        {console.CHANNEL: console.sign},
    )
    for place, line in enumerate(("what do I owe?", "hello")):
        update = office.channels["sam"].update(line, office.clock.now() + timedelta(microseconds=place))
        assert update is not None
        await office.storage.commit((update,))
    for seconds in range(12):
        office.clock.move_to(START + timedelta(seconds=seconds))
        await inbound.chat("console:sam")
    assert tried == [0, 2, 10, 10]
    turns = [turn.text async for turn in office.storage.turns("S-4")]
    assert turns == ["what do I owe?", "hello"]


async def test_a_chat_that_failed_keeps_nobody_else_waiting(office: Terminals) -> None:
    office.read = reads_all_but_one
    await office.sit("sam", "S-4")
    await office.sit("ravi", "S-6")
    await office.say("sam", "this holds the fatal word")
    assert "Is this right?" in await office.say("ravi", "I can pay 4500 on Friday")


async def test_a_failing_answer_leaves_no_half_turn_behind(office: Terminals) -> None:
    office.sign = signs_for_nobody
    await office.sit("sam", "S-4")
    assert await office.say("sam", "I'll pay 95 on Friday") == CALM
    assert [c async for c in office.storage.commitments()] == []
    (turn,) = [t async for t in office.storage.turns("S-4")]
    assert (turn.event, turn.text) == ("TurnFailed", "I'll pay 95 on Friday")
    (case,) = [c async for c in office.storage.cases()]
    assert dict(case.brief)["said"] == "I'll pay 95 on Friday"
    assert len([d async for d in office.storage.deliveries("S-4")]) == 1


async def test_the_words_of_somebody_unknown_are_not_kept_when_their_update_fails(office: Terminals) -> None:
    office.sign = signs_for_nobody
    await office.sit("stranger")
    assert await office.say("stranger", "my number is 12345") == CALM
    (case,) = [c async for c in office.storage.cases()]
    assert "said" not in dict(case.brief)


async def test_a_chat_nobody_knows_is_told_the_same_when_its_update_fails(office: Terminals) -> None:
    office.read = reads_all_but_one
    await office.sit("stranger")
    assert await office.say("stranger", "this holds the fatal word") == CALM
    (case,) = [c async for c in office.storage.cases()]
    assert case.borrower_id is None


async def test_a_group_that_moves_to_an_address_which_is_known_leaves_both_as_they_are(office: Terminals) -> None:
    def moves(raw: str) -> Received | None:
        return Received(Address(console.CHANNEL, "group", private=False), ChatMoved("supergroup"))

    await office.sit("group")
    await office.sit("supergroup", language="zh-Hans")
    office.read = moves
    assert await office.say("group", "moved") == ""
    assert await office.storage.oldest_update(console.CHANNEL, "group") is None
    assert [c.reason async for c in office.storage.cases()] == []
    now = office.clock.now()
    for key, language in (("group", None), ("supergroup", "zh-Hans")):
        conversation = (await office.storage.situation_of_chat(Address(console.CHANNEL, key), now)).conversation
        assert conversation is not None
        assert conversation.language == language


# -- links ------------------------------------------------------------------------------------------------------------


async def bound_to(office: Terminals, chat: str) -> str | None:
    found = await office.storage.situation_of_chat(Address(console.CHANNEL, chat), office.clock.now())
    return found.conversation.borrower_id if found.conversation else None


async def test_a_link_opened_twice_in_one_chat_is_fine(office: Terminals) -> None:
    (link,) = await invite(office.storage, ("S-4",), START, "test")
    await office.sit("sam")
    first = await office.say("sam", f"/start {link.token}")
    assert await bound_to(office, "sam") == "S-4"
    again = await office.say("sam", f"/start {link.token}")
    assert await bound_to(office, "sam") == "S-4"
    for told in (first, again):
        assert told.startswith("Hello. I am the automated assistant of Example Lender.")
        assert "[1] Share my number" in told


async def test_a_used_link_tells_another_chat_nothing(office: Terminals) -> None:
    (link,) = await invite(office.storage, ("S-4",), START, "test")
    await office.sit("sam")
    await office.sit("eve")
    await office.say("sam", f"/start {link.token}")
    told = await office.say("eve", f"/start {link.token}")
    assert await bound_to(office, "eve") is None
    assert await bound_to(office, "sam") == "S-4"
    assert told == (
        "This invitation was already used. If it is yours, please ask Example Lender for a new one.\n"
        "[1] Is it really you?\n[2] Talk to a person"
    )
    await office.say("eve", "how much do I owe?")
    assert not {"Sam", "95", "L-4001"} & set(" ".join(office.shown["eve"]).split())


async def test_an_expired_link_binds_nobody(office: Terminals) -> None:
    (link,) = await invite(office.storage, ("S-4",), START, "test")
    office.clock.move_to(START + timedelta(days=7))
    await office.sit("sam")
    told = await office.say("sam", f"/start {link.token}")
    assert await bound_to(office, "sam") is None
    assert told == (
        "This invitation has expired. Please ask Example Lender for a new one.\n"
        "[1] Is it really you?\n[2] Talk to a person"
    )


# -- a new version ----------------------------------------------------------------------------------------------------


async def test_a_flow_goes_on_in_the_version_in_which_it_began(office: Terminals) -> None:
    await office.sit("wei", "S-2", "zh-Hans")
    await office.sit("lan", "S-3", "zh-Hans")
    assert "500.00" in await office.say("wei", "我周五还500")
    files = read_files(ROOT / "dialogs", ROOT / "locales")
    catalog = "locales/zh_Hans/LC_MESSAGES/bot.po"
    files[catalog] = files[catalog].replace(OLD, NEW)
    published = await publish(office.storage, files, START, "test", "new words")
    assert published.live.number == 2
    assert await office.scripts.refresh()
    assert OLD in await office.say("wei", "1")
    await office.say("lan", "我周五还500")
    assert NEW in await office.say("lan", "1")
    turns = {name: [t.script_version async for t in office.storage.turns(name)] for name in ("S-2", "S-3")}
    assert turns == {"S-2": [1, 1], "S-3": [2, 2]}
    await office.say("wei", "你好")
    assert [t.script_version async for t in office.storage.turns("S-2")] == [1, 1, 2]


async def test_an_edit_that_does_not_pass_the_check_never_goes_live(office: Terminals) -> None:
    files = read_files(ROOT / "dialogs", ROOT / "locales")
    files["dialogs/flows/thanks.yaml"] += "\n  lost: {goto: nowhere}\n"
    with pytest.raises(ConfigurationProblems) as refused:
        await publish(office.storage, files, START, "test", "a bad edit")
    assert "S020" in str(refused.value)
    assert not await office.scripts.refresh()
    live = await office.storage.live_version()
    assert live is not None
    assert live.number == 1
    await office.sit("sam", "S-4")
    assert "Is this right?" in await office.say("sam", "I'll pay 95 on Friday")
