"""Money: an integer number of minor units and a currency, never a float.

How many decimals a currency has comes from ISO 4217 by way of CLDR. Rounding never happens here: an amount with
more decimals than its currency has is an error, and splitting an amount says where the odd units go.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from babel.numbers import get_currency_precision, list_currencies

from bot.domain.errors import MoneyError

#: More than any consumer loan in any currency, and far inside a 64-bit integer.
MAX_MINOR = 10**15


@lru_cache(maxsize=1)
def _currencies() -> frozenset[str]:
    return frozenset(list_currencies())


def is_currency(code: str) -> bool:
    """True for an ISO 4217 code known to CLDR, in capitals."""
    return len(code) == 3 and code in _currencies()


@lru_cache(maxsize=512)
def minor_digits(currency: str) -> int:
    """Decimals of a currency: 2 for CNY, 0 for JPY, 3 for KWD."""
    return int(get_currency_precision(currency))


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An exact amount. `minor` may be negative (a reversal); arithmetic refuses to mix currencies."""

    minor: int
    currency: str

    @classmethod
    def zero(cls, currency: str) -> Money:
        return cls(0, currency)

    @classmethod
    def of(cls, amount: str | Decimal, currency: str) -> Money:
        """From a decimal in major units, as in `Money.of("12.50", "USD")`.

        Raises MoneyError for an unknown currency, no number, too many decimals, or an absurd size.
        """
        if not is_currency(currency):
            raise MoneyError(f"{currency!r} is not a currency code of ISO 4217")
        try:
            number = Decimal(amount)
            scaled = number.scaleb(minor_digits(currency))
        except InvalidOperation:
            raise MoneyError(f"{amount!r} is not an amount") from None
        if not scaled.is_finite() or abs(scaled) > MAX_MINOR:
            raise MoneyError(f"{amount} {currency} is not a possible amount")
        if scaled != scaled.to_integral_value():
            raise MoneyError(f"{amount} has more decimals than {currency} has ({minor_digits(currency)})")
        return cls(int(scaled), currency)

    @property
    def decimal(self) -> Decimal:
        """The amount in major units, with exactly the currency's decimals."""
        return Decimal(self.minor).scaleb(-minor_digits(self.currency))

    def __str__(self) -> str:
        """The exchange form used in files and records: `500.00 CNY`."""
        return f"{self.decimal:f} {self.currency}"

    def _same(self, other: Money) -> int:
        if self.currency != other.currency:
            raise MoneyError(f"{self.currency} and {other.currency} cannot be reckoned together")
        return other.minor

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - self._same(other), self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.minor < self._same(other)

    def __le__(self, other: Money) -> bool:
        return self.minor <= self._same(other)

    def __gt__(self, other: Money) -> bool:
        return self.minor > self._same(other)

    def __ge__(self, other: Money) -> bool:
        return self.minor >= self._same(other)

    def __bool__(self) -> bool:
        return self.minor != 0

    def split(self, parts: int) -> tuple[Money, ...]:
        """`parts` amounts that sum exactly to this one and differ by at most one minor unit, larger ones first."""
        if parts < 1:
            raise MoneyError("an amount is split into at least one part")
        share, odd = divmod(self.minor, parts)
        return tuple(Money(share + (1 if i < odd else 0), self.currency) for i in range(parts))


def parse_money(text: str) -> Money:
    """The exchange form `500.00 CNY` back into Money. Raises MoneyError."""
    amount, _, currency = text.strip().partition(" ")
    return Money.of(amount, currency.strip())
