"""Settings are read once, all problems at once, with a hint where a name is nearly right."""

from pathlib import Path

import pytest

from bot.config import read_settings
from bot.domain.errors import ConfigurationProblems

TOKEN = "123456789:AAFakeFakeFakeFakeFakeFakeFakeFake_00"
KEY = "k" * 32


def problems_of(environ: dict[str, str], tmp_path: Path, **more: object) -> list[str]:
    with pytest.raises(ConfigurationProblems) as caught:
        read_settings(environ, tmp_path / ".env", **more)  # type: ignore[arg-type]
    return list(caught.value.problems)


def test_defaults_are_those_of_a_single_process_on_this_machine(tmp_path: Path) -> None:
    settings = read_settings({}, tmp_path / ".env")
    assert settings.database_url == "sqlite+aiosqlite:///var/gracebot.db"
    assert (settings.host, settings.port, settings.public_url, settings.messages_per_second) == (
        "127.0.0.1",
        8080,
        None,
        30,
    )


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    found = problems_of(
        {"GRACE_PROT": "1", "GRACE_PORT": "many", "GRACE_SECRET_KEY": "short", "GRACE_DATABASE_URL": "mysql://x"},
        tmp_path,
        needs=("telegram_token",),
    )
    assert sorted(line.split()[0].rstrip(":") for line in found) == [
        "GRACE_DATABASE_URL",
        "GRACE_PORT",
        "GRACE_PROT",
        "GRACE_SECRET_KEY",
        "GRACE_TELEGRAM_TOKEN",
    ]
    assert 'Did you mean "GRACE_PORT"?' in found[0]


def test_what_one_role_of_several_needs_is_told_with_all_the_rest(tmp_path: Path) -> None:
    assert problems_of({}, tmp_path, needs=("secret_key",), role="web") == [
        f"GRACE_SECRET_KEY is not set; put it into the environment or into {tmp_path / '.env'}.",
        "--role web takes updates in by webhook and needs GRACE_PUBLIC_URL, the address that Telegram reaches.",
        "--role web needs PostgreSQL; on SQLite one process does everything.",
    ]
    (problem,) = problems_of({"GRACE_PUBLIC_URL": "https://bot.example"}, tmp_path, role="worker")
    assert problem == "--role worker needs PostgreSQL; on SQLite one process does everything."
    postgres = {"GRACE_DATABASE_URL": "postgresql+asyncpg://user@host/name"}
    (problem,) = problems_of(postgres, tmp_path, role="web")
    assert "GRACE_PUBLIC_URL" in problem
    assert read_settings(postgres, tmp_path / ".env", role="worker").public_url is None
    assert read_settings({}, tmp_path / ".env", role="all").public_url is None


def test_a_half_copied_token_is_refused_without_showing_it(tmp_path: Path) -> None:
    (problem,) = problems_of({"GRACE_TELEGRAM_TOKEN": "AAFakeFake"}, tmp_path)
    assert "BotFather" in problem
    assert "AAFake" not in problem


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("GRACE_PORT=9000\nGRACE_HOST=0.0.0.0\nOTHER=1\n")
    settings = read_settings({"GRACE_PORT": "9001"}, tmp_path / ".env")
    assert (settings.port, settings.host) == (9001, "0.0.0.0")


def test_keys_are_a_list_newest_first_and_secrets_never_show(tmp_path: Path) -> None:
    settings = read_settings(
        {"GRACE_SECRET_KEY": f"{KEY}, {'o' * 40}", "GRACE_TELEGRAM_TOKEN": TOKEN}, tmp_path / ".env"
    )
    assert settings.secret_keys == (KEY, "o" * 40)
    assert KEY not in repr(settings)
    assert "AAFake" not in repr(settings)


def test_names_reserved_for_tests_are_left_alone(tmp_path: Path) -> None:
    assert read_settings({"GRACE_TEST_DATA": "/somewhere"}, tmp_path / ".env").port == 8080


def test_an_outside_model_is_off_unless_its_address_and_name_are_set(tmp_path: Path) -> None:
    assert read_settings({"GRACE_CLASSIFIER_CALLS": "9"}, tmp_path / ".env").outside_model is None
    environ = {"GRACE_CLASSIFIER_URL": "https://models.example/v1/", "GRACE_CLASSIFIER_MODEL": "small"}
    outside = read_settings(environ | {"GRACE_CLASSIFIER_KEY": "a secret key"}, tmp_path / ".env").outside_model
    assert outside is not None
    assert (outside.url, outside.model, outside.key, outside.calls) == (
        "https://models.example/v1",
        "small",
        "a secret key",
        500,
    )
    assert "a secret key" not in repr(outside)
    assert problems_of({"GRACE_CLASSIFIER_URL": "https://models.example/v1"}, tmp_path) == [
        "GRACE_CLASSIFIER_MODEL is not set, but GRACE_CLASSIFIER_URL is: an outside model needs both."
    ]


@pytest.mark.parametrize(
    "url",
    [
        "http://models.example/v1",
        "http://127.0.0.1.models.example/v1",
        "http://localhost@models.example/v1",
        "https://user:password@models.example",
        "https://models.example/v1?key=1",
        "file:///etc/passwd",
    ],
)
def test_an_outside_model_is_reached_by_https_or_on_this_machine_only(url: str, tmp_path: Path) -> None:
    (problem,) = problems_of({"GRACE_CLASSIFIER_URL": url, "GRACE_CLASSIFIER_MODEL": "small"}, tmp_path)
    assert problem.startswith("GRACE_CLASSIFIER_URL: write an https:// address")
    here = {"GRACE_CLASSIFIER_URL": "http://127.0.0.1:8081/v1", "GRACE_CLASSIFIER_MODEL": "small"}
    assert read_settings(here, tmp_path / ".env").outside_model is not None
