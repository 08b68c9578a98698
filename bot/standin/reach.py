"""Which chats a call reaches: unknown, upgraded, blocked, never started, left; and the fields that no call here serves."""

from bot.standin.arguments import Call
from bot.standin.chats import Chat
from bot.standin.refusals import bad_request, forbidden
from bot.standin.world import World

#: Fields that Telegram knows and that need what the stand-in has not: business accounts, paid sending, effects.
_UNSERVED = {
    "business_connection_id": "business connection not found",
    "direct_messages_topic_id": "direct messages topic not found",
    "suggested_post_parameters": "suggested posts can be sent only to channel direct messages",
    "message_effect_id": "EFFECT_ID_INVALID",
}


def chat_to_read(world: World, chat_id: int | str) -> Chat:
    """The chat with this id; 400 where the bot does not know it, or it was upgraded and has another id."""
    try:
        chat = world.chats.get(int(chat_id))
    except ValueError:
        chat = None
    if chat is None:
        raise bad_request("chat not found")
    if chat.migrated_to is not None:
        raise bad_request("group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.migrated_to)
    return chat


def chat_to_write(world: World, call: Call) -> Chat:
    """The chat that a call writes to; 400 or 403 where it may not, with Telegram's words."""
    for name, refusal in _UNSERVED.items():
        if call.get(name) is not None:
            raise bad_request(refusal)
    if call.get("allow_paid_broadcast"):
        raise bad_request("FLOODSKIP_NOT_ALLOWED")
    chat = chat_to_read(world, call.get("chat_id"))
    _check_may_write(chat)
    thread_id = call.get("message_thread_id")
    # The general topic (1) takes messages without an id only.
    if thread_id is not None and thread_id not in chat.topics:
        raise bad_request("message thread not found")
    return chat


def _check_may_write(chat: Chat) -> None:
    if chat.person is not None:
        if chat.person.deactivated:
            raise forbidden("user is deactivated")
        if chat.person.blocked:
            raise forbidden("bot was blocked by the user")
        if not chat.person.started:
            raise forbidden("bot can't initiate conversation with a user")
    elif not chat.has_bot:
        name = chat.kind if chat.kind == "channel" else f"{chat.kind} chat"
        if chat.bot_was_kicked:
            raise forbidden(f"bot was kicked from the {name}")
        raise forbidden(f"bot is not a member of the {name}")
