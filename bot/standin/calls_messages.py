"""The calls that send, edit and delete messages and answer presses, with Telegram's own refusals.

Each function is one method: it gets the world and a call whose shape was checked, changes the world, and returns the
`result` that Telegram would return, or raises `Refusal`.
"""

from datetime import timedelta
from typing import Any

from bot.standin.arguments import Call, Upload
from bot.standin.chats import Chat, Json, Message
from bot.standin.entities import FormattedText, read_text, utf16_length
from bot.standin.keyboards import check_keyboard
from bot.standin.reach import chat_to_read, chat_to_write
from bot.standin.refusals import bad_request
from bot.standin.world import CallbackAnswer, World

_MOST_TEXT = 4096
_MOST_CAPTION = 1024
_MOST_ANSWER = 200
_DELETABLE = timedelta(hours=48)
_IMAGES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF")
_ACTIONS = frozenset(
    [
        "typing",
        "upload_photo",
        "upload_video",
        "upload_voice",
        "upload_document",
        "upload_video_note",
        "record_video",
        "record_voice",
        "record_video_note",
        "choose_sticker",
        "find_location",
    ]
)


def send_message(world: World, call: Call) -> Json:
    body = _text(call)
    return _send(world, call, chat_to_write(world, call), body=body)


def send_photo(world: World, call: Call) -> Json:
    return _send_file(world, call, "photo", call.get("photo"))


def send_document(world: World, call: Call) -> Json:
    return _send_file(world, call, "document", call.get("document"))


def send_media_group(world: World, call: Call) -> list[Json]:
    chat = chat_to_write(world, call)
    media = call.get("media")
    if not 2 <= len(media) <= 10:
        raise bad_request("media group must include 2-10 items")
    parts: list[dict[str, Any]] = []
    for element in media:
        upload: Any = element["media"]
        if upload.startswith("attach://"):
            upload = call.uploads.get(upload.removeprefix("attach://"))
        content = _media_content(world, element["type"], upload)
        parts.append({"content": content, "body": _caption(element)})
    for part in parts:
        part["content"]["media_group_id"] = str(len(world.ledger) + 1)
    return [_send(world, call, chat, **part) for part in parts]


def copy_message(world: World, call: Call) -> Json:
    chat = chat_to_write(world, call)
    source = chat_to_read(world, call.get("from_chat_id")).messages.get(call.get("message_id"))
    if source is None:
        raise bad_request("message to copy not found")
    body = _caption(call.fields) if "caption" in call.fields else source.body
    sent = _send(world, call, chat, body=body, content=dict(source.content))
    return {"message_id": sent["message_id"]}


def send_chat_action(world: World, call: Call) -> bool:
    chat = chat_to_write(world, call)
    if call.get("action") not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    user_id = chat.chat_id if chat.is_private else None
    world.events.put("chat_action", user_id=user_id, chat_id=chat.chat_id, action=call.get("action"))
    return True


def edit_message_text(world: World, call: Call) -> Json:
    body = _text(call)
    message = _message_to_edit(world, call)
    if not message.has_text or not message.body.text:
        raise bad_request("there is no text in the message to edit")
    return _edit(world, call, message, body)


def edit_message_caption(world: World, call: Call) -> Json:
    message = _message_to_edit(world, call)
    if message.has_text:
        raise bad_request("there is no caption in the message to edit")
    return _edit(world, call, message, _caption(call.fields))


def edit_message_reply_markup(world: World, call: Call) -> Json:
    message = _message_to_edit(world, call)
    return _edit(world, call, message, message.body)


def delete_message(world: World, call: Call) -> bool:
    chat = chat_to_read(world, call.get("chat_id"))
    message = chat.messages.get(call.get("message_id"))
    if message is None:
        raise bad_request("message to delete not found")
    if not _is_deletable(world, message):
        raise bad_request("message can't be deleted for everyone")
    world.remove(message)
    return True


def delete_messages(world: World, call: Call) -> bool:
    chat = chat_to_read(world, call.get("chat_id"))
    message_ids = call.get("message_ids")
    if not 1 <= len(message_ids) <= 100:
        raise bad_request("wrong number of message identifiers specified")
    # Messages that are gone or too old are passed over without a word.
    for message in [chat.messages[wanted] for wanted in message_ids if wanted in chat.messages]:
        if _is_deletable(world, message):
            world.remove(message)
    return True


def pin_chat_message(world: World, call: Call) -> bool:
    chat = chat_to_write(world, call)
    if call.get("message_id") not in chat.messages:
        raise bad_request("message to pin not found")
    if call.get("message_id") not in chat.pinned:
        chat.pinned.append(call.get("message_id"))
    return True


def unpin_chat_message(world: World, call: Call) -> bool:
    chat = chat_to_write(world, call)
    wanted = call.get("message_id", chat.pinned[-1] if chat.pinned else None)
    if wanted not in chat.pinned:
        raise bad_request("message to unpin not found")
    chat.pinned.remove(wanted)
    return True


def set_message_reaction(world: World, call: Call) -> bool:
    chat = chat_to_write(world, call)
    if call.get("message_id") not in chat.messages:
        raise bad_request("message to react not found")
    reactions = call.get("reaction", [])
    if len(reactions) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    if any(reaction["type"] != "emoji" or not reaction.get("emoji") for reaction in reactions):
        raise bad_request("REACTION_INVALID")
    return True


def answer_callback_query(world: World, call: Call) -> bool:
    press = world.find_press(call.get("callback_query_id"))
    if press is None:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    text = call.get("text")
    if text is not None and utf16_length(text) > _MOST_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    url = call.get("url")
    if url is not None and not url.startswith(("https://t.me/", "tg://")):
        raise bad_request("URL_INVALID")
    world.answer_press(press, CallbackAnswer(text or None, call.get("show_alert", False), url))
    return True


def _text(call: Call) -> FormattedText:
    if not call.get("text"):
        raise bad_request("message text is empty")
    body = read_text(call.get("text"), call.get("parse_mode"), call.get("entities"))
    if not body.text:
        raise bad_request("text must be non-empty")
    if utf16_length(body.text) > _MOST_TEXT:
        raise bad_request("message is too long")
    return body


def _caption(fields: Json) -> FormattedText:
    body = read_text(fields.get("caption") or "", fields.get("parse_mode"), fields.get("caption_entities"))
    if utf16_length(body.text) > _MOST_CAPTION:
        raise bad_request("message caption is too long")
    return body


def _send_file(world: World, call: Call, kind: str, file: Upload | str) -> Json:
    body = _caption(call.fields)
    chat = chat_to_write(world, call)
    return _send(world, call, chat, body=body, content=_media_content(world, kind, file))


def _media_content(world: World, kind: str, file: Upload | str | None) -> Json:
    if isinstance(file, Upload):
        if not file.body:
            raise bad_request("file must be non-empty")
        if kind == "photo" and not file.body.startswith(_IMAGES):
            raise bad_request("IMAGE_PROCESS_FAILED")
        stored = world.files.add(f"{kind}s", file.file_name, file.content_type, file.body)
    else:
        # Telegram would fetch an address from the internet; the stand-in reaches nothing.
        found = world.files.find(file or "")
        if found is None:
            raise bad_request("wrong file identifier/HTTP URL specified")
        stored = found
    if kind == "photo":
        return {"photo": [{**stored.as_telegram(), "width": 320, "height": 320}]}
    named = {"file_name": stored.file_name, "mime_type": stored.content_type}
    return {"document": {**stored.as_telegram(), **named}}


def _send(world: World, call: Call, chat: Chat, **parts: Any) -> Json:
    markup = call.get("reply_markup")
    check_keyboard(markup)
    is_inline = markup is not None and "inline_keyboard" in markup
    # No rows of buttons are no keyboard.
    inline = markup if is_inline and any(markup["inline_keyboard"]) else None
    message = chat.add(
        None,
        world.now(),
        keyboard=inline,
        reply_markup=None if is_inline else markup,
        thread_id=call.get("message_thread_id"),
        reply_to=_replied(chat, call),
        **parts,
    )
    world.show(message)
    return message.as_telegram(world.bot)


def _replied(chat: Chat, call: Call) -> Message | None:
    parameters = call.get("reply_parameters")
    if parameters is None:
        return chat.messages.get(call.get("message_thread_id"))
    message = chat.messages.get(parameters["message_id"])
    if message is None and not parameters.get("allow_sending_without_reply"):
        raise bad_request("message to be replied not found")
    return message


def _message_to_edit(world: World, call: Call) -> Message:
    if call.get("inline_message_id") is not None:
        raise bad_request("MESSAGE_ID_INVALID")
    if call.get("chat_id") is None:
        raise bad_request("chat_id is empty")
    if call.get("message_id") is None:
        raise bad_request("message identifier is not specified")
    message = chat_to_read(world, call.get("chat_id")).messages.get(call.get("message_id"))
    if message is None:
        raise bad_request("message to edit not found")
    if not message.is_from_bot or message.reply_markup is not None:
        raise bad_request("message can't be edited")
    return message


def _edit(world: World, call: Call, message: Message, body: FormattedText) -> Json:
    keyboard = call.get("reply_markup")
    check_keyboard(keyboard)
    if keyboard is not None and not any(keyboard["inline_keyboard"]):
        keyboard = None
    if (message.body, message.keyboard) == (body, keyboard):
        raise bad_request(
            "message is not modified: specified new message content and reply markup are exactly the same "
            "as a current content and reply markup of the message"
        )
    message.is_reworded = message.is_reworded or message.body != body
    # An edit that names no keyboard takes the keyboard away.
    message.body, message.keyboard = body, keyboard
    message.edited_at = world.now()
    world.show(message, edited=True)
    return message.as_telegram(world.bot)


def _is_deletable(world: World, message: Message) -> bool:
    return world.now() - message.at <= _DELETABLE
