"""Our own pages: templates of this package, filled with values that are always text and never markup."""

from __future__ import annotations

from functools import lru_cache

from jinja2 import Environment, PackageLoader, StrictUndefined


def page(template: str, **values: object) -> str:
    """A page as HTML. A value that the template names and nobody gave is an error."""
    return _environment().get_template(template).render(values)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(loader=PackageLoader("bot.web", "pages"), autoescape=True, undefined=StrictUndefined)
