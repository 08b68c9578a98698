"""The calls about chats and forum topics, with Telegram's own refusals; one function a method, as in `calls_messages.py`."""

from typing import Any

from bot.standin.arguments import Call
from bot.standin.chats import Chat, Json, Message, Topic
from bot.standin.groups import member
from bot.standin.reach import chat_to_read, chat_to_write
from bot.standin.refusals import bad_request
from bot.standin.world import World

_TOPIC_COLOUR = 7322096
_TOPIC_COLOURS = frozenset({7322096, 16766590, 13338331, 9367192, 16749490, 16478047})
_MOST_TOPIC_NAME = 128


def get_chat(world: World, call: Call) -> Json:
    chat = chat_to_read(world, call.get("chat_id"))
    return {
        **chat.as_telegram(),
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": {
            "unlimited_gifts": False,
            "limited_gifts": False,
            "unique_gifts": False,
            "premium_subscription": False,
            "gifts_from_channels": False,
        },
    }


def get_chat_member(world: World, call: Call) -> Json:
    chat = chat_to_read(world, call.get("chat_id"))
    user_id = call.get("user_id")
    if user_id == world.bot["id"]:
        status = ("member" if chat.kind in ("private", "group") else "administrator") if chat.has_bot else "left"
        return member(world.bot, status)
    person = chat.person if chat.is_private and chat.chat_id == user_id else chat.members.get(user_id)
    if person is None:
        raise bad_request("PARTICIPANT_ID_INVALID")
    return member(person.as_telegram(), "member")


def leave_chat(world: World, call: Call) -> bool:
    chat = chat_to_write(world, call)
    if chat.is_private:
        raise bad_request("chat member status can't be changed in private chats")
    chat.has_bot = False
    return True


def create_forum_topic(world: World, call: Call) -> Json:
    chat = _forum(world, call)
    name = _topic_name(call.get("name"))
    colour = call.get("icon_color", _TOPIC_COLOUR)
    if colour not in _TOPIC_COLOURS:
        raise bad_request("TOPIC_ICON_COLOR_INVALID")
    created = {"name": name, "icon_color": colour}
    message = _announce(world, chat, {"forum_topic_created": created})
    chat.topics[message.message_id] = Topic(message.message_id, name, colour)
    return {"message_thread_id": message.message_id, **created}


def edit_forum_topic(world: World, call: Call) -> bool:
    chat, topic = _topic(world, call)
    name = _topic_name(call.get("name", topic.name))
    if name == topic.name and call.get("icon_custom_emoji_id") is None:
        raise bad_request("TOPIC_NOT_MODIFIED")
    topic.name = name
    _announce(world, chat, {"forum_topic_edited": {"name": name}}, topic)
    return True


def close_forum_topic(world: World, call: Call) -> bool:
    return _set_closed(world, call, closed=True)


def reopen_forum_topic(world: World, call: Call) -> bool:
    return _set_closed(world, call, closed=False)


def delete_forum_topic(world: World, call: Call) -> bool:
    chat, topic = _topic(world, call)
    del chat.topics[topic.thread_id]
    for message in [message for message in chat.messages.values() if _is_in(message, topic)]:
        world.remove(message)
    return True


def _forum(world: World, call: Call) -> Chat:
    chat = chat_to_read(world, call.get("chat_id"))
    if not chat.is_forum:
        raise bad_request("the chat is not a forum")
    return chat


def _topic(world: World, call: Call) -> tuple[Chat, Topic]:
    chat = _forum(world, call)
    topic = chat.topics.get(call.get("message_thread_id"))
    if topic is None:
        raise bad_request("TOPIC_ID_INVALID")
    return chat, topic


def _topic_name(name: str) -> str:
    if not 1 <= len(name.strip()) <= _MOST_TOPIC_NAME:
        raise bad_request("TOPIC_TITLE_EMPTY" if not name.strip() else "TOPIC_TITLE_TOO_LONG")
    return name.strip()


def _set_closed(world: World, call: Call, *, closed: bool) -> bool:
    chat, topic = _topic(world, call)
    if topic.closed == closed:
        raise bad_request("TOPIC_NOT_MODIFIED")
    topic.closed = closed
    _announce(world, chat, {"forum_topic_closed" if closed else "forum_topic_reopened": {}}, topic)
    return True


def _announce(world: World, chat: Chat, content: Json, topic: Topic | None = None) -> Message:
    """A service message of the bot's own act; the bot hears it too, as from any member."""
    parts: dict[str, Any] = {"content": content}
    if topic is not None:
        parts |= {"thread_id": topic.thread_id, "reply_to": chat.messages.get(topic.thread_id)}
    message = chat.add(None, world.now(), **parts)
    if topic is None:
        message.thread_id = message.message_id
    world.tell_message(message)
    return message


def _is_in(message: Message, topic: Topic) -> bool:
    return topic.thread_id in (message.thread_id, message.message_id)
