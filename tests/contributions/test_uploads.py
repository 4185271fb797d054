"""Uploaded files: what is kept of them, and what is refused."""

import struct
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
    Budget,
    CleanFile,
    FileKind,
    UploadRefused,
    clean_name,
    clean_upload,
)
from interchange.word_guard import COMPOUND_FILE
from tests.effort import at_most

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


def swapped() -> bytes:
    """Return a profile of a screen with a name, on which red is green and green is red."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    profile = profile.replace(b"rXYZ", b"xXYZ").replace(b"gXYZ", b"rXYZ").replace(b"xXYZ", b"gXYZ")
    return profile.replace("sRGB".encode("utf-16-be"), "Mine".encode("utf-16-be")) + SECRET


@pytest.mark.parametrize(
    ("kind", "mode", "colour", "shown"),
    [
        ("JPEG", "RGB", (250, 0, 0), (0, 250, 0)),
        ("PNG", "RGB", (250, 0, 0), (0, 250, 0)),
        ("PNG", "RGBA", (250, 0, 0, 99), (0, 250, 0)),
        ("PNG", "P", 0, (0, 250, 0)),
        ("WEBP", "RGB", (250, 0, 0), (0, 250, 0)),
        ("HEIF", "RGB", (250, 0, 0), (0, 250, 0)),
    ],
)
def test_colours_stay_and_the_profile_that_may_tell_on_a_screen_goes(
    kind: str, mode: str, colour: object, shown: tuple[int, ...]
) -> None:
    file = BytesIO()
    painted = Image.new(mode, (64, 48), colour)
    if mode == "P":
        painted.putpalette([250, 0, 0])
    painted.save(file, kind, icc_profile=swapped())
    extension = {"JPEG": "jpg", "HEIF": "heic"}.get(kind, kind.lower())
    kept = opened(clean(file.getvalue(), f"a.{extension}"))
    assert "icc_profile" not in kept.info
    seen = kept.convert("RGB").getpixel((5, 5))
    assert all(abs(a - b) < 12 for a, b in zip(seen, shown, strict=True)), seen


@pytest.mark.parametrize("mode", ["L", "LA", "1", "I;16", "CMYK"])
def test_profile_that_does_not_fit_is_dropped(mode: str) -> None:
    kind, name = ("JPEG", "a.jpg") if mode == "CMYK" else ("PNG", "a.png")
    kept = clean(image(kind, mode=mode, icc_profile=swapped()), name)
    assert "icc_profile" not in opened(kept).info


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


def with_picture(made: Pdf, content: bytes | None = None, filters: object = Name.DCTDecode) -> None:
    stream = pikepdf.Stream(made, content or with_location())
    stream.stream_dict = Dictionary(
        Type=Name.XObject, Subtype=Name.Image, Width=64, Height=48, BitsPerComponent=8,
        ColorSpace=Name.DeviceRGB, Filter=filters,
    )  # fmt: skip
    made.pages[0].Resources = Dictionary(XObject=Dictionary(I=stream))


def with_resources(made: Pdf, **resources: object) -> None:
    made.pages[0].obj.Resources = Dictionary(**resources)


def embedded(made: Pdf) -> object:
    return made.make_indirect(pikepdf.Stream(made, SECRET, Type=Name.EmbeddedFile))


def told(made: Pdf) -> object:
    return made.make_indirect(pikepdf.Stream(made, SECRET, Type=Name.Metadata, Subtype=Name.XML))


def with_layers(made: Pdf) -> None:
    secret = pikepdf.String(SECRET)
    layer = made.make_indirect(
        Dictionary(
            Type=Name.OCG, Name=pikepdf.String("layer-1"),
            Usage=Dictionary(CreatorInfo=Dictionary(Creator=secret)),
        )
    )  # fmt: skip
    made.Root.OCProperties = Dictionary(
        OCGs=Array([layer]),
        D=Dictionary(Creator=secret, Name=secret, Order=Array([layer]), OFF=Array([layer])),
        Configs=Array([Dictionary(Creator=secret)]),
    )
    with_resources(made, Properties=Dictionary(MC0=layer))


def jpeg2000(*, boxes: bool = True) -> bytes:
    """Return a JPEG 2000 that tells something in a box, and in a comment of its code."""
    whole = image("JPEG2000", no_jp2=not boxes)
    place = whole.index(b"\xff\x90")
    comment = b"\xff\x64" + struct.pack(">HH", len(SECRET) + 4, 1) + SECRET
    if not boxes:
        return whole[:place] + comment + whole[place:]
    box = struct.pack(">I", len(SECRET) + 8) + b"xml " + SECRET
    return whole[:12] + whole[12:32] + box + whole[32:]


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
    "a photograph in a list of filters": lambda made: with_picture(
        made, filters=Array([Name.DCTDecode])
    ),
    "a packed photograph": lambda made: with_picture(
        made, zlib.compress(with_location()), Array([Name.FlateDecode, Name.DCTDecode])
    ),
    "a box of a picture": lambda made: with_picture(made, jpeg2000(), Name.JPXDecode),
    "a comment of a picture": lambda made: with_picture(
        made, jpeg2000(boxes=False), Array([Name.JPXDecode])
    ),
    "metadata of a part without a type": lambda made: with_resources(
        made, Properties=made.make_indirect(Dictionary(A=Dictionary(Metadata=told(made))))
    ),
    "metadata deep in a part": lambda made: with_resources(
        made, ExtGState=Dictionary(G=Dictionary(X=Array([Dictionary(Metadata=told(made))])))
    ),
    "private data among resources": lambda made: with_resources(
        made, PieceInfo=Dictionary(A=embedded(made))
    ),
    "a file among resources": lambda made: with_resources(made, Anything=embedded(made)),
    "a file that a font has": lambda made: with_resources(
        made, Font=Dictionary(F=Dictionary(Type=Name.Font, Odd=embedded(made)))
    ),
    "who made the layers": with_layers,
    "something in the trailer": lambda made: made.trailer.update({"/Odd": pikepdf.String(SECRET)}),
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
        packed = [
            zlib.decompress(one.read_raw_bytes())
            for one in made.objects
            if isinstance(one, pikepdf.Stream)
            and isinstance(one.get("/Filter"), Array)
            and one.Filter[0] == Name.FlateDecode
        ]
    return file.getvalue() + b"".join(packed)


def test_names_that_a_page_gives_are_not_taken_for_what_they_read() -> None:
    def prepare(made: Pdf) -> None:
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        names = {"/AA": font, "/Metadata": made.make_indirect(font), "/JS": font}
        with_resources(made, Font=Dictionary(names), ProcSet=Array([Name.PDF]))

    with Pdf.open(BytesIO(clean(pdf(1, prepare), "a.pdf").content)) as kept:
        resources = kept.pages[0].Resources
        assert set(resources.keys()) == {"/Font", "/ProcSet"}
        assert set(resources.Font.keys()) == {"/AA", "/Metadata", "/JS"}


def test_layers_of_a_pdf_stay_hidden_or_shown() -> None:
    with Pdf.open(BytesIO(clean(pdf(1, with_layers), "a.pdf").content)) as kept:
        [layer] = kept.Root.OCProperties.OCGs
        assert {key: str(layer[key]) for key in layer.keys()} == {  # noqa: SIM118
            "/Type": "/OCG",
            "/Name": "layer-1",
        }
        assert kept.Root.OCProperties.D.OFF[0].objgen == layer.objgen
        assert kept.pages[0].Resources.Properties.MC0.objgen == layer.objgen


@pytest.mark.parametrize("boxes", [True, False])
def test_jpeg_2000_in_a_pdf_still_shows(boxes: bool) -> None:
    data = pdf(1, lambda made: with_picture(made, jpeg2000(boxes=boxes), Name.JPXDecode))
    with Pdf.open(BytesIO(clean(data, "a.pdf").content)) as kept:
        content = kept.pages[0].Resources.XObject.I.read_raw_bytes()
    assert Image.open(BytesIO(content)).convert("RGB").getpixel((5, 5)) == (0, 0, 0)


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
    "png a little too large": ("a.png", lambda: png_of(8_001, 8_000), "像素太多"),
    "png that promises too much": ("a.png", lambda: png_of(8_000, 7_999), "已损坏"),
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
    with at_most(2), pytest.raises(UploadRefused, match=reason) as refusal:
        clean(data, name)
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
        assert clean(image("PNG", (10_000, 6_400), mode="L"), "a.png").width == 5_000


# What would keep the server busy


def jpeg_with_fill_bytes() -> bytes:
    return noise()[:-2] + b"\xff" * 2_000_000 + bytes(4) + b"\xff\xd9"


def jpeg_with_segments(number: int) -> bytes:
    whole = image()
    exif = b"\xff\xe1\x00\x0aExif\0\0II"
    return whole[:2] + exif * number + whole[2:]


def jpeg_with_many_notes() -> bytes:
    """Return a JPEG in which each of many notes is said to be all of the others."""
    count = 5_000
    entries = b"".join(
        struct.pack("<HHII", 0x9000 + n, 7, 60_000, 8) for n in range(count)
    )  # fmt: skip
    exif = b"Exif\0\0II*\0\x08\0\0\0" + struct.pack("<H", count) + entries
    whole = image()
    return whole[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + whole[2:]


def png_with_chunks(kind: bytes, content: bytes, number: int) -> bytes:
    whole = image("PNG")
    chunk = (
        struct.pack(">I", len(content)) + kind + content
        + struct.pack(">I", zlib.crc32(kind + content))
    )  # fmt: skip
    return whole[:33] + chunk * number + whole[33:]


def pdf_with_objects(number: int) -> bytes:
    def prepare(made: Pdf) -> None:
        made.Root.Lots = Array([made.make_indirect(Dictionary()) for _ in range(number)])

    return pdf(1, prepare)


def pdf_with_values(number: int) -> bytes:
    return pdf(1, lambda made: made.pages[0].obj.update({"/Group": Array([1] * number)}))


BUSY: dict[str, tuple[str, Callable[[], bytes]]] = {
    "fill bytes": ("a.jpg", jpeg_with_fill_bytes),
    "nothing but fill bytes": ("a.jpg", lambda: b"\xff\xd8" + b"\xff" * 9_000_000),
    "segments": ("a.jpg", lambda: jpeg_with_segments(200_000)),
    "notes": ("a.jpg", jpeg_with_many_notes),
    "chunks": ("a.png", lambda: png_with_chunks(b"teXt", b"", 500_000)),
    "profiles": (
        "a.png",
        lambda: png_with_chunks(b"iCCP", b"a\0\0" + zlib.compress(bytes(900_000)), 9_000),
    ),
    "objects of a pdf": ("a.pdf", lambda: pdf_with_objects(60_000)),
    "values in a pdf": ("a.pdf", lambda: pdf_with_values(900_000)),
}


@pytest.mark.parametrize("case", BUSY)
def test_file_made_to_keep_the_server_busy_does_not(case: str) -> None:
    name, make = BUSY[case]
    data = make()
    with at_most(3), suppress(UploadRefused):
        clean(data, name)


def test_fill_bytes_before_a_marker_are_allowed() -> None:
    whole = noise()
    filled = whole.replace(b"\xff\xdb", b"\xff\xff\xff\xdb").replace(b"\xff\xda", b"\xff\xff\xda")
    kept = opened(clean(filled, "a.jpg"))
    assert kept.tobytes() == opened(clean(whole, "a.jpg")).tobytes()


def test_jpeg_of_too_many_segments_is_refused() -> None:
    assert clean(jpeg_with_segments(400), "a.jpg").width == 64
    with pytest.raises(UploadRefused, match="编码方式"):
        clean(jpeg_with_segments(600), "a.jpg")


# What a whole submission may cost


def document_with_pictures(number: int, size: tuple[int, int]) -> bytes:
    written = docx.Document()
    for shade in range(number):
        written.add_picture(BytesIO(image("PNG", size, mode="L", colour=shade)))
    file = BytesIO()
    written.save(file)
    return file.getvalue()


def test_pictures_of_one_word_document_are_counted_together() -> None:
    assert clean(document_with_pictures(2, (5_000, 5_000)), "a.docx").kind == FileKind.WORD
    with pytest.raises(UploadRefused, match="6000万"):
        clean(document_with_pictures(3, (5_000, 5_000)), "a.docx")


@pytest.mark.parametrize(
    ("make", "name", "cost"),
    [
        (image, "a.jpg", 64 * 48),
        (lambda: image("WEBP"), "a.webp", 64 * 48),
        (lambda: document_with_pictures(3, (10, 10)), "a.docx", 300),
    ],
)
def test_files_of_one_submission_share_a_budget(
    make: Callable[[], bytes], name: str, cost: int
) -> None:
    budget = Budget(pixels=2 * cost)
    data = make()
    for _ in range(2):
        clean_upload(BytesIO(data), name=name, budget=budget)
    assert budget.pixels == 0
    with pytest.raises(UploadRefused, match="加起来太大，请分几次投稿"):
        clean_upload(BytesIO(data), name=name, budget=budget)


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (image, "a.jpg"),
        (lambda: document_with_pictures(1, (9, 9)), "a.docx"),
        (lambda: pdf(1, with_picture), "a.pdf"),
    ],
)
def test_pictures_are_not_read_after_the_time_of_a_submission(
    make: Callable[[], bytes], name: str
) -> None:
    with pytest.raises(UploadRefused, match="请分几次投稿"):
        clean_upload(BytesIO(make()), name=name, budget=Budget(seconds=-1))


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
