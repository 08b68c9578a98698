"""Encodings are detected where only one reading makes sense, and asked for where two do."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.loanbook.raw import RawTable
from bot.spreadsheets import open_rows

SIMPLIFIED = "姓名,城市\n张伟,上海\n王芳,北京\n刘洋,广州\n陈静,深圳\n赵敏,成都\n"
TRADITIONAL = "姓名,城市\n陳怡君,臺北\n林志明,高雄\n黃淑芬,臺中\n張家豪,臺南\n"
LATIN = "nome,cidade\nJoão Conceição,São Paulo\nMuñoz Peña,Logroño\nMüller,Köln\n"


def opened(tmp_path: Path, data: bytes, encoding: str | None = None) -> RawTable:
    path = tmp_path / "book.csv"
    path.write_bytes(data)
    return open_rows(path, encoding)


@pytest.mark.parametrize(
    ("text", "encoding", "name"),
    [
        (SIMPLIFIED, "utf-8", "utf-8"),
        (SIMPLIFIED, "utf-8-sig", "utf-8"),
        (SIMPLIFIED, "utf-16", "utf-16"),
        (SIMPLIFIED, "gb18030", "gb18030"),
        (TRADITIONAL, "big5", "big5"),
        (TRADITIONAL, "utf-8", "utf-8"),
        (LATIN, "cp1252", "cp1252"),
        (LATIN, "utf-8", "utf-8"),
        ("a,b\n1,2\n", "ascii", "utf-8"),
    ],
)
def test_an_encoding_that_leaves_one_sensible_reading_is_detected(
    tmp_path: Path, text: str, encoding: str, name: str
) -> None:
    table = opened(tmp_path, text.encode(encoding))
    assert table.problems == ()
    assert table.notes == (f"Read as {name}, delimited by comma.",)
    lines = [line.split(",") for line in text.splitlines()]
    assert [list(table.columns), *(list(row.values) for row in table.rows)] == lines


def test_big_endian_utf16_with_its_mark_is_detected(tmp_path: Path) -> None:
    table = opened(tmp_path, b"\xfe\xff" + SIMPLIFIED.encode("utf-16-be"))
    assert table.columns == ("姓名", "城市")


def test_bytes_with_two_sensible_readings_are_asked_about(tmp_path: Path) -> None:
    # These four bytes are two frequent characters in GB18030 and two others, as frequent, in Big5.
    table = opened(tmp_path, "id,李明\n1,2\n".encode("gb18030"))
    (found,) = table.problems
    assert found.sentence == ("Its characters can be read in more than one way: gb18030 (id,李明) or big5 (id,燠隴).")
    assert found.fix == "Name the right one, as in --encoding gb18030."
    assert list(table.rows) == []


def test_names_of_people_are_not_shown_when_asking(tmp_path: Path) -> None:
    (found,) = opened(tmp_path, "id,name\n1,李明\n".encode("gb18030")).problems
    assert found.sentence == "Its characters can be read in more than one way: gb18030 or big5."


def test_naming_the_encoding_answers_the_question(tmp_path: Path) -> None:
    table = opened(tmp_path, "id,name\n1,李明\n".encode("gb18030"), "GB18030")
    assert [row.values[1] for row in table.rows] == ["李明"]


def test_bytes_with_no_sensible_reading_are_asked_about(tmp_path: Path) -> None:
    table = opened(tmp_path, "имя,город\nИванов,Москва\n".encode("cp1251"))
    assert [found.code for found in table.problems] == ["encoding_unknown"]
    named = opened(tmp_path, "имя,город\nИванов,Москва\n".encode("cp1251"), "cp1251")
    assert named.columns == ("имя", "город")


def test_many_accented_letters_in_a_row_are_no_latin_word(tmp_path: Path) -> None:
    # In CP1252 these would read "MsÍõÌÎ", all letters beside a plain one.
    table = opened(tmp_path, "id,name\n1,Ms王涛\n2,Ms杨玉\n3,Ms王雨\n".encode("gb18030"))
    assert [row.values[1] for row in table.rows] == ["Ms王涛", "Ms杨玉", "Ms王雨"]


def test_the_only_telling_line_may_lie_across_two_megabytes(tmp_path: Path) -> None:
    filler = b"12345678\n" * (1024 * 1024 // 9 - 1)
    missing = 1024 * 1024 - len(filler) - len(b"name\n")
    data = b"name\n" + filler + b"x" * (missing - 1) + "张伟\n".encode("gb18030")
    assert data[: 1024 * 1024].endswith("张".encode("gb18030")[:1])
    assert opened(tmp_path, data).notes == ("Read as gb18030, delimited by comma.",)


def test_utf16_without_its_mark_is_asked_about(tmp_path: Path) -> None:
    data = "name,town\nAna,Porto\n".encode("utf-16-le")
    (found,) = opened(tmp_path, data).problems
    assert (found.code, found.fix) == ("encoding_unclear", "Name the right one, as in --encoding utf-16-le.")
    assert opened(tmp_path, data, "utf-16-le").columns == ("name", "town")


def test_a_few_damaged_lines_do_not_change_the_encoding_of_the_others(tmp_path: Path) -> None:
    table = opened(tmp_path, SIMPLIFIED.encode() + "吴军,".encode() + b"\xb0\xa1\n")
    assert table.notes == ("Read as utf-8, delimited by comma.",)
    values = [row.values for row in table.rows]
    assert values[0] == ["张伟", "上海"]
    assert values[-1] == ["吴军", "\ufffd\ufffd"]


def test_an_encoding_that_does_not_exist_is_told(tmp_path: Path) -> None:
    for name in ("utf-9", "hex", "a\0b"):
        assert [found.code for found in opened(tmp_path, b"a,b\n", name).problems] == ["encoding_unheard_of"]


def test_an_encoding_that_the_files_mark_contradicts_is_told(tmp_path: Path) -> None:
    data = SIMPLIFIED.encode("utf-16")
    assert [found.code for found in opened(tmp_path, data, "gb18030").problems] == ["encoding_contradicted"]
    assert opened(tmp_path, data, "utf-16").columns == ("姓名", "城市")


def test_a_character_across_a_megabyte_is_still_valid(tmp_path: Path) -> None:
    line = "编号,姓名甲乙丙\n"
    table = opened(tmp_path, (line * 60_000).encode())
    assert table.notes == ("Read as utf-8, delimited by comma.",)
