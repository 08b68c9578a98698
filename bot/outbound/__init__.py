"""Requests to services that the lender names: nothing is asked of any other address, and nothing waits for long."""
