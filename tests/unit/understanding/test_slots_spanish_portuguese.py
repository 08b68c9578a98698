"""Values in Spanish and Portuguese, as they are typed with and without accents."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from bot.understanding.slots.numbers import read_digits
from tests.unit.understanding.test_slots import amount, day, read

_MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mañana", "2026-11-22"),
        ("pasado mañana", "2026-11-23"),
        ("manana por la tarde", "2026-11-22"),
        ("por la mañana", None),
        ("el viernes que viene", "2026-11-27"),
        ("el miércoles de la próxima semana", "2026-11-25"),
        ("de hoy en ocho", "2026-11-28"),
        ("del viernes en ocho", "2026-12-04"),
        ("el 15", "2026-12-15"),
        ("el 10 del mes que viene", "2026-12-10"),
        ("el primero de diciembre", "2026-12-01"),
        ("5/12", "2026-12-05"),
        ("a fin de mes", "2026-11-30"),
        ("dentro de dos semanas", "2026-12-05"),
        ("cuando cobre", None),
        ("la quincena", None),
        ("la semana que viene", None),
        ("quinto día hábil", None),
        ("el miércoles no, el jueves", "2026-11-26"),
        ("pago el viernes, no, mejor el sabado", "2026-11-28"),
    ],
)
def test_spanish_days(text: str, expected: str | None) -> None:
    assert day(text, "es") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("amanhã", "2026-11-22"),
        ("depois de amanha", "2026-11-23"),
        ("sexta que vem", "2026-11-27"),
        ("6ª feira", "2026-11-27"),
        ("sexta-feira da semana que vem", "2026-11-27"),
        ("dia 5", "2026-12-05"),
        ("dia 10 do mês que vem", "2026-12-10"),
        ("dia primeiro", "2026-12-01"),
        ("20/12", "2026-12-20"),
        ("até o fim do mês", "2026-11-30"),
        ("daqui a uma semana", "2026-11-28"),
        ("semana que vem", None),
        ("5º dia útil", None),
        ("quando cair o salário", None),
        ("não, melhor sábado", "2026-11-28"),
        ("pago sexta, aliás, segunda", "2026-11-23"),
    ],
)
def test_portuguese_days(text: str, expected: str | None) -> None:
    assert day(text, "pt-BR") == expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("mil quinientos", "es", ("1500", None)),
        ("mil quinientos cincuenta y cinco pesos", "es", ("1555", None)),
        ("doscientos mil", "es", ("200000", None)),
        ("2 lucas", "es", ("2000", None)),
        ("500 varos", "es", ("500", "MXN")),
        ("S/ 200", "es", ("200", "PEN")),
        ("1.250,50", "es", ("1250.50", None)),
        ("$1,250.50", "es", ("1250.50", None)),
        ("1,250", "es", ("1250", None)),
        ("no puedo pagar 500 pero puedo 200", "es", ("200", None)),
        ("debo 3000 pero pago 500", "es", ("500", None)),
        ("500 o 600", "es", None),
        ("tengo 45 años", "es", None),
        ("R$ 1.250,50", "pt-BR", ("1250.50", "BRL")),
        ("mil e duzentos", "pt-BR", ("1200", None)),
        ("mil duzentos e cinquenta reais", "pt-BR", ("1250", "BRL")),
        ("200 conto", "pt-BR", ("200", "BRL")),
        ("1,5k", "pt-BR", ("1500", None)),
        ("não tenho 500", "pt-BR", None),
        ("às 15h", "pt-BR", None),
    ],
)
def test_sums(text: str, language: str, expected: tuple[str, str | None] | None) -> None:
    assert amount(text, language) == expected


@pytest.mark.parametrize(
    ("text", "language", "name", "number"),
    [
        ("10 días más", "es", "days", 10),
        ("una quincena", "es", "days", 15),
        ("otra semana", "es", "days", 7),
        ("en 3 cuotas", "es", "instalments", 3),
        ("dividir en 6 meses", "es", "instalments", 6),
        ("mitad ahora y mitad después", "es", "instalments", 2),
        ("quinze dias", "pt-BR", "days", 15),
        ("em 3x de 100", "pt-BR", "instalments", 3),
        ("parcelar em três", "pt-BR", "instalments", 3),
        ("dividir em 4 vezes", "pt-BR", "instalments", 4),
    ],
)
def test_lengths_and_counts(text: str, language: str, name: str, number: int) -> None:
    assert [r.number for r in read(text, language) if r.name == name] == [number]


def test_the_coming_friday_said_on_a_monday_keeps_the_one_after() -> None:
    for text, language in (("el viernes que viene", "es"), ("sexta que vem", "pt-BR")):
        found = read(text, language, _MONDAY)[0]
        assert (found.day, found.alternatives) == (date(2026, 11, 27), (date(2026, 12, 4),))


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("1.250", "1250"),
        ("1,250", "1250"),
        ("12,5", "12.5"),
        ("12.5", "12.5"),
        ("1.000.000", "1000000"),
        ("1,2,3", None),
    ],
)
def test_where_both_marks_are_used_three_digits_behind_one_are_thousands(typed: str, number: str | None) -> None:
    assert read_digits(typed, "") == (None if number is None else Decimal(number))
