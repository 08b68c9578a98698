"""`holds add`: hours that suit are read exactly or refused with a sentence, before anything is stored."""

from __future__ import annotations

import pytest
import typer

from bot.cli.holds import _hours, _shown
from bot.domain.holds import Hold, HoldKind
from tests.unit.policy.cases import at

WISH = HoldKind.INCONVENIENT_TIMES


@pytest.mark.parametrize(
    ("opens", "closes", "expected"),
    [
        ("18:00", "21:00", (1080, 1260)),
        ("18:00", "24:00", (1080, 1440)),
        ("22:00", "06:30", (1320, 390)),
        ("24:00", "08:00", (0, 480)),
        (None, None, None),
    ],
)
def test_hours_are_minutes_of_the_day(opens: str | None, closes: str | None, expected: tuple[int, int] | None) -> None:
    assert _hours(WISH, opens, closes) == expected


@pytest.mark.parametrize(
    ("kind", "opens", "closes", "said"),
    [
        (WISH, "18:00", None, "--from and --to go together"),
        (WISH, None, "18:00", "--from and --to go together"),
        (HoldKind.DISPUTE, "18:00", "21:00", "--from and --to go together"),
        (WISH, "18:00", "18:00", "no hour would suit"),
        (WISH, "six", "21:00", "six is not a time of day"),
    ],
)
def test_hours_that_mean_nothing_are_refused(
    kind: HoldKind, opens: str | None, closes: str | None, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises((typer.Exit, SystemExit)):
        _hours(kind, opens, closes)
    assert said in capsys.readouterr().err


def test_hours_are_shown_as_they_were_given() -> None:
    hold = Hold("H1", WISH, "B1", None, at("2026-12-01 10:00"), None, "lender", "works", 1080, 1260)
    assert _shown(hold) == "18:00-21:00"
    assert _shown(Hold("H1", WISH, "B1", None, at("2026-12-01 10:00"), None, "lender", "works")) == ""
