"""Reading amounts by currency from a policy file, as in `{CNY: "5.00", USD: "1.00"}`."""

from __future__ import annotations

from bot.domain.errors import MoneyError
from bot.domain.money import Money
from bot.domain.yaml_reading import ScalarNode
from bot.policy.fields import Fields, Problems


def read_amounts(fields: Fields, name: str, problems: Problems) -> dict[str, Money]:
    amounts = {}
    for key, node in fields.named(name):
        try:
            amounts[key.text] = Money.of(node.text if isinstance(node, ScalarNode) else "", key.text)
        except MoneyError as error:
            problems.note(node.place, 4, f"This cannot be an amount: {error}.", 'Write it like CNY: "5.00".')
    return amounts
