"""Telegram over its Bot API. Nothing outside this package knows chat ids, updates or python-telegram-bot."""
