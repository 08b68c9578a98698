"""Primitives: what is stored for an instant, a day and facts, and back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.storage.acts import act_from_json
from bot.storage.types import from_facts, from_instant, to_facts, to_instant, to_json


def test_an_instant_is_microseconds_since_1970():
    assert to_instant(datetime(1970, 1, 1, 0, 0, 1, 5, tzinfo=UTC)) == 1_000_005
    assert to_instant(datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC)) == -1_000_000


@given(st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=8)), timezone(timedelta(hours=-5))])))
def test_an_instant_comes_back_exactly_in_utc(instant):
    back = from_instant(to_instant(instant))
    assert back == instant
    assert back.tzinfo is UTC


def test_an_instant_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        to_instant(datetime(2026, 11, 21))


def test_facts_keep_their_order_and_repeats():
    facts = (("b", "2"), ("a", "1"), ("b", "3"))
    assert from_facts(to_facts(facts)) == facts
    assert from_facts(to_facts(())) == ()
    assert from_facts(None) == ()


def test_json_is_the_same_text_for_the_same_value():
    assert to_json({"b": 1, "a": "é"}) == '{"a":"é","b":1}'


def test_an_act_of_a_later_version_is_refused():
    with pytest.raises(ValueError, match="'wave'"):
        act_from_json('{"act": "wave"}')
