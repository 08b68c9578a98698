"""The history of the schema, one file a step, up and down on both databases. Run by `bot.storage.upgrade`."""
