"""Looking at a chat from outside: what stands in it now, and waiting for what the bot does next."""

from collections.abc import Callable, Iterator
from typing import Self

from bot.standin.chats import Chat, Message, Shown


class ChatView:
    """A chat as tests and pages see it. All waits end with TimeoutError after `timeout` real seconds."""

    def __init__(self, chat: Chat) -> None:
        self.chat = chat
        self._last_taken = 0
        self._last_read = 0

    @property
    def messages(self) -> list[Shown]:
        """What stands in the chat now, oldest first."""
        return [message.as_shown() for message in self.chat.messages.values()]

    @property
    def bot_messages(self) -> list[Shown]:
        """What the bot wrote and did not delete, as it reads now."""
        return [message.as_shown() for message in self.chat.messages.values() if message.is_from_bot]

    async def next_message(self, timeout: float | None = 5.0) -> Shown:  # noqa: ASYNC109
        """The bot's next message that this method did not return before."""
        return await self.chat.bell.until(self._take, timeout)

    def _take(self) -> Shown | None:
        oldest = next(reversed(list(self._from_bot_since(self._last_taken))), None)
        if oldest is None:
            return None
        self._last_taken = oldest.message_id
        return oldest.as_shown()

    def _from_bot_since(self, message_id: int) -> Iterator[Message]:
        """Newest first, so that a long chat costs nothing."""
        for message in reversed(self.chat.messages.values()):
            if message.message_id <= message_id:
                return
            if message.is_from_bot:
                yield message

    async def until(self, holds: Callable[[Self], bool], timeout: float | None = 5.0) -> None:  # noqa: ASYNC109
        """Waits until the chat looks as wanted, e.g. `lambda chat: chat.messages[-1].edited`."""
        await self.chat.bell.until(lambda: True if holds(self) else None, timeout)

    @property
    def unread(self) -> int:
        """How many messages of the bot came since the person last looked or wrote."""
        return sum(1 for _ in self._from_bot_since(self._last_read))

    def read(self) -> None:
        """The person looked at the chat."""
        self._last_read = next(reversed(self.chat.messages), 0)
