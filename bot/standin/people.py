"""People who use the bot: all that a person can do in Telegram, each act making the update that Telegram would make.

Nothing here checks what the bot does; that is the calls' part. What the app would not let a person do raises `Impossible`.
"""

from typing import Any

from bot.standin.chats import Chat, Json, Message, Shown
from bot.standin.entities import FormattedText, commands_in
from bot.standin.files import StoredFile
from bot.standin.groups import Group, member
from bot.standin.users import User
from bot.standin.watching import ChatView
from bot.standin.world import Press, World

#: The smallest PNG: one grey pixel.
_PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d494844520000000100000001080000000"
    "03a7e9b550000000a4944415408d76368000000820081dd436af40000000049454e44ae426082"
)


class Impossible(Exception):
    """The app would not let a person do this: write to a blocked bot, press a button that is not there."""


class Person(User, ChatView):
    """Somebody with a private chat with the bot. Group chats are named with `chat`."""

    def __init__(self, world: World, user_id: int, name: str, phone: str, **more: Any) -> None:
        """`more` are further fields of `User`: language_code, username, about."""
        User.__init__(self, user_id, name, phone, **more)
        ChatView.__init__(self, world.add_chat(user_id, "private", str(world.bot["first_name"]), person=self))
        self._world = world

    def as_json(self) -> Json:
        """As the chat page reads it."""
        return {
            "user_id": self.user_id,
            "name": self.name,
            "phone": self.phone,
            "language_code": self.language_code,
            "about": self.about,
            "started": self.started,
            "blocked": self.blocked,
            "unread": self.unread,
            "reply_keyboard": [[key.as_json() for key in row] for row in self.chat.reply_keyboard],
        }

    async def start(self, payload: str = "") -> int:
        """Presses Start, with the payload of a deep link; unblocks the bot first where it was blocked."""
        if self.blocked:
            await self.unblock()
        return await self.say(f"/start {payload}".strip())

    async def say(self, text: str, chat: Group | None = None, thread_id: int | None = None) -> int:
        """Writes text; returns the message id."""
        return self._write(chat, thread_id, body=FormattedText(text, commands_in(text)))

    async def edit(self, message_id: int, text: str, chat: Group | None = None) -> None:
        """Changes a message that this person wrote."""
        message = (chat or self).chat.messages.get(message_id)
        if message is None or message.sender is not self or not message.has_text:
            raise Impossible(f"message {message_id} is no text of {self.name}")
        self._may_write(chat)
        message.body = FormattedText(text, commands_in(text))
        message.edited_at, message.is_reworded = self._world.now(), True
        self._world.tell_message(message, edited=True)

    async def press(self, button: str, message_id: int | None = None, chat: Group | None = None) -> Press:
        """Presses an inline button by its label or its data, on the newest message that has it.

        `await (await person.press("Yes")).answered()` waits for the bot's answer.
        """
        message, data = self._find_button(button, message_id, (chat or self).chat)
        return self._press(message, data, chat)

    async def press_stale(self, message_id: int, data: str, chat: Group | None = None) -> Press:
        """Presses a button that is no longer there, or never was: an old screen, or a forged query."""
        message = (chat or self).chat.messages.get(message_id)
        if message is None:
            raise Impossible(f"there is no message {message_id}")
        return self._press(message, data, chat)

    def _press(self, message: Message, data: str, chat: Group | None) -> Press:
        self._may_write(chat)
        self.read()
        press = self._world.open_press(message, data)
        query = {
            "id": press.query_id,
            "from": self.as_telegram(),
            "message": message.as_telegram(self._world.bot),
            "chat_instance": str(message.chat.chat_id),
            "data": data,
        }
        self._world.tell("callback_query", query, message.chat, message, data)
        return press

    def _find_button(self, wanted: str, message_id: int | None, chat: Chat) -> tuple[Message, str]:
        for message in reversed(chat.messages.values()):
            if message_id not in (None, message.message_id):
                continue
            for button in (button for row in message.as_shown().buttons for button in row):
                if button.data is not None and wanted in (button.label, button.data):
                    return message, button.data
        raise Impossible(f"there is no button {wanted!r} to press")

    async def choose(self, label: str) -> int:
        """Presses a button of the reply keyboard: says its label, or shares what it asks for."""
        for key in (key for row in self.chat.reply_keyboard for key in row):
            if key.label == label:
                if key.request_contact:
                    return await self.share_contact()
                return await (self.send_location() if key.request_location else self.say(label))
        raise Impossible(f"there is no key {label!r} on the reply keyboard")

    async def share_contact(self, own: bool = True, other: "Person | None" = None) -> int:
        """Sends a contact: one's own, another user's, or (`own=False`) somebody's who is not on Telegram."""
        if other is None and not own:
            contact: Json = {"phone_number": "+15005550006", "first_name": "Someone"}
        else:
            owner = other or self
            contact = {"phone_number": owner.phone, "user_id": owner.user_id, **owner.names()}
            contact.pop("username", None)
        return self._write(None, None, content={"contact": contact})

    async def send_photo(self, caption: str = "", body: bytes = _PIXEL) -> int:
        """Sends a picture."""
        stored = self._world.files.add("photos", "photo.png", "image/png", body)
        photo = {**stored.as_telegram(), "width": 1, "height": 1}
        return self._write(None, None, body=FormattedText(caption), content={"photo": [photo]})

    async def send_document(self, file_name: str, body: bytes, content_type: str = "application/octet-stream") -> int:
        """Sends a file."""
        stored = self._world.files.add("documents", file_name, content_type, body)
        document = {**stored.as_telegram(), "file_name": file_name, "mime_type": content_type}
        return self._write(None, None, content={"document": document})

    async def send_voice(self, seconds: int = 3) -> int:
        """Sends a voice message."""
        voice = {**self._blob("voice", "voice.ogg", "audio/ogg").as_telegram(), "duration": seconds}
        return self._write(None, None, content={"voice": {**voice, "mime_type": "audio/ogg"}})

    async def send_sticker(self, emoji: str = "\N{THUMBS UP SIGN}") -> int:
        """Sends a sticker."""
        sticker: Json = {**self._blob("stickers", "sticker.webp", "image/webp").as_telegram(), "type": "regular"}
        sticker |= {"width": 512, "height": 512, "is_animated": False, "is_video": False, "emoji": emoji}
        return self._write(None, None, content={"sticker": sticker})

    async def send_location(self, latitude: float = 31.23, longitude: float = 121.47) -> int:
        """Sends a place."""
        return self._write(None, None, content={"location": {"latitude": latitude, "longitude": longitude}})

    def _blob(self, folder: str, file_name: str, content_type: str) -> StoredFile:
        return self._world.files.add(folder, file_name, content_type, file_name.encode())

    async def block(self) -> None:
        """Stops and blocks the bot; the bot hears of it."""
        self._change_membership(blocked=True)

    async def unblock(self) -> None:
        """Unblocks the bot; the bot hears of it."""
        self._change_membership(blocked=False)

    def deactivate(self) -> None:
        """Deletes the account; the bot hears nothing."""
        self.deactivated = True
        self._tell_page()

    def _change_membership(self, *, blocked: bool) -> None:
        if self.blocked == blocked:
            return
        self.blocked = blocked
        before, after = ("member", "kicked") if blocked else ("kicked", "member")
        body = {
            "chat": self.chat.as_telegram(),
            "from": self.as_telegram(),
            "date": int(self._world.now().timestamp()),
            "old_chat_member": member(self._world.bot, before),
            "new_chat_member": member(self._world.bot, after),
        }
        self._world.tell("my_chat_member", body, self.chat)
        self._tell_page()

    def _tell_page(self) -> None:
        self._world.events.put("person", user_id=self.user_id, person=self.as_json())
        self.chat.bell.ring()

    def _may_write(self, chat: Group | None) -> None:
        if self.deactivated:
            raise Impossible(f"{self.name} has no account any more")
        if chat is None and self.blocked:
            raise Impossible(f"{self.name} blocked the bot")
        if chat is not None and self.user_id not in chat.chat.members:
            raise Impossible(f"{self.name} is not in {chat.chat.title}")

    def _write(self, chat: Group | None, thread_id: int | None, **parts: Any) -> int:
        self._may_write(chat)
        room = (chat or self).chat
        if chat is None:
            if not self.started:
                self.started = True
                self._tell_page()
            self.read()
            used_up = room.use_up_keyboard()
            if used_up is not None:
                self._world.show(used_up, edited=True)
        # Every message in a topic is a reply to the message that opened it.
        opener = None if thread_id is None else room.messages.get(thread_id)
        if thread_id is not None and (opener is None or thread_id not in room.topics):
            raise Impossible(f"there is no topic {thread_id} in {room.title}")
        message = room.add(self, self._world.now(), thread_id=thread_id, reply_to=opener, **parts)
        self._world.tell_message(message)
        return message.message_id

    def shown(self, message_id: int) -> Shown:
        """One message of the private chat as it reads now; KeyError where it is gone."""
        return self.chat.messages[message_id].as_shown()
