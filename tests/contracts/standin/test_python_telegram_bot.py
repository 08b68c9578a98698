"""A stock python-telegram-bot application works against the stand-in, by polling and by webhook."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, InputMediaPhoto, Update
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, NetworkError, RetryAfter
from telegram.ext import Application, CallbackQueryHandler, CommandHandler, ContextTypes, MessageHandler, filters

from bot.standin import Limits, Person, StandIn

YES = InlineKeyboardMarkup([[InlineKeyboardButton("Yes", callback_data="y")]])


async def greet(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.message is not None
    await update.message.reply_html(f"<b>Hello</b> {(context.args or ['you'])[0]}", reply_markup=YES)


async def confirm(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.callback_query is not None
    await update.callback_query.answer("Thanks")
    await update.callback_query.edit_message_text("Recorded.")


async def echo(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.message is not None
    await update.message.reply_text(update.message.text or "")


@pytest.fixture
async def application(standin: StandIn, url: str) -> AsyncIterator[Application[Any, Any, Any, Any, Any, Any]]:
    application = Application.builder().token(standin.token).base_url(f"{url}/bot").build()
    application.add_handler(CommandHandler("start", greet))
    application.add_handler(CallbackQueryHandler(confirm))
    application.add_handler(MessageHandler(filters.TEXT, echo))
    async with application:
        await application.start()
        yield application
        await application.stop()


async def talk(person: Person) -> None:
    await person.start("Ana")
    assert (await person.next_message()).html == "<b>Hello</b> Ana"
    press = await person.press("Yes")
    assert (await press.answered()).text == "Thanks"
    await person.until(lambda chat: chat.messages[-1].text == "Recorded.")
    await person.say("bye")
    assert (await person.next_message()).text == "bye"


async def test_an_application_that_polls(application: Any, standin: StandIn) -> None:
    await application.updater.start_polling(timeout=1)
    await talk(standin.add_person("Ana"))
    await application.updater.stop()
    assert len(standin.updates) == 0


async def test_an_application_behind_a_webhook(application: Any, standin: StandIn) -> None:
    async def receive(request: web.Request) -> web.Response:
        assert request.headers["X-Telegram-Bot-Api-Secret-Token"] == "s3cret"
        await application.update_queue.put(Update.de_json(await request.json(), application.bot))
        return web.Response()

    app = web.Application()
    app.router.add_post("/hook", receive)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    address = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    await application.bot.set_webhook(address, secret_token="s3cret")
    assert (await application.bot.get_webhook_info()).url == address
    await talk(standin.add_person("Ana"))
    await application.bot.delete_webhook()
    await runner.cleanup()


@pytest.fixture
async def bot(standin: StandIn, url: str) -> AsyncIterator[Bot]:
    async with Bot(standin.token, base_url=f"{url}/bot", base_file_url=f"{url}/file/bot") as bot:
        yield bot


async def test_refusals_become_the_librarys_own_errors(
    bot: Bot, ana: Person, standin: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    with pytest.raises(BadRequest, match="Message text is empty"):
        await bot.send_message(ana.user_id, "")
    with pytest.raises(Forbidden, match="can't initiate conversation"):
        await bot.send_message(standin.add_person("Bo").user_id, "hello")
    group = standin.group("Desk", [ana])
    old_id, new_id = group.chat_id, await group.migrate()
    with pytest.raises(ChatMigrated) as migrated:
        await bot.send_message(old_id, "hello")
    assert migrated.value.new_chat_id == new_id
    standin.limits = Limits(chat_burst=1)
    await bot.send_message(ana.user_id, "one")
    with pytest.raises(RetryAfter):
        await bot.send_message(ana.user_id, "two")
    standin.faults.add("5xx")
    with pytest.raises(NetworkError, match="Bad Gateway"):
        await bot.get_me()


async def test_a_wrong_token_is_an_invalid_token(url: str) -> None:
    with pytest.raises(InvalidToken):
        async with Bot("123456:WRONG", base_url=f"{url}/bot"):
            pass


async def test_files_travel_both_ways(bot: Bot, ana: Person) -> None:
    await bot.send_document(ana.user_id, b"%PDF-1.7", filename="plan.pdf", caption="Plan")
    assert ana.messages[-1].file_name == "plan.pdf"
    picture = b"\x89PNG\r\n\x1a\n" + b"0" * 40
    first, second = await bot.send_media_group(ana.user_id, [InputMediaPhoto(picture), InputMediaPhoto(picture)])
    assert first.media_group_id == second.media_group_id
    await ana.send_voice()
    voice = (await bot.get_updates())[0].message.voice  # type: ignore[union-attr]
    assert voice is not None
    fetched = await (await voice.get_file()).download_as_bytearray()
    assert bytes(fetched) == b"voice.ogg"


async def test_a_second_copy_ends_the_first_with_a_conflict(bot: Bot, standin: StandIn, url: str) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=5))
    await standin.updates.until_polled()
    async with Bot(standin.token, base_url=f"{url}/bot") as second:
        await second.get_updates(timeout=0)
    with pytest.raises(Conflict):
        await first
