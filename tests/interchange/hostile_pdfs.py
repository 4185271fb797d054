"""PDFs that mean harm, or that nobody meant to send; shared by the tests and the bench."""

import zlib
from collections.abc import Callable
from io import BytesIO

import pikepdf

MANY = 10_000


def pdf(
    content: bytes = b"", *, box: str = "0 0 842 1190", more: str = "", pages: int = 1
) -> bytes:
    """Return a PDF of equal pages, whose content is packed; ``more`` are objects from number 20."""
    packed = zlib.compress(content, 9)
    kids = " ".join(f"{100 + n} 0 R" for n in range(pages))
    objects = [
        "1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj",
        f"2 0 obj<</Type/Pages/Kids[{kids}]/Count {pages}>>endobj",
        "3 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj",
        *(
            f"{100 + n} 0 obj<</Type/Page/Parent 2 0 R/MediaBox[{box}]/Contents 4 0 R"
            "/Resources<</Font<</F 3 0 R>>/XObject<</A 20 0 R>>>>>>endobj"
            for n in range(pages)
        ),
        more,
        f"4 0 obj<</Length {len(packed)}/Filter/FlateDecode>>stream\n",
    ]
    head = "%PDF-1.7\n" + "\n".join(objects)
    tail = "\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
    return head.encode("latin-1") + packed + tail.encode("latin-1")


def nested_forms() -> bytes:
    """Return a PDF in which each of twelve forms draws the next one thirty times."""
    forms = []
    for n in range(20, 32):
        inner = "/A Do " * 30 if n < 31 else "0 0 m 900 900 l S "
        forms.append(
            f"{n} 0 obj<</Type/XObject/Subtype/Form/BBox[0 0 900 900]/Length {len(inner)}"
            f"/Resources<</XObject<</A {n + 1} 0 R>>>>>>stream\n{inner}\nendstream endobj"
        )
    return pdf(b"/A Do", more="\n".join(forms))


def image(width: int, height: int) -> bytes:
    """Return a PDF with a picture of one colour that is small only in the file."""
    data = zlib.compress(bytes(width // 8 * height), 9).decode("latin-1")
    more = (
        f"20 0 obj<</Type/XObject/Subtype/Image/Width {width}/Height {height}"
        "/ColorSpace/DeviceGray/BitsPerComponent 1"
        f"/Filter/FlateDecode/Length {len(data)}>>stream\n{data}\nendstream endobj"
    )
    return pdf(b"800 0 0 800 0 0 cm /A Do", more=more)


def encrypted() -> bytes:
    file = BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page(page_size=(842, 1190))
        document.save(file, encryption=pikepdf.Encryption(owner="o", user="u"))
    return file.getvalue()


def with_tree_that_is_its_own_child() -> bytes:
    return pdf().replace(b"/Kids[100 0 R]", b"/Kids[2 0 R]  ")


def deep_lists() -> bytes:
    return pdf().replace(b"/Type/Catalog", b"/Type/Catalog/X" + b"[" * 100_000)


def letters(count: int) -> bytes:
    line = b"(" + b"a" * 10_000 + b") Tj "
    return pdf(b"BT /F 1 Tf " + line * (count // 10_000) + b"ET")


def long_content(megabytes: int) -> bytes:
    """Return a PDF that draws one line again and again; the strokes are small only in the file."""
    packer = zlib.compressobj(1)
    chunk = b"0 0 m 9 9 l S " * 75_000
    packed = b"".join([*(packer.compress(chunk) for _ in range(megabytes)), packer.flush()])
    head, tail = pdf().split(b"stream\n", 1)
    return head + b"stream\n" + packed + tail[tail.index(b"\nendstream") :]


# What each is refused with; None: it is read, and shows nothing that it should not.
HOSTILE: dict[str, tuple[Callable[[], bytes], str | None]] = {
    "nothing": (lambda: b"", "不是PDF"),
    "a program": (lambda: b"\x7fELF" + bytes(5_000), "不是PDF"),
    "a web page": (lambda: b"<html>%PDF" + bytes(2_000), "不是PDF"),
    "a head alone": (lambda: b"%PDF-1.7\n", "已损坏"),
    "noise after a head": (lambda: b"%PDF-1.7\n" + bytes(range(256)) * 400, "已损坏"),
    "encrypted": (encrypted, "有密码"),
    "too many bytes": (lambda: b"%PDF-1.7\n" + bytes(60_000_001), "PDF太大"),
    "10,000 pages": (lambda: pdf(pages=MANY), "页数太多"),
    "a page of a kilometre": (lambda: pdf(box="0 0 2834645 2834645"), "页面尺寸不对"),
    "a page of a hair": (lambda: pdf(box="0 0 1 1"), "页面尺寸不对"),
    "a ribbon": (lambda: pdf(box="0 0 400 4900"), "页面尺寸不对"),
    "a page without size": (lambda: pdf(box="0 0 0 0"), None),
    "a tree that is its own child": (with_tree_that_is_its_own_child, "已损坏"),
    "lists 100,000 deep": (deep_lists, "已损坏"),
    "a million letters": (lambda: letters(1_000_000), "文字太多"),
    "forms in forms, 30^12 lines": (nested_forms, "太复杂"),
    "300 MB of strokes": (lambda: long_content(300), "太复杂"),
    "a picture of 100,000 squared": (lambda: image(100_000, 100_000), "太复杂"),
}
