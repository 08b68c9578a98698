"""The baseline of a turn: python-telegram-bot with its default httpx, saying back what it hears. Nothing is kept.

By webhook it is fed as its documentation says for one's own server: an aiohttp route puts each update into `update_queue` and
answers at once. A press is answered and then replied to, as ours is.
"""

from __future__ import annotations

import argparse
import asyncio

from aiohttp import web
from telegram import Update
from telegram.ext import Application, CallbackQueryHandler, ContextTypes, MessageHandler, filters


async def echo(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.message is not None
    assert update.message.text is not None
    await update.message.reply_text(update.message.text)


async def pressed(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.callback_query is not None
    assert update.effective_chat is not None
    await update.callback_query.answer()
    await context.bot.send_message(update.effective_chat.id, "You pressed a button.")


async def run(root: str, token: str, concurrent: bool, port: int) -> None:
    builder = Application.builder().token(token).base_url(f"{root}/bot").concurrent_updates(concurrent)
    application = (builder if not port else builder.updater(None)).build()
    application.add_handler(MessageHandler(filters.TEXT, echo))
    application.add_handler(CallbackQueryHandler(pressed))

    async def take_in(request: web.Request) -> web.Response:
        await application.update_queue.put(Update.de_json(await request.json(), application.bot))
        return web.Response()

    async with application:
        await application.start()
        if port:
            app = web.Application()
            app.router.add_post("/telegram", take_in)
            runner = web.AppRunner(app, access_log=None)
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", port).start()
            await application.bot.set_webhook(f"http://127.0.0.1:{port}/telegram")
        else:
            assert application.updater is not None
            await application.updater.start_polling()
        await asyncio.Event().wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("root", help="address of the Bot API server")
    parser.add_argument("token")
    parser.add_argument("--concurrent", action="store_true", help="concurrent_updates=True instead of one at a time")
    parser.add_argument("--port", type=int, default=0, help="take updates in by webhook on this port; else by polling")
    asked = parser.parse_args()
    asyncio.run(run(asked.root, asked.token, asked.concurrent, asked.port))


if __name__ == "__main__":
    main()
