"""Uploaded files: what is kept of them, and what is refused."""

import struct
import time
import warnings
import zlib
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO

import docx
import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

from contributions import uploads
from contributions.uploads import (
    MOST_BYTES,
    CleanFile,
    FileKind,
    UploadRefused,
    clean_name,
    clean_upload,
)
from interchange.word_guard import COMPOUND_FILE

SECRET = b"secret-of-the-sender"
TAIL = b"<?php system($_GET['c']); ?><html>PK\x03\x04"


def image(kind: str = "JPEG", size: tuple[int, int] = (64, 48), **options: object) -> bytes:
    file = BytesIO()
    mode = options.pop("mode", "RGB")
    colour = options.pop("colour", None)
    Image.new(mode, size, colour or 0).save(file, kind, **options)
    return file.getvalue()


def with_location(**options: object) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = SECRET.decode()
    exif.get_ifd(0x8825)[2] = (30.0, 15.0, 0.0)
    return image(exif=exif.tobytes(), **options)


def document() -> bytes:
    written = docx.Document()
    written.core_properties.author = SECRET.decode()
    written.add_paragraph("正文")
    file = BytesIO()
    written.save(file)
    return file.getvalue()


def pdf(pages: int = 1, prepare: Callable[[Pdf], object] = bool, **options: object) -> bytes:
    made = Pdf.new()
    for _ in range(pages):
        made.add_blank_page()
    prepare(made)
    file = BytesIO()
    made.save(file, **options)
    return file.getvalue()


def clean(data: bytes, name: str) -> CleanFile:
    return clean_upload(BytesIO(data), name=name)


def opened(file: CleanFile) -> Image.Image:
    return Image.open(BytesIO(file.content))


# Photographs


@pytest.mark.parametrize(
    ("kind", "name", "kept_name", "kept_kind"),
    [
        ("JPEG", "a.JPEG", "a.jpg", "JPEG"),
        ("PNG", "a.png", "a.png", "PNG"),
        ("WEBP", "a.webp", "a.webp", "WEBP"),
        ("HEIF", "a.HEIC", "a.jpg", "JPEG"),
        ("HEIF", "a.heif", "a.jpg", "JPEG"),
    ],
)
def test_photograph_is_kept_as_its_kind(
    kind: str, name: str, kept_name: str, kept_kind: str
) -> None:
    kept = clean(image(kind), name)
    assert (kept.kind, kept.name, kept.width, kept.height) == (FileKind.PHOTO, kept_name, 64, 48)
    assert opened(kept).format == kept_kind
    assert opened(kept).size == (64, 48)


@pytest.mark.parametrize(
    ("kind", "name"),
    [("JPEG", "a.jpg"), ("PNG", "a.png"), ("WEBP", "a.webp"), ("HEIF", "a.heic")],
)
def test_photograph_is_upright_and_does_not_tell_where_it_was_taken(kind: str, name: str) -> None:
    data = with_location(kind=kind)
    assert SECRET in data
    kept = clean(data, name)
    assert (kept.width, kept.height) == (48, 64)
    assert SECRET not in kept.content
    assert not opened(kept).getexif()
    assert b"Exif" not in kept.content


@pytest.mark.parametrize(
    ("kind", "name", "options"),
    [
        ("JPEG", "a.jpg", {"comment": SECRET, "xmp": SECRET}),
        ("WEBP", "a.webp", {"xmp": SECRET}),
        ("HEIF", "a.heic", {"xmp": SECRET}),
    ],
)
def test_what_is_told_beside_the_picture_is_dropped(
    kind: str, name: str, options: dict[str, object]
) -> None:
    data = image(kind, **options)
    assert SECRET in data
    assert SECRET not in clean(data, name).content


def test_text_in_a_png_is_dropped() -> None:
    told = PngInfo()
    told.add_text("Author", SECRET.decode())
    data = image("PNG", pnginfo=told)
    assert SECRET in data
    assert SECRET not in clean(data, "a.png").content


@pytest.mark.parametrize(
    ("kind", "name"), [("JPEG", "a.jpg"), ("PNG", "a.png"), ("WEBP", "a.webp")]
)
def test_second_file_after_the_end_is_left_behind(kind: str, name: str) -> None:
    kept = clean(image(kind) + TAIL, name)
    assert b"php" not in kept.content
    assert b"PK\x03\x04" not in kept.content


def test_colour_profile_is_kept() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    kept = clean(image(icc_profile=profile), "a.jpg")
    assert opened(kept).info["icc_profile"] == profile


def test_inks_become_light() -> None:
    kept = clean(image(mode="CMYK", colour=(0, 255, 255, 0)), "a.jpg")
    red, green, blue = opened(kept).convert("RGB").getpixel((5, 5))
    assert red > 200 > 60 > max(green, blue)


def test_transparent_png_stays_transparent() -> None:
    kept = clean(image("PNG", mode="RGBA", colour=(255, 0, 0, 10)), "a.png")
    assert opened(kept).getpixel((1, 1)) == (255, 0, 0, 10)


@pytest.mark.parametrize(("kind", "name"), [("PNG", "a.png"), ("WEBP", "a.webp")])
def test_first_frame_of_a_moving_picture_is_kept(kind: str, name: str) -> None:
    file = BytesIO()
    first, second = (Image.new("RGB", (20, 20), colour) for colour in ("red", "blue"))
    first.save(file, kind, save_all=True, append_images=[second])
    kept = opened(clean(file.getvalue(), name))
    assert getattr(kept, "n_frames", 1) == 1
    assert kept.convert("RGB").getpixel((5, 5))[0] > 200


@pytest.mark.parametrize(
    ("kind", "name", "size", "kept_size"),
    [
        ("JPEG", "a.jpg", (12_000, 900), (6_000, 450)),
        ("PNG", "a.png", (16_001, 90), (5_334, 30)),
        ("JPEG", "a.jpg", (8_000, 40), (8_000, 40)),
    ],
)
def test_large_photograph_is_made_smaller(
    kind: str, name: str, size: tuple[int, int], kept_size: tuple[int, int]
) -> None:
    kept = clean(image(kind, size), name)
    assert (kept.width, kept.height) == kept_size == opened(kept).size


# PDF


def test_pdf_is_kept() -> None:
    kept = clean(pdf(3), "新闻稿.PDF")
    assert (kept.kind, kept.name, kept.width) == (FileKind.PDF, "新闻稿.pdf", None)
    with Pdf.open(BytesIO(kept.content)) as opened_pdf:
        assert len(opened_pdf.pages) == 3


def script() -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS=pikepdf.String(SECRET))


def launch() -> Dictionary:
    return Dictionary(S=Name.Launch, F=pikepdf.String(SECRET))


def described(made: Pdf) -> None:
    made.docinfo["/Author"] = SECRET.decode()
    with made.open_metadata() as told:
        told["dc:title"] = SECRET.decode()


def annotated(kind: str, **keys: object) -> Callable[[Pdf], None]:
    def prepare(made: Pdf) -> None:
        annotation = Dictionary(Type=Name.Annot, Subtype=Name(kind), Rect=[0, 0, 9, 9], **keys)
        made.pages[0].Annots = Array([made.make_indirect(annotation)])

    return prepare


def with_picture(made: Pdf) -> None:
    stream = pikepdf.Stream(made, with_location())
    stream.stream_dict = Dictionary(
        Type=Name.XObject, Subtype=Name.Image, Width=64, Height=48, BitsPerComponent=8,
        ColorSpace=Name.DeviceRGB, Filter=Name.DCTDecode,
    )  # fmt: skip
    made.pages[0].Resources = Dictionary(XObject=Dictionary(I=stream))


ACTIVE: dict[str, Callable[[Pdf], object]] = {
    "an action on opening": lambda made: made.Root.update({"/OpenAction": script()}),
    "a program on opening": lambda made: made.Root.update({"/OpenAction": launch()}),
    "actions of the document": lambda made: made.Root.update({"/AA": Dictionary(WC=script())}),
    "actions of a page": lambda made: made.pages[0].obj.update({"/AA": Dictionary(O=script())}),
    "scripts by name": lambda made: made.Root.update(
        {"/Names": Dictionary(JavaScript=Dictionary(Names=Array(["a", script()])))}
    ),
    "an attached file": lambda made: made.attachments.update({"a.txt": SECRET}),
    "its author": described,
    "a comment": annotated("/Text", Contents=pikepdf.String(SECRET), T=pikepdf.String(SECRET)),
    "text written on it": annotated("/FreeText", Contents=pikepdf.String(SECRET)),
    "a link to a program": annotated("/Link", A=launch()),
    "a link with a script": annotated("/Link", A=script()),
    "a link to a file": annotated(
        "/Link", A=Dictionary(S=Name.URI, URI=pikepdf.String(b"file:///" + SECRET))
    ),
    "an attached file on the page": annotated("/FileAttachment", FS=pikepdf.String(SECRET)),
    "the place of a photograph": with_picture,
    "private data of a program": lambda made: made.pages[0].obj.update(
        {"/PieceInfo": Dictionary(A=pikepdf.String(SECRET))}
    ),
    "a form": lambda made: made.Root.update(
        {"/AcroForm": Dictionary(Fields=Array([]), XFA=pikepdf.String(SECRET))}
    ),
}


@pytest.mark.parametrize("case", ACTIVE)
def test_pdf_is_kept_without(case: str) -> None:
    data = pdf(1, ACTIVE[case], compress_streams=False)
    assert SECRET in plain(data)
    kept = clean(data, "a.pdf").content
    assert SECRET not in plain(kept)
    for word in (b"/JavaScript", b"/JS", b"/Launch", b"/OpenAction", b"/AA", b"/EmbeddedFile"):
        assert word not in plain(kept)


def plain(data: bytes) -> bytes:
    """Return a PDF with everything in it unpacked."""
    file = BytesIO()
    with Pdf.open(BytesIO(data)) as made:
        made.save(
            file, stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
            object_stream_mode=pikepdf.ObjectStreamMode.disable, compress_streams=False,
        )  # fmt: skip
    return file.getvalue()


def test_link_of_a_pdf_to_the_web_stays() -> None:
    address = Dictionary(S=Name.URI, URI=pikepdf.String("https://www.example.com/"))
    kept = clean(pdf(1, annotated("/Link", A=address, Contents=pikepdf.String(SECRET))), "a.pdf")
    assert b"https://www.example.com/" in plain(kept.content)
    assert SECRET not in plain(kept.content)


def test_what_was_filled_into_a_form_stays_on_the_page() -> None:
    def prepare(made: Pdf) -> None:
        look = pikepdf.Stream(made, b"BT /F 9 Tf (filled-in) Tj ET")
        look.stream_dict = Dictionary(Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 90, 20])
        annotated(
            "/Widget", FT=Name.Tx, T=pikepdf.String("f"), AP=Dictionary(N=look), F=4,
            V=pikepdf.String("filled-in"),
        )(made)  # fmt: skip
        made.Root.AcroForm = Dictionary(Fields=made.pages[0].Annots)

    kept = plain(clean(pdf(1, prepare), "a.pdf").content)
    assert b"filled-in" in kept
    assert b"/Widget" not in kept


# Word


def test_word_document_is_kept_without_its_author() -> None:
    kept = clean(document(), "稿件.DOCX")
    assert (kept.kind, kept.name) == (FileKind.WORD, "稿件.docx")
    assert docx.Document(BytesIO(kept.content)).core_properties.author == ""
    assert docx.Document(BytesIO(kept.content)).paragraphs[0].text == "正文"


# What is refused


def png_of(width: int, height: int) -> bytes:
    """Return a PNG whose header announces a size, with next to nothing behind it."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        length, check = struct.pack(">I", len(content)), zlib.crc32(kind + content)
        return length + kind + content + struct.pack(">I", check)

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(bytes(1_000_000))) + chunk(b"IEND", b"")
    )  # fmt: skip


def locked_pdf() -> bytes:
    return pdf(encryption=pikepdf.Encryption(user="a", owner="b"))


def with_scans(number: int) -> bytes:
    data = image(progressive=True)
    scan = data.rindex(b"\xff\xda")
    return data[:scan] + data[scan:-2] * number + b"\xff\xd9"


def flate_bomb() -> bytes:
    """Return a PDF whose table of objects unpacks to far more than it is."""
    packed = zlib.compress(zlib.compress(bytes(1_000_000_000), 9), 9)
    objects = (
        b"%PDF-1.7\n1 0 obj\n<</Type/XRef/Size 9/W[1 2 1]/Root 2 0 R"
        b"/Filter[/FlateDecode/FlateDecode]/Length " + str(len(packed)).encode() + b">>\nstream\n"
    )
    return objects + packed + b"\nendstream\nendobj\nstartxref\n9\n%%EOF"


WRONG: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "nothing": ("a.jpg", lambda: b"", "空的"),
    "too much": ("a.jpg", lambda: image() + bytes(MOST_BYTES), "太大.*20MB"),
    "svg": ("a.svg", lambda: b"<svg/>", "不收SVG"),
    "html": ("a.html", lambda: b"<html>", "不收网页"),
    "program": ("a.exe", lambda: b"MZ" + bytes(99), "只收照片"),
    "old word": ("a.doc", lambda: COMPOUND_FILE, "另存为 .docx"),
    "wps": ("a.wps", lambda: COMPOUND_FILE, "另存为 .docx"),
    "zip": ("a.zip", lambda: b"PK\x03\x04", "不收压缩包"),
    "gif": ("a.gif", lambda: image("GIF"), "另存为 .jpg"),
    "no extension": ("photo", image, "只收照片"),
    "svg as photograph": ("a.jpg", lambda: b"\xef\xbb\xbf <svg onload='a()'/>", "网页或SVG"),
    "html as photograph": ("a.png", lambda: b"<!DOCTYPE html><script>", "网页或SVG"),
    "html in utf-16": ("a.png", lambda: "<html>".encode("utf-16"), "网页或SVG"),
    "program as photograph": ("a.jpg", lambda: b"MZ" + bytes(999), "不是这种文件"),
    "png as jpg": ("a.jpg", lambda: image("PNG"), "PNG图片.*改为 .png"),
    "jpg as pdf": ("a.pdf", image, "JPG图片.*改为 .jpg"),
    "pdf as word": ("a.docx", pdf, "PDF.*改为 .pdf"),
    "word as photograph": ("a.jpg", document, "不是这种文件"),
    "gif as jpg": ("a.jpg", lambda: image("GIF"), "不是这种文件"),
    "avif as heic": ("a.heic", lambda: image("AVIF"), "不是这种文件"),
    "double extension": ("a.php.jpg", image, r"“\.php”.*改名"),
    "double extension of script": ("a.SVG.png", lambda: image("PNG"), "改名"),
    "turned name": ("cod.\u202egpj.exe", image, "只收照片"),
    "stream of windows": ("a.exe:.jpg ::$DATA", image, "只收照片"),
    "half a jpeg": ("a.jpg", lambda: noise()[:3_000], "已损坏"),
    "half a png": ("a.png", lambda: noise("PNG")[:3_000], "已损坏"),
    "half a webp": ("a.webp", lambda: noise("WEBP")[:900], "已损坏"),
    "half a heic": ("a.heic", lambda: noise("HEIF")[:900], "已损坏"),
    "head of a jpeg": ("a.jpg", lambda: b"\xff\xd8\xff\xe0", "已损坏"),
    "png bomb": ("a.png", lambda: png_of(60_000, 60_000), "像素太多"),
    "png a little too large": ("a.png", lambda: png_of(12_001, 10_000), "像素太多"),
    "png that promises too much": ("a.png", lambda: png_of(9_000, 9_000), "已损坏"),
    "webp bomb": ("a.webp", lambda: image("WEBP", (9_000, 4_000), method=0), "像素太多"),
    "jpeg of many scans": ("a.jpg", lambda: with_scans(40), "编码方式"),
    "pdf with password": ("a.pdf", locked_pdf, "密码"),
    "half a pdf": ("a.pdf", lambda: b"%PDF-1.7\n" + bytes(500), "已损坏"),
    "long pdf": ("a.pdf", lambda: pdf(501), "501页"),
    "pdf without pages": ("a.pdf", lambda: pdf(0), "已损坏"),
    "flate bomb": ("a.pdf", flate_bomb, "已损坏"),
    "word with password": ("a.docx", lambda: COMPOUND_FILE, "密码"),
    "zip as word": ("a.docx", lambda: b"PK\x03\x04" + bytes(99), "已损坏"),
    "half a word document": ("a.docx", lambda: document()[:5_000], "已损坏"),
    "text as word": ("a.docx", lambda: b"hello", "不是这种文件"),
}  # fmt: skip


def noise(kind: str = "JPEG") -> bytes:
    file = BytesIO()
    Image.effect_noise((200, 200), 60).convert("RGB").save(file, kind)
    return file.getvalue()


@pytest.mark.parametrize("case", WRONG)
def test_refused_with_the_reason_and_the_name(case: str) -> None:
    name, make, reason = WRONG[case]
    data = make()
    start = time.perf_counter()
    with pytest.raises(UploadRefused, match=reason) as refusal:
        clean(data, name)
    assert time.perf_counter() - start < 2
    assert str(refusal.value).startswith("“")


@pytest.mark.parametrize("error", [MemoryError, RecursionError, KeyError, OSError])
@pytest.mark.parametrize("name", ["a.jpg", "a.pdf", "a.docx"])
def test_whatever_a_library_raises_is_a_refusal(
    monkeypatch: pytest.MonkeyPatch, error: type[Exception], name: str
) -> None:
    def fail(data: bytes, **options: object) -> None:
        raise error

    for reader in ("redraw", "clean_pdf", "strip"):
        monkeypatch.setattr(uploads, reader, fail)
    data = {"a.jpg": image, "a.pdf": pdf, "a.docx": document}[name]()
    with pytest.raises(UploadRefused, match="打不开"):
        clean(data, name)


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (with_location, "a.jpg"),
        (lambda: noise("PNG"), "a.png"),
        (lambda: noise("HEIF"), "a.heic"),
        (lambda: pdf(2, described), "a.pdf"),
        (document, "a.docx"),
    ],
)
def test_damaged_file_is_kept_or_refused_but_never_breaks(
    make: Callable[[], bytes], name: str
) -> None:
    whole = make()
    for place in range(12, len(whole), max(len(whole) // 60, 1)):
        damaged = bytearray(whole)
        damaged[place] ^= 0x55
        with suppress(UploadRefused):
            clean(bytes(damaged), name)


def test_most_pixels_are_kept_without_a_warning() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert clean(image("PNG", (11_000, 10_000), mode="L"), "a.png").width == 5_500


# Names


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("照片.jpg", "照片.jpg"),
        ("照片.JPEG", "照片.jpg"),
        ("IMG_1.HEIC", "IMG_1.jpg"),
        ("稿件 第2稿.docx", "稿件 第2稿.docx"),
        ("v1.2.pdf", "v1.2.pdf"),
        ("../../etc/passwd.jpg", "passwd.jpg"),
        ("C:\\Users\\张三\\照片.png", "照片.png"),
        ("照\u202e片\u200b\0.jpg", "照片.jpg"),
        ("a\r\nb\tc.jpg", "a b c.jpg"),
        ('a<b>:"c|?*.jpg', "a_b___c___.jpg"),
        ("...a.jpg", "_a.jpg"),
        (".jpg", "附件.jpg"),
        ("", "附件.jpg"),
        ("..", "附件.jpg"),
        ("a/", "附件.jpg"),
        ("a.jpg. .", "a.jpg"),
        ("照片 .jpg", "照片.jpg"),
        ("长" * 300 + ".docx", "长" * 95 + ".docx"),
        ("照片", "照片.jpg"),
    ],
)
def test_name_is_kept_in_so_far_as_it_is_one(name: str, kept: str) -> None:
    assert clean_name(name) == kept
    assert clean_name(kept) == kept


def test_name_of_a_kept_file_is_clean() -> None:
    assert clean(image(), "../../甲\u202e乙\0.jpeg").name == "甲乙.jpg"


def test_long_name_is_abridged_in_a_refusal() -> None:
    with pytest.raises(UploadRefused) as refusal:
        clean(b"", "很" * 300 + ".jpg")
    assert len(str(refusal.value)) < 80
