"""The IIIF Presentation API 3.0 as a JSON schema, of the classes and properties that we write.

After the specification (https://iiif.io/api/presentation/3.0/, appendix A): what each class
must have, what it may have, and of what form; anything else is refused.
"""

from typing import Any

ADDRESS = {"type": "string", "format": "uri", "pattern": "^https?://"}
SAID = {
    "type": "object",
    "minProperties": 1,
    "patternProperties": {
        "^([a-zA-Z]{2,8}(-[a-zA-Z0-9]{1,8})*|none)$": {
            "type": "array",
            "minItems": 1,
            "items": {"type": "string"},
        }
    },
    "additionalProperties": False,
}
SIZE = {"type": "integer", "exclusiveMinimum": 0}
PAIR = {
    "type": "object",
    "required": ["label", "value"],
    "properties": {"label": SAID, "value": SAID},
    "additionalProperties": False,
}


def resource(kind: str, required: list[str], **properties: Any) -> dict[str, Any]:
    """Return the schema of a class: every one has an address and says what it is."""
    return {
        "type": "object",
        "required": ["id", "type", *required],
        "properties": {"id": ADDRESS, "type": {"const": kind}, **properties},
        "additionalProperties": False,
    }


def some(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a list with something in it."""
    return {"type": "array", "minItems": 1, "items": schema}


IMAGE = resource(
    "Image", ["format", "width", "height"], format={"const": "image/webp"}, width=SIZE, height=SIZE
)
TEXT = resource(
    "Text",
    ["label", "format"],
    label=SAID,
    format={"enum": ["text/html", "application/pdf"]},
    language=some({"type": "string"}),
)
PAINTING = resource(
    "Annotation",
    ["motivation", "body", "target"],
    motivation={"const": "painting"},
    body=IMAGE,
    target=ADDRESS,
)
CANVAS = resource(
    "Canvas",
    ["label", "width", "height", "items"],
    label=SAID,
    width=SIZE,
    height=SIZE,
    thumbnail=some(IMAGE),
    homepage=some(TEXT),
    rendering=some(TEXT),
    items=some(resource("AnnotationPage", ["items"], items=some(PAINTING))),
)
MANIFEST = resource(
    "Manifest",
    ["@context", "label", "items"],
    **{"@context": {"const": "http://iiif.io/api/presentation/3/context.json"}},
    label=SAID,
    summary=SAID,
    metadata=some(PAIR),
    requiredStatement=PAIR,
    navDate={"type": "string", "format": "date-time"},
    viewingDirection={"enum": ["left-to-right", "right-to-left"]},
    behavior=some({"enum": ["paged", "individuals", "continuous"]}),
    homepage=some(TEXT),
    thumbnail=some(IMAGE),
    items=some(CANVAS),
)
