"""Nothing comes in; what Word templates are compiled with goes out: Jinja in a sandbox, which prints text for XML."""

from __future__ import annotations

import html
import re

from jinja2 import Environment, StrictUndefined, pass_eval_context
from jinja2.exceptions import TemplateRuntimeError
from jinja2.sandbox import ImmutableSandboxedEnvironment

# "safe" and its like would let a value through as XML; "random" prints something else each time.
_REFUSED_FILTERS = ("forceescape", "random", "safe", "striptags", "tojson", "urlize", "xmlattr")
_NOT_XML = "\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff"  # what XML 1.0 forbids, production 2
_FORBIDDEN = re.compile(f"[{_NOT_XML}]")
_SPECIAL = re.compile(f"[&<>\"'\r{_NOT_XML}]")


def environment_for_templates() -> Environment:
    """Jinja's own escaping is off: it would make an object of each value, and `_printed` sees them all."""
    environment = _Sandbox(undefined=StrictUndefined, finalize=_printed)
    environment.globals.pop("lipsum")
    for name in _REFUSED_FILTERS:
        environment.filters.pop(name)
    for name in ("e", "escape"):
        environment.filters[name] = _as_it_is  # what is printed is escaped anyway
    return environment


class _Sandbox(ImmutableSandboxedEnvironment):
    def getattr(self, obj: object, attribute: str) -> object:
        """Jinja asks for a method of the dict first: that takes longer, and hides a key like "items"."""
        return obj[attribute] if type(obj) is dict and attribute in obj else super().getattr(obj, attribute)


@pass_eval_context  # else Jinja would print the constants of a template when it compiles them, and fail there
def _printed(_: object, value: object) -> str:
    """The text of a value as it stands in XML: the one place that every value passes."""
    if type(value) is str and _SPECIAL.search(value) is None:  # nearly all are
        return value
    if not isinstance(value, str):
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number and type(value).__str__ is object.__str__:
            raise TemplateRuntimeError(f"prints {type(value).__name__}, which is not text")
        value = str(value)
    return html.escape(_FORBIDDEN.sub("", value.replace("\r\n", "\n").replace("\r", "\n")))


def _as_it_is(value: object) -> object:
    return value
