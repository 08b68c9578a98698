"""Which function carries out which method. `getUpdates` and the webhook's methods are answered by the server itself."""

from collections.abc import Callable
from typing import Any

from bot.standin import calls_chats, calls_messages, calls_profile
from bot.standin.arguments import Call
from bot.standin.world import World

CALLS: dict[str, Callable[[World, Call], Any]] = {
    "getMe": calls_profile.get_me,
    "sendMessage": calls_messages.send_message,
    "sendPhoto": calls_messages.send_photo,
    "sendDocument": calls_messages.send_document,
    "sendMediaGroup": calls_messages.send_media_group,
    "copyMessage": calls_messages.copy_message,
    "sendChatAction": calls_messages.send_chat_action,
    "editMessageText": calls_messages.edit_message_text,
    "editMessageCaption": calls_messages.edit_message_caption,
    "editMessageReplyMarkup": calls_messages.edit_message_reply_markup,
    "deleteMessage": calls_messages.delete_message,
    "deleteMessages": calls_messages.delete_messages,
    "pinChatMessage": calls_messages.pin_chat_message,
    "unpinChatMessage": calls_messages.unpin_chat_message,
    "setMessageReaction": calls_messages.set_message_reaction,
    "answerCallbackQuery": calls_messages.answer_callback_query,
    "setMyCommands": calls_profile.set_my_commands,
    "getMyCommands": calls_profile.get_my_commands,
    "deleteMyCommands": calls_profile.delete_my_commands,
    "setMyName": calls_profile.set_my_name,
    "getMyName": calls_profile.get_my_name,
    "setMyDescription": calls_profile.set_my_description,
    "getMyDescription": calls_profile.get_my_description,
    "setMyShortDescription": calls_profile.set_my_short_description,
    "getMyShortDescription": calls_profile.get_my_short_description,
    "setChatMenuButton": calls_profile.set_chat_menu_button,
    "getFile": calls_profile.get_file,
    "getChat": calls_chats.get_chat,
    "getChatMember": calls_chats.get_chat_member,
    "leaveChat": calls_chats.leave_chat,
    "createForumTopic": calls_chats.create_forum_topic,
    "editForumTopic": calls_chats.edit_forum_topic,
    "closeForumTopic": calls_chats.close_forum_topic,
    "reopenForumTopic": calls_chats.reopen_forum_topic,
    "deleteForumTopic": calls_chats.delete_forum_topic,
}
