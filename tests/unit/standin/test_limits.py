"""The pace that Telegram allows: 30 messages a second in all, one a second to a private chat, 20 a minute to a group."""

from bot.standin.limits import Limits, Pace


class Ticks:
    """Seconds that the test moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_thirty_messages_a_second_to_different_chats() -> None:
    ticks = Ticks()
    pace = Pace(Limits(), ticks)
    assert [pace.take("send", chat, private=True) for chat in range(31)] == [0] * 30 + [1]
    ticks.now += 0.5
    assert [pace.take("send", chat, private=True) for chat in range(100, 116)] == [0] * 15 + [1]


def test_a_private_chat_takes_a_small_burst_and_then_one_a_second() -> None:
    ticks = Ticks()
    pace = Pace(Limits(chat_burst=3), ticks)
    assert [pace.take("send", 7, private=True) for _ in range(4)] == [0, 0, 0, 1]
    assert pace.take("send", 8, private=True) == 0
    ticks.now += 1
    assert [pace.take("send", 7, private=True) for _ in range(2)] == [0, 1]


def test_a_group_takes_twenty_a_minute() -> None:
    ticks = Ticks()
    pace = Pace(Limits(), ticks)
    assert [pace.take("send", -7, private=False) for _ in range(21)] == [0] * 20 + [3]
    ticks.now += 3
    assert pace.take("send", -7, private=False) == 0


def test_a_refused_call_takes_nothing() -> None:
    ticks = Ticks()
    pace = Pace(Limits(per_second=2, chat_burst=1), ticks)
    assert pace.take("send", 7, private=True) == 0
    assert pace.take("send", 7, private=True) == 1
    assert pace.take("send", 8, private=True) == 0


def test_edits_count_against_everything_but_a_private_chats_second() -> None:
    pace = Pace(Limits(per_second=3, chat_burst=1), Ticks())
    assert [pace.take("edit", 7, private=True) for _ in range(4)] == [0, 0, 0, 1]
    group = Pace(Limits(group_per_minute=1), Ticks())
    assert [group.take("edit", -7, private=False) for _ in range(2)] == [0, 60]


def test_other_calls_are_free() -> None:
    pace = Pace(Limits(per_second=1, chat_burst=1), Ticks())
    assert [pace.take("free", 7, private=True) for _ in range(5)] == [0] * 5


def test_an_album_counts_each_of_its_messages() -> None:
    pace = Pace(Limits(), Ticks())
    assert pace.take("send", 7, private=True, cost=4) == 0
    assert pace.take("send", 7, private=True, cost=4) == 3


def test_limits_can_be_switched_off_and_changed_while_running() -> None:
    pace = Pace(Limits.off(), Ticks())
    assert {pace.take("send", 7, private=True) for _ in range(500)} == {0}
    pace.limits = Limits(chat_burst=1)
    assert [pace.take("send", 7, private=True) for _ in range(2)] == [0, 1]
