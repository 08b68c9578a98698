"""One form for every way of typing: full-width, capitals, native digits, invisible characters, floods of one sign.

Each character kept remembers where it stood, so a slot can point at the words the borrower typed. Work is bounded: of
an overlong text the start and the end are read, because people in trouble often say the worst at the end.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

#: Raw characters looked at from the start and from the end. The longest letters that people write fit in; what is longer
#: was pasted, and the safety layer too reads only its beginning and its end.
LOOKED_AT = (2_000, 500)
#: The same sign again and again is cut to this many: "nooooo" to "nooo", "!!!!!!!" to "!!!".
REPEATS = 3

_JOINERS = {
    "’": "'",
    "‘": "'",
    "`": "'",
    "´": "'",
    "ʼ": "'",
    "“": '"',
    "”": '"',
    "–": "-",
    "—": "-",
    "−": "-",
    "‐": "-",
    "‑": "-",
}

#: Letters that one language writes in two ways, brought to the one its phrases use.
_SIMPLER = (
    "還还 錢钱 號号 週周 後后 個个 這这 們们 說说 話话 請请 問问 麼么 嗎吗 時时 間间 會会 過过 "
    "沒没 來来 給给 幫帮 電电 債债 單单 據据 帳账 賬账 戶户 銀银 匯汇 轉转 額额 對对 錯错 誤误 "
    "認认 識识 難难 業业 醫医 費费 員员 務务 訊讯 簡简 謝谢 歡欢 無无 為为 與与 從从 開开 關关 "
    "發发 現现 實实 際际 應应 該该 當当 點点 讓让 將将 較较 雙双 隻只 條条 線线 網网 頁页 總总 "
    "經经 濟济 緊紧 張张 壓压 貸贷 約约 違违 減减 滯滞 納纳 稅税 獎奖 勵励 協协 調调 書书 證证 "
    "擾扰 騷骚 舉举 報报 親亲 屬属 聯联 繫系 絡络 媽妈 爺爷 歲岁 孫孙 長长 輩辈 離离 車车 輛辆 "
    "賣卖 買买 東东 貴贵 賤贱 萬万 億亿 兩两 幾几 種种 樣样 邊边 裡里 裏里 頭头 臉脸 腳脚 氣气 "
    "飯饭 餓饿 養养 貧贫 窮穷 傷伤 殺杀 樓楼 願愿 斷断 獨独 聽听 語语 訴诉 記记 錄录 徵征 漲涨 "
    "變变 動动 節节 級级 淨净 壞坏 罵骂 騙骗 詐诈 嚇吓 煩烦 擔担 緩缓 寬宽 資资 價价 優优 夠够 "
    "進进 遠远 遲迟 連连 運运 選选 邏逻 醜丑 針针 鍵键 閉闭 閒闲 陰阴 隨随 雜杂 預预 顧顾 風风 "
    "飛飞 魚鱼 鬧闹 齊齐 "
)
#: Accents that half of all messages leave out.
_ACCENTS = str.maketrans("áàâãéêíóôõúüñç", "aaaaeeiooouunc")
_VIETNAMESE = {
    "a": "áàảãạăắằẳẵặâấầẩẫậ", "d": "đ", "e": "éèẻẽẹêếềểễệ", "i": "íìỉĩị", "o": "óòỏõọôốồổỗộơớờởỡợ",
    "u": "úùủũụưứừửữự", "y": "ýỳỷỹỵ",
}  # fmt: skip
_FOLDS: dict[str, dict[int, str]] = {
    "zh": {ord(pair[0]): pair[1] for pair in _SIMPLER.split()},
    "es": {place: chr(letter) for place, letter in _ACCENTS.items()},
    "pt": {place: chr(letter) for place, letter in _ACCENTS.items()},
    "vi": {ord(letter): plain for plain, letters in _VIETNAMESE.items() for letter in letters},
}
#: Traditional characters and the simplified ones that stand for them.
SIMPLER_OF = _FOLDS["zh"]
#: Words that keep their accents where somebody types them, because without them they say something else.
_KEPT = {"vi": re.compile(r"\b(?:tử|vẫn|vậy|lãi|sáu|nửa|mốt|tù)\b")}


@dataclass(frozen=True, slots=True)
class Normalized:
    """The text that is compared, and for each of its characters the position in what was typed."""

    text: str
    origin: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where `text[start:end]` stood in the raw text."""
        if start >= end:
            return (0, 0)
        return (self.origin[start], self.origin[end - 1] + 1)

    def folded(self, language: str) -> Normalized:
        """The same with letters that the language writes in two ways brought to the one its phrases use."""
        tag = language.partition("-")[0]
        folds = _FOLDS.get(tag)
        if folds is None:
            return self
        plain = self.text.translate(folds)
        for kept in _KEPT[tag].finditer(self.text) if tag in _KEPT else ():
            plain = plain[: kept.start()] + kept.group() + plain[kept.end() :]
        return Normalized(plain, self.origin)


def normalize(text: str, language: str) -> Normalized:
    """Lower case, NFKC, ASCII digits, plain quotes and dashes, nothing invisible, no floods, bounded length."""
    out: list[str] = []
    origin: list[int] = []
    marks = run = 0
    for position, character in _ends(text):
        plain = _plain(character)
        if not plain:
            continue
        if out and unicodedata.combining(plain[0]):
            whole = unicodedata.normalize("NFC", out[-1] + plain)
            marks += 1
            if len(whole) == 1:
                out[-1] = whole
                continue
            if marks > REPEATS:  # a letter buried under marks keeps the first few
                continue
        else:
            marks = 0
        same = bool(out) and out[-1] == plain and not plain.isdigit()
        run = run + 1 if same else 0
        if run >= REPEATS or (same and plain == " "):
            continue
        for letter in plain:
            out.append(letter)
            origin.append(position)
    return Normalized("".join(out), tuple(origin)).folded(language)


def _ends(text: str) -> Iterator[tuple[int, str]]:
    """The characters of a text and their places; of an overlong one the first and last, a line end between."""
    head, tail = LOOKED_AT
    if len(text) <= head + tail:
        yield from enumerate(text)
        return
    yield from enumerate(text[:head])
    yield head, "\n"
    yield from enumerate(text[-tail:], len(text) - tail)


@lru_cache(maxsize=8192)
def _plain(character: str) -> str:
    """What one typed character counts as; nothing for the invisible ones."""
    if character in _JOINERS:
        return _JOINERS[character]
    category = unicodedata.category(character)
    if category in ("Cf", "Cs", "Co", "Cn") or 0xFE00 <= ord(character) <= 0xFE0F:
        return ""
    if category == "Cc" or category.startswith("Z"):
        return "\n" if character in "\n\r\u2028\u2029" else " "
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    # One sign may stand for a whole sentence (U+FDFA); four letters are enough for every unit and ligature people use.
    return unicodedata.normalize("NFKC", character).casefold()[:4]
