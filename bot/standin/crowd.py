"""Everybody whom the bot can meet: people with their private chats, groups and channels."""

from collections.abc import Iterable
from itertools import count
from typing import Any

from bot.standin.chats import ChatKind
from bot.standin.groups import SUPERGROUP, Group
from bot.standin.people import Person
from bot.standin.users import User
from bot.standin.world import World


class Crowd:
    """The people and groups of one world, by id."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.people: dict[int, Person] = {}
        self.groups: dict[int, Group] = {}
        self._user_ids = count(700_000_001)
        self._group_ids = count(4_000_001)

    def add_person(self, name: str, phone: str | None = None, *, user_id: int | None = None, **more: Any) -> Person:
        """A new person who has not started the bot; `more` are fields of `User` (language_code, username, about).

        Without `phone` the person gets a number that cannot be called. Raises ValueError for a `user_id` that is taken.
        """
        if user_id is None:
            user_id = next(number for number in self._user_ids if not self._world.is_taken(number))
        person = Person(self._world, user_id, name, phone or f"+1555{user_id % 10_000_000:07}", **more)
        self.people[user_id] = person
        self._world.events.put("person", user_id=user_id, person=person.as_json())
        return person

    def add_group(
        self,
        title: str,
        members: Iterable[User] = (),
        *,
        kind: ChatKind = "group",
        forum: bool = False,
        has_bot: bool = True,
    ) -> Group:
        """A new group; `kind` "supergroup", or `forum` for one with topics, or "channel"."""
        kind = "supergroup" if forum else kind
        number = next(self._group_ids)
        chat_id = -number if kind == "group" else SUPERGROUP - number
        people = {member.user_id: member for member in members}
        chat = self._world.add_chat(chat_id, kind, title, members=people, is_forum=forum, has_bot=has_bot)
        group = self.groups[chat_id] = Group(self._world, chat)
        return group

    def find_group(self, chat_id: int) -> Group | None:
        """The group with this id, also with the one that it had before it was upgraded."""
        return self.groups.get(chat_id) or next(
            (group for group in self.groups.values() if group.chat_id == chat_id), None
        )
