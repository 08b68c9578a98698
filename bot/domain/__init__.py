"""Words everybody shares, as frozen values: money, days, loans, events, effects' parts, errors.

Nothing here decides what a lender allows or what a bot says, and nothing here touches the world.
"""
