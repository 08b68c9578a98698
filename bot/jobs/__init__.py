"""The engine behind its small port: wake-ups in memory for one process, on PostgreSQL for many; and the clock."""
