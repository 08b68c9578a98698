"""Every talk in the folders beside this file, run through the real understanding and engine."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pytest

from bot.dialog.conversation_tests import run_conversation
from bot.dialog.parse import parse_script
from bot.dialog.rehearsal import Stage
from bot.domain.yaml_reading import read_yaml
from bot.policy.contact_reading import read_contact_policy
from bot.policy.programme_reading import read_programme
from bot.policy.wording import read_lexicon
from bot.texts.catalogs import Catalogs, read_catalog
from bot.understanding.phrases import read_phrases

_HERE = Path(__file__).parent
_ROOT = _HERE.parents[1]
_TALKS = sorted(_HERE.glob("*/*.yaml"))


@lru_cache(maxsize=1)
def the_stage() -> Stage:
    script, problems = parse_script(_texts("dialogs/flows", "*.yaml"))
    assert script is not None, problems
    catalogs = {}
    for folder, tag in (("en", "en"), ("zh_Hans", "zh-Hans")):
        catalogs[tag], faults = read_catalog((_ROOT / "locales" / folder / "LC_MESSAGES/bot.po").read_text(), tag)
        assert not faults
    phrases, _ = read_phrases(_texts("locales", "*/phrases/*.yaml"))
    policies, _ = read_contact_policy({p.stem: _yaml(p) for p in sorted((_ROOT / "dialogs/contact").glob("*.yaml"))})
    programme, faults = read_programme(_yaml(_ROOT / "dialogs/policies/generic.yaml"), 1, policies)
    assert programme is not None, faults
    lexicons = [read_lexicon(_yaml(path))[0] for path in sorted((_ROOT / "dialogs/wording").glob("*.yaml"))]
    return Stage(
        script, Catalogs(catalogs), phrases, (programme,), policies["GLOBAL"], tuple(x for x in lexicons if x is not None)
    )


def _texts(folder: str, pattern: str) -> dict[str, str]:
    return {str(path.relative_to(_ROOT)): path.read_text() for path in sorted((_ROOT / folder).glob(pattern))}


def _yaml(path: Path):
    return read_yaml(path.read_text(), str(path.relative_to(_ROOT)))


@pytest.mark.parametrize("path", _TALKS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_talk_goes_as_written(path: Path) -> None:
    run = run_conversation(path.read_text(), str(path.relative_to(_ROOT)), the_stage())
    assert not run.failures, "\n".join(str(failure) for failure in run.failures)
