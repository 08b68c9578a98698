"""Language tags: BCP 47 outside, Babel's underscore form for folders and CLDR, and which language stands in for which.

Pseudo-locales borrow the CLDR data of a real language. Nothing here knows which languages a bot can speak.
"""

from __future__ import annotations

from functools import lru_cache

from babel import Locale, UnknownLocaleError

#: The language of the source sentences; the last resort of every chain.
SOURCE_LANGUAGE = "en"

_REGION_MEANS_SCRIPT = {"CN": "Hans", "SG": "Hans", "MY": "Hans", "TW": "Hant", "HK": "Hant", "MO": "Hant"}
#: Made from the English by the program, to show mistakes; see `bot.texts.pseudo`.
_PSEUDO = {"en-XA": "en", "ar-XB": "ar"}
#: Better than English for somebody who reads the key.
_STANDS_IN = {"zh-Hant": "zh-Hans"}


def canonical_tag(tag: str) -> str:
    """`zh_CN`, `zh-cn` and `zh` are `zh-Hans`; `pt_br` is `pt-BR`. A tag nobody knows comes back in tidy case."""
    parts = tag.replace("_", "-").split("-")
    language = parts[0].lower()
    rest = [p.title() if len(p) == 4 else p.upper() if len(p) in (2, 3) else p for p in parts[1:]]
    if language == "zh":
        script = next((p for p in rest if p in ("Hans", "Hant")), None)
        region = next((p for p in rest if p in _REGION_MEANS_SCRIPT), "CN")
        return f"zh-{script or _REGION_MEANS_SCRIPT[region]}"
    return "-".join([language, *rest])


def folder_of(tag: str) -> str:
    """The folder under `locales/`: `zh-Hans` is `zh_Hans`."""
    return canonical_tag(tag).replace("-", "_")


@lru_cache(maxsize=256)
def fallbacks(tag: str) -> tuple[str, ...]:
    """The languages to look for a message in, best first; English, the source, is always last."""
    chain = [canonical_tag(tag)]
    if chain[0] in _STANDS_IN:
        chain.append(_STANDS_IN[chain[0]])
    parts = chain[0].split("-")
    chain.extend("-".join(parts[:n]) for n in range(len(parts) - 1, 0, -1))
    chain.append(SOURCE_LANGUAGE)
    return tuple(dict.fromkeys(chain))


@lru_cache(maxsize=256)
def cldr_locale(tag: str) -> Locale:
    """CLDR's data for a tag; English where CLDR does not know it, so that a number is never left unformatted."""
    name = canonical_tag(tag)
    try:
        return Locale.parse(_PSEUDO.get(name, name).replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale.parse(SOURCE_LANGUAGE)


def is_known(tag: str) -> bool:
    """Whether CLDR has the language, with the script and region that the tag names."""
    name = canonical_tag(tag)
    try:
        Locale.parse(_PSEUDO.get(name, name).replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return False
    return True


def is_pseudo(tag: str) -> bool:
    """Whether the program makes this language itself, for testing."""
    return canonical_tag(tag) in _PSEUDO


def is_right_to_left(tag: str) -> bool:
    return bool(cldr_locale(tag).text_direction == "rtl")


def native_name(tag: str) -> str:
    """A language's name in itself: English, 简体中文, Español; a pseudo-locale's with its tag."""
    locale = cldr_locale(tag)
    name = locale.languages.get(str(locale)) or locale.languages.get(locale.language) or tag
    return f"{name[:1].upper()}{name[1:]}" + (f" ({tag})" if is_pseudo(tag) else "")
