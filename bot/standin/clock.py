"""The only place where the stand-in reads the machine's clocks.

Every other file is handed `now` (aware UTC) and `tick` (monotonic seconds), so a test or the demo can set the time.
"""

import time
from datetime import UTC, datetime


def utc_now() -> datetime:
    """The current instant, aware, in UTC."""
    return datetime.now(UTC)  # noqa: TID251


def monotonic() -> float:
    """Seconds on a clock that never goes back."""
    return time.monotonic()
