"""Storage: everything durable, on SQLite in one process and on PostgreSQL in many, behind `bot.services.ports.Storage`."""
