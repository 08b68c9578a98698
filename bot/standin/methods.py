"""The table of methods, objects and fields that the stand-in accepts.

One line a field, `name: Type | Type`, a `!` after the name where the field is required. The names of types are those of
the Bot API, so the table can be compared with its specification word by word. What a value of a known field may be is
checked in `arguments.py` (shape) and in the calls themselves (meaning).
"""

from dataclasses import dataclass
from typing import Literal

Pace = Literal["send", "edit", "free"]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a method or an object: the names of its possible types, and whether it must be there."""

    types: tuple[str, ...]
    required: bool


@dataclass(frozen=True, slots=True)
class Method:
    """The fields of one method and which of the rate limits it counts against."""

    fields: dict[str, Field]
    pace: Pace = "free"


def _fields(*groups: str) -> dict[str, Field]:
    fields = {}
    for line in "\n".join(groups).splitlines():
        if line.strip():
            name, types = line.strip().split(": ")
            fields[name.rstrip("!")] = Field(tuple(types.split(" | ")), name.endswith("!"))
    return fields


_CHAT = "chat_id!: Integer | String"
_THREAD = "message_thread_id: Integer"
_BUSINESS = "business_connection_id: String"
_SILENT = """
    disable_notification: Boolean
    protect_content: Boolean
    allow_paid_broadcast: Boolean
    message_effect_id: String
    reply_parameters: ReplyParameters
"""
_SENDING = f"""
    {_CHAT}
    {_THREAD}
    {_SILENT}
    direct_messages_topic_id: Integer
    suggested_post_parameters: SuggestedPostParameters
    reply_markup: InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove | ForceReply
"""
_CAPTION = """
    caption: String
    parse_mode: String
    caption_entities: Array of MessageEntity
"""
_ABOVE = "show_caption_above_media: Boolean"
_EDITING = f"""
    {_BUSINESS}
    chat_id: Integer | String
    message_id: Integer
    inline_message_id: String
    reply_markup: InlineKeyboardMarkup
"""
_TOPIC = f"{_CHAT}\nmessage_thread_id!: Integer"
_SCOPE = "scope: BotCommandScope\nlanguage_code: String"
_LANGUAGE = "language_code: String"
_MEDIA = (
    "media!: Array of InputMediaAudio | Array of InputMediaDocument | Array of InputMediaLivePhoto"
    " | Array of InputMediaPhoto | Array of InputMediaVideo"
)

METHODS: dict[str, Method] = {
    "getMe": Method({}),
    "getUpdates": Method(
        _fields("offset: Integer", "limit: Integer", "timeout: Integer", "allowed_updates: Array of String")
    ),
    "setWebhook": Method(
        _fields("""
            url!: String
            certificate: InputFile
            ip_address: String
            max_connections: Integer
            allowed_updates: Array of String
            drop_pending_updates: Boolean
            secret_token: String
        """)
    ),
    "deleteWebhook": Method(_fields("drop_pending_updates: Boolean")),
    "getWebhookInfo": Method({}),
    "sendMessage": Method(
        _fields(
            _BUSINESS,
            _SENDING,
            "text!: String",
            "parse_mode: String",
            "entities: Array of MessageEntity",
            "link_preview_options: LinkPreviewOptions",
        ),
        "send",
    ),
    "sendPhoto": Method(
        _fields(_BUSINESS, _SENDING, _CAPTION, _ABOVE, "photo!: InputFile | String", "has_spoiler: Boolean"), "send"
    ),
    "sendDocument": Method(
        _fields(
            _BUSINESS,
            _SENDING,
            _CAPTION,
            "document!: InputFile | String",
            "thumbnail: InputFile | String",
            "disable_content_type_detection: Boolean",
        ),
        "send",
    ),
    "sendMediaGroup": Method(
        _fields(_BUSINESS, _CHAT, _THREAD, _SILENT, _MEDIA, "direct_messages_topic_id: Integer"), "send"
    ),
    "copyMessage": Method(
        _fields(
            _SENDING,
            _CAPTION,
            _ABOVE,
            "from_chat_id!: Integer | String",
            "message_id!: Integer",
            "video_start_timestamp: Integer",
        ),
        "send",
    ),
    "sendChatAction": Method(_fields(_BUSINESS, _CHAT, _THREAD, "action!: String")),
    "editMessageText": Method(
        _fields(
            _EDITING,
            "text: String",
            "parse_mode: String",
            "entities: Array of MessageEntity",
            "link_preview_options: LinkPreviewOptions",
            "rich_message: InputRichMessage",
        ),
        "edit",
    ),
    "editMessageCaption": Method(_fields(_EDITING, _CAPTION, _ABOVE), "edit"),
    "editMessageReplyMarkup": Method(_fields(_EDITING), "edit"),
    "deleteMessage": Method(_fields(_CHAT, "message_id!: Integer")),
    "deleteMessages": Method(_fields(_CHAT, "message_ids!: Array of Integer")),
    "pinChatMessage": Method(_fields(_BUSINESS, _CHAT, "message_id!: Integer", "disable_notification: Boolean")),
    "unpinChatMessage": Method(_fields(_BUSINESS, _CHAT, "message_id: Integer")),
    "setMessageReaction": Method(
        _fields(_CHAT, "message_id!: Integer", "reaction: Array of ReactionType", "is_big: Boolean")
    ),
    "answerCallbackQuery": Method(
        _fields("""
            callback_query_id!: String
            text: String
            show_alert: Boolean
            url: String
            cache_time: Integer
        """)
    ),
    "setMyCommands": Method(_fields(_SCOPE, "commands!: Array of BotCommand")),
    "getMyCommands": Method(_fields(_SCOPE)),
    "deleteMyCommands": Method(_fields(_SCOPE)),
    "setMyName": Method(_fields(_LANGUAGE, "name: String")),
    "getMyName": Method(_fields(_LANGUAGE)),
    "setMyDescription": Method(_fields(_LANGUAGE, "description: String")),
    "getMyDescription": Method(_fields(_LANGUAGE)),
    "setMyShortDescription": Method(_fields(_LANGUAGE, "short_description: String")),
    "getMyShortDescription": Method(_fields(_LANGUAGE)),
    "setChatMenuButton": Method(_fields("chat_id: Integer", "menu_button: MenuButton")),
    "getFile": Method(_fields("file_id!: String")),
    "getChat": Method(_fields(_CHAT)),
    "getChatMember": Method(_fields(_CHAT, "user_id!: Integer")),
    "leaveChat": Method(_fields(_CHAT)),
    "createForumTopic": Method(
        _fields(_CHAT, "name!: String", "icon_color: Integer", "icon_custom_emoji_id: String"), "edit"
    ),
    "editForumTopic": Method(_fields(_TOPIC, "name: String", "icon_custom_emoji_id: String")),
    "closeForumTopic": Method(_fields(_TOPIC)),
    "reopenForumTopic": Method(_fields(_TOPIC)),
    "deleteForumTopic": Method(_fields(_TOPIC)),
}

#: Objects whose fields are checked one by one. A type that is not here (and not a scalar) is accepted as any JSON object:
#: the stand-in stores it and shows it, and does not act on it.
OBJECTS: dict[str, dict[str, Field]] = {
    "InlineKeyboardMarkup": _fields("inline_keyboard!: Array of Array of InlineKeyboardButton"),
    "InlineKeyboardButton": _fields("""
        text!: String
        icon_custom_emoji_id: String
        style: String
        url: String
        callback_data: String
        web_app: WebAppInfo
        login_url: LoginUrl
        switch_inline_query: String
        switch_inline_query_current_chat: String
        switch_inline_query_chosen_chat: SwitchInlineQueryChosenChat
        copy_text: CopyTextButton
        callback_game: CallbackGame
        pay: Boolean
    """),
    "WebAppInfo": _fields("url!: String"),
    "LoginUrl": _fields("""
        url!: String
        forward_text: String
        bot_username: String
        request_write_access: Boolean
    """),
    "SwitchInlineQueryChosenChat": _fields("""
        query: String
        allow_user_chats: Boolean
        allow_bot_chats: Boolean
        allow_group_chats: Boolean
        allow_channel_chats: Boolean
    """),
    "CopyTextButton": _fields("text!: String"),
    "ReplyKeyboardMarkup": _fields("""
        keyboard!: Array of Array of KeyboardButton
        is_persistent: Boolean
        resize_keyboard: Boolean
        one_time_keyboard: Boolean
        input_field_placeholder: String
        selective: Boolean
    """),
    "KeyboardButton": _fields("""
        text!: String
        icon_custom_emoji_id: String
        style: String
        request_users: KeyboardButtonRequestUsers
        request_chat: KeyboardButtonRequestChat
        request_managed_bot: KeyboardButtonRequestManagedBot
        request_contact: Boolean
        request_location: Boolean
        request_poll: KeyboardButtonPollType
        web_app: WebAppInfo
    """),
    "ReplyKeyboardRemove": _fields("remove_keyboard!: Boolean", "selective: Boolean"),
    "ForceReply": _fields("force_reply!: Boolean", "input_field_placeholder: String", "selective: Boolean"),
    "MessageEntity": _fields("""
        type!: String
        offset!: Integer
        length!: Integer
        url: String
        user: User
        language: String
        custom_emoji_id: String
        unix_time: Integer
        date_time_format: String
    """),
    "ReplyParameters": _fields("""
        message_id!: Integer
        chat_id: Integer | String
        allow_sending_without_reply: Boolean
        quote: String
        quote_parse_mode: String
        quote_entities: Array of MessageEntity
        quote_position: Integer
        checklist_task_id: Integer
        poll_option_id: String
    """),
    "LinkPreviewOptions": _fields("""
        is_disabled: Boolean
        url: String
        prefer_small_media: Boolean
        prefer_large_media: Boolean
        show_above_text: Boolean
    """),
    "BotCommand": _fields("command!: String", "description!: String"),
    "BotCommandScope": _fields("type!: String", "chat_id: Integer | String", "user_id: Integer"),
    "MenuButton": _fields("type!: String", "text: String", "web_app: WebAppInfo"),
    "ReactionType": _fields("type!: String", "emoji: String", "custom_emoji_id: String"),
    "InputMediaPhoto": _fields("type!: String", "media!: String", _CAPTION, _ABOVE, "has_spoiler: Boolean"),
    "InputMediaDocument": _fields(
        "type!: String", "media!: String", _CAPTION, "thumbnail: String", "disable_content_type_detection: Boolean"
    ),
}
