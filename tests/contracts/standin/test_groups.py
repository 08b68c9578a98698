"""Groups, supergroups with topics, channels: membership, migration, and the service messages about topics."""

from typing import Any

import pytest

from bot.standin import Impossible, Person, StandIn


async def kinds(api: Any) -> list[str]:
    updates = await api.result("getUpdates")
    return [key for update in updates for key in update if key != "update_id"]


async def test_being_added_and_thrown_out_is_heard(api: Any, standin: StandIn, ana: Person) -> None:
    group = standin.group("Family", [ana], has_bot=False)
    await ana.say("hello all", chat=group)
    assert await kinds(api) == []
    code_and_text = await api.refusal("sendMessage", chat_id=group.chat_id, text="x")
    assert code_and_text == (403, "Forbidden: bot is not a member of the group chat")
    await group.add_bot(ana)
    await ana.say("hello bot", chat=group)
    assert await kinds(api) == ["my_chat_member", "message"]
    await api.result("sendMessage", chat_id=group.chat_id, text="x")
    await group.remove_bot(ana)
    code_and_text = await api.refusal("sendMessage", chat_id=group.chat_id, text="x")
    assert code_and_text == (403, "Forbidden: bot was kicked from the group chat")


async def test_the_bot_can_leave_a_group_and_no_private_chat(api: Any, standin: StandIn, ana: Person) -> None:
    group = standin.group("Family", [ana])
    await api.result("leaveChat", chat_id=group.chat_id)
    await ana.say("still here?", chat=group)
    assert await kinds(api) == []
    assert (await api.refusal("leaveChat", chat_id=ana.user_id))[1] == (
        "Bad Request: chat member status can't be changed in private chats"
    )


async def test_an_upgraded_group_answers_with_its_new_id(api: Any, standin: StandIn, ana: Person) -> None:
    group = standin.group("Desk", [ana])
    old_id = group.chat_id
    new_id = await group.migrate()
    updates = await api.result("getUpdates")
    assert updates[0]["message"]["migrate_to_chat_id"] == new_id
    assert updates[1]["message"]["migrate_from_chat_id"] == old_id
    assert await api("sendMessage", chat_id=old_id, text="x") == {
        "ok": False,
        "error_code": 400,
        "description": "Bad Request: group chat was upgraded to a supergroup chat",
        "parameters": {"migrate_to_chat_id": new_id},
    }
    await api.result("sendMessage", chat_id=new_id, text="x")
    assert (await group.next_message()).attachment == "migrate_from_chat_id"
    assert (await group.next_message()).text == "x"


async def test_topics_are_opened_written_in_and_closed(api: Any, standin: StandIn, ana: Person) -> None:
    desk = standin.group("Desk", [ana], forum=True)
    topic = await api.result("createForumTopic", chat_id=desk.chat_id, name="Case 7")
    thread_id = topic["message_thread_id"]
    assert topic["name"] == "Case 7"
    sent = await api.result("sendMessage", chat_id=desk.chat_id, message_thread_id=thread_id, text="brief")
    assert (sent["message_thread_id"], sent["is_topic_message"]) == (thread_id, True)
    await ana.say("I take it", chat=desk, thread_id=thread_id)
    await api.result("editForumTopic", chat_id=desk.chat_id, message_thread_id=thread_id, name="Case 7 (Ana)")
    await api.result("closeForumTopic", chat_id=desk.chat_id, message_thread_id=thread_id)
    created, written, edited, closed = [update["message"] for update in await api.result("getUpdates")]
    assert created["forum_topic_created"] == {"name": "Case 7", "icon_color": 7322096}
    assert created["from"]["is_bot"]
    assert written["reply_to_message"]["message_id"] == thread_id
    assert "forum_topic_edited" in edited
    assert "forum_topic_closed" in closed


async def test_impossible_acts_on_topics_are_refused(api: Any, standin: StandIn, ana: Person) -> None:
    desk = standin.group("Desk", [ana], forum=True)
    plain = standin.group("Plain", [ana], kind="supergroup")
    topic = await api.result("createForumTopic", chat_id=desk.chat_id, name="Case 7")
    case = {"chat_id": desk.chat_id, "message_thread_id": topic["message_thread_id"]}
    for method, fields, why in [
        ("createForumTopic", {"chat_id": plain.chat_id, "name": "x"}, "the chat is not a forum"),
        ("createForumTopic", {"chat_id": desk.chat_id, "name": " "}, "TOPIC_TITLE_EMPTY"),
        ("createForumTopic", {"chat_id": desk.chat_id, "name": "x" * 129}, "TOPIC_TITLE_TOO_LONG"),
        ("createForumTopic", {"chat_id": desk.chat_id, "name": "x", "icon_color": 1}, "TOPIC_ICON_COLOR_INVALID"),
        ("editForumTopic", {**case, "name": "Case 7"}, "TOPIC_NOT_MODIFIED"),
        ("reopenForumTopic", case, "TOPIC_NOT_MODIFIED"),
        ("closeForumTopic", {**case, "message_thread_id": 99}, "TOPIC_ID_INVALID"),
        ("sendMessage", {"chat_id": desk.chat_id, "message_thread_id": 1, "text": "x"}, "message thread not found"),
    ]:
        assert await api.refusal(method, **fields) == (400, f"Bad Request: {why}")


async def test_a_deleted_topic_takes_its_messages_along(api: Any, standin: StandIn, ana: Person) -> None:
    desk = standin.group("Desk", [ana], forum=True)
    topic = await api.result("createForumTopic", chat_id=desk.chat_id, name="Case 7")
    case = {"chat_id": desk.chat_id, "message_thread_id": topic["message_thread_id"]}
    await api.result("sendMessage", text="in the topic", **case)
    await api.result("sendMessage", chat_id=desk.chat_id, text="outside")
    await api.result("deleteForumTopic", **case)
    assert [message.text for message in desk.messages] == ["outside"]


async def test_a_group_takes_twenty_messages_a_minute(api: Any, standin: StandIn, ana: Person) -> None:
    group = standin.group("Family", [ana])
    answers = [await api("sendMessage", chat_id=group.chat_id, text=str(number)) for number in range(21)]
    assert [answer["ok"] for answer in answers] == [True] * 20 + [False]
    assert answers[-1]["parameters"] == {"retry_after": 3}


async def test_a_channel_post_is_no_message(api: Any, standin: StandIn, ana: Person) -> None:
    channel = standin.group("News", [ana], kind="channel")
    await channel.post("Rates fall", by=ana)
    update = (await api.result("getUpdates"))[0]
    assert update["channel_post"]["text"] == "Rates fall"
    assert "from" not in update["channel_post"]


async def test_chats_and_members_can_be_looked_up(api: Any, standin: StandIn, ana: Person) -> None:
    desk = standin.group("Desk", [ana], forum=True)
    chat = await api.result("getChat", chat_id=desk.chat_id)
    assert (chat["type"], chat["title"], chat["is_forum"]) == ("supergroup", "Desk", True)
    bot = await api.result("getChatMember", chat_id=desk.chat_id, user_id=123456)
    assert (bot["status"], bot["can_manage_chat"]) == ("administrator", True)
    member = await api.result("getChatMember", chat_id=desk.chat_id, user_id=ana.user_id)
    assert member["status"] == "member"
    refused = await api.refusal("getChatMember", chat_id=desk.chat_id, user_id=99)
    assert refused == (400, "Bad Request: PARTICIPANT_ID_INVALID")


async def test_strangers_do_not_write_in_a_group(standin: StandIn, ana: Person) -> None:
    group = standin.group("Family")
    with pytest.raises(Impossible):
        await ana.say("let me in", chat=group)
    group.add(ana)
    assert await ana.say("thank you", chat=group)
