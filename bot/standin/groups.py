"""Groups, supergroups with topics, and channels: who is in them and what becomes of them."""

from bot.standin.chats import Chat, Json
from bot.standin.entities import FormattedText
from bot.standin.users import User
from bot.standin.watching import ChatView
from bot.standin.world import World

#: Ids of supergroups and channels begin with this.
SUPERGROUP = -1_000_000_000_000


class Group(ChatView):
    """A chat of several people, or a channel. People write in it with `person.say(text, chat=group)`."""

    def __init__(self, world: World, chat: Chat) -> None:
        super().__init__(chat)
        self._world = world

    @property
    def chat_id(self) -> int:
        """The chat's id; another one after `migrate`."""
        return self.chat.chat_id

    def as_json(self) -> Json:
        """As the chat page reads it."""
        return {
            "chat_id": self.chat_id,
            "kind": self.chat.kind,
            "title": self.chat.title,
            "members": sorted(self.chat.members),
            "topics": [
                {"thread_id": topic.thread_id, "name": topic.name, "closed": topic.closed}
                for topic in self.chat.topics.values()
            ],
        }

    def add(self, person: User) -> None:
        """Somebody joins; the bot hears nothing of it."""
        self.chat.members[person.user_id] = person

    async def add_bot(self, by: User) -> None:
        """The bot is added; it hears of it."""
        self.chat.has_bot, self.chat.bot_was_kicked = True, False
        self._tell_membership(by, "left", self._status)

    async def remove_bot(self, by: User) -> None:
        """The bot is thrown out; it hears of it, and of nothing here any more."""
        self.chat.has_bot, self.chat.bot_was_kicked = False, True
        self._tell_membership(by, self._status, "kicked")

    @property
    def _status(self) -> str:
        return "member" if self.chat.kind == "group" else "administrator"

    def _tell_membership(self, by: User, before: str, after: str) -> None:
        body = {
            "chat": self.chat.as_telegram(),
            "from": by.as_telegram(),
            "date": int(self._world.now().timestamp()),
            "old_chat_member": member(self._world.bot, before),
            "new_chat_member": member(self._world.bot, after),
        }
        self._world.tell("my_chat_member", body, self.chat)

    async def post(self, text: str, by: User) -> int:
        """A post in a channel; returns the message id."""
        message = self.chat.add(by, self._world.now(), body=FormattedText(text))
        self._world.tell_message(message)
        return message.message_id

    async def migrate(self) -> int:
        """The group becomes a supergroup and gets another id, which is returned. The old id answers with it."""
        old = self.chat
        new_id = SUPERGROUP + old.chat_id
        new = self._world.add_chat(new_id, "supergroup", old.title, members=old.members)
        old.migrated_to = new_id
        self._world.tell_message(old.add(None, self._world.now(), content={"migrate_to_chat_id": new_id}))
        self._world.tell_message(new.add(None, self._world.now(), content={"migrate_from_chat_id": old.chat_id}))
        self.chat = new
        return new_id


_RIGHTS = (
    "can_be_edited",
    "is_anonymous",
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)


def member(user: Json, status: str) -> Json:
    """A ChatMember object."""
    chat_member: Json = {"user": user, "status": status}
    match status:
        case "kicked":
            chat_member["until_date"] = 0
        case "administrator":
            chat_member |= {right: right not in ("can_be_edited", "is_anonymous") for right in _RIGHTS}
    return chat_member
