"""Channels: ways to reach people. Each turns its raw updates into events and outbound messages into its own calls.

Nothing here decides what is said or to whom.
"""
