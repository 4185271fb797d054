"""Describe the paper's search to browsers, so that it can be one of theirs (OpenSearch 1.1)."""

from __future__ import annotations

from lxml import etree

from ..xml_text import legible

__all__ = ["describe"]

NAMESPACE = "http://a9.com/-/spec/opensearch/1.1/"
LONGEST_NAME = 16


def describe(*, name: str, search_url: str, icon_url: str) -> bytes:
    """Return the description; the words that are looked for go to the end of ``search_url``."""
    root = etree.Element(f"{{{NAMESPACE}}}OpenSearchDescription", nsmap={None: NAMESPACE})
    name = legible(name)
    for element, text in (
        ("ShortName", name[:LONGEST_NAME]),
        ("Description", f"在《{name}》里查找"),
        ("Language", "zh-CN"),
        ("InputEncoding", "UTF-8"),
        ("OutputEncoding", "UTF-8"),
    ):
        etree.SubElement(root, f"{{{NAMESPACE}}}{element}").text = text
    icon = etree.SubElement(root, f"{{{NAMESPACE}}}Image", type="image/svg+xml")
    icon.text = icon_url
    etree.SubElement(
        root, f"{{{NAMESPACE}}}Url", type="text/html", template=f"{search_url}{{searchTerms}}"
    )
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))
