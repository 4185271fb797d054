"""Build XML, escaped by default: what is text stays text, whatever signs it holds."""

from __future__ import annotations

import re
from html import escape

__all__ = ["Markup", "element", "join", "text"]

# Signs that the plain form allows and no XML may hold.
NOT_IN_XML = re.compile("[\ufffe\uffff]")
# A parser would make spaces of these where they stand in an attribute.
IN_ATTRIBUTE = str.maketrans({"\n": "&#10;", "\t": "&#9;"})
EMPTY = {"br", "img", "link", "meta"}


class Markup(str):
    """Markup, made by this module: the only text that is not escaped any more."""

    __slots__ = ()


def text(words: str) -> Markup:
    """Return words as markup, escaped."""
    if isinstance(words, Markup):
        return words
    return Markup(escape(NOT_IN_XML.sub("", words), quote=False))


def join(*pieces: str) -> Markup:
    """Return pieces as one, those escaped that are no markup yet."""
    return Markup("".join(map(text, pieces)))


def element(name: str, /, *content: str, **attributes: str | int | None) -> Markup:
    """Return an element, its text and the values of its attributes escaped.

    In the name of an attribute ``_`` stands for ``-``, and one at the end for nothing: ``class_``.
    An attribute that is None is left out. An empty element is closed at once where HTML and XML
    agree that it may be.
    """
    said = "".join(
        f' {_attribute_name(key)}="{_attribute_value(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    if not content and (name in EMPTY or ":" in name or not name.islower()):
        return Markup(f"<{name}{said}/>")
    return Markup(f"<{name}{said}>{join(*content)}</{name}>")


def _attribute_name(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def _attribute_value(value: str | int) -> str:
    return escape(NOT_IN_XML.sub("", str(value))).translate(IN_ATTRIBUTE)
