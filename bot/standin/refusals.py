"""The answers that are not `ok`: Telegram's code, description and parameters as one exception.

Every check of the stand-in raises `Refusal`; the server turns it into the JSON that Telegram would send.
"""

from typing import Any


class Refusal(Exception):
    """A call that Telegram would not carry out.

    `description` carries Telegram's own prefix, e.g. "Bad Request: chat not found".
    """

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def as_json(self) -> dict[str, Any]:
        """The body of the answer."""
        body: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            body["parameters"] = self.parameters
        return body


def bad_request(what: str, **parameters: int) -> Refusal:
    """400 with the prefix that Telegram gives it."""
    return Refusal(400, f"Bad Request: {what}", **parameters)


def forbidden(what: str) -> Refusal:
    """403: permanent for this chat until its person changes something."""
    return Refusal(403, f"Forbidden: {what}")


def conflict(what: str) -> Refusal:
    """409: another poller, or a webhook, has the updates."""
    return Refusal(409, f"Conflict: {what}")


def too_many_requests(retry_after: int) -> Refusal:
    """429: `retry_after` is in whole seconds."""
    return Refusal(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)
