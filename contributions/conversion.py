"""Make an article of a contribution, with its photos; the contribution then follows the article."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha1
from io import BytesIO
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Literal

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.images import ImageFile
from django.db import transaction
from PIL import Image
from wagtail.log_actions import log
from wagtail.models import Collection
from wagtail.permissions import policy_registry

from articles.models import ArticlePage, Byline, Remark, Role
from interchange import schema
from interchange.bodies import blocks_of
from interchange.readers.word import read_word
from interchange.word_guard import WordRefused
from issues.locking import lock_issues
from issues.models import IssuePage
from issues.placing import place
from newsroom.cjk import clean_line, clean_text, opening
from newsroom.models import Contributor, PressPhoto, Section
from newsroom.sealing import Unreadable

from .models import Attachment, Contribution, Kind, Mail, Status
from .outbox import owe
from .permissions import may_read, may_work
from .uploads import FileKind

if TYPE_CHECKING:
    from accounts.models import User

PICTURE_FORMATS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "GIF": "gif"}
MARGIN = " \t\u3000\xa0"

# What the fields of an article hold.
LONGEST_TITLE = 255
LONGEST_CROSSHEAD = 100
LONGEST_CAPTION = 200
LONGEST_NAME = 50
LONGEST_CREDIT = 60
TITLE_OF_A_TIP = 30  # characters of its first words


class ConversionRefused(PermissionDenied):
    """The contribution cannot become this article; the message says why, in Chinese."""


@dataclass(frozen=True, slots=True)
class _Picture:
    """A picture that goes into the library; ``file`` is what the lines of the body call it."""

    file: str
    content: bytes
    extension: str


@dataclass(frozen=True, slots=True)
class _Copy:
    """What will stand in the article, read before anything is locked or written."""

    title: str
    passages: tuple[schema.Passage, ...]
    pictures: tuple[_Picture, ...]
    names: tuple[str, ...]
    remarks: tuple[str, ...]


def accept_as_article(
    *,
    contribution: Contribution,
    issue: IssuePage,
    by: User,
    source: Literal["text"] | int = "text",
    folio: int = 1,
    section: Section | None = None,
) -> ArticlePage:
    """Make a draft in ``issue`` of what was sent, at the end of ``folio``, and return it.

    ``source`` is where the words come from: the text, or the Word file among the attachments with
    that key. Photos go into the library; one that cannot is named in a remark on the article. Who
    sends a tip is neither printed nor named with the photos.

    Raises ConversionRefused when it is an article already, or spam, or cannot be read; for an
    issue that is out; and when ``by`` may not open contributions, work on them, or add articles and
    photos.
    """
    if not (may_read(by) and may_work(by)):
        raise ConversionRefused("您没有查看和处理来稿的权限。")
    copy = _read(contribution, source)
    files: list[PressPhoto] = []
    try:
        with transaction.atomic():
            return _accept(contribution.pk, issue.pk, by, copy, files, (folio, section))
    except BaseException:
        # The rows are gone; their files would stay. A name without a folder was not stored yet.
        for photo in files:
            if "/" in photo.file.name:
                photo.file.storage.delete(photo.file.name)
        raise


def word_files(contribution: Contribution) -> list[Attachment]:
    """Return the Word files that the words can come from."""
    return _sound(contribution, FileKind.WORD)


def photos_of(contribution: Contribution) -> list[Attachment]:
    """Return the photos that go along."""
    return _sound(contribution, FileKind.PHOTO)


def _sound(contribution: Contribution, kind: FileKind) -> list[Attachment]:
    return [
        attachment
        for attachment in contribution.attachments.all()
        if attachment.kind == kind and attachment.scan != Attachment.Scan.INFECTED
    ]


def _accept(
    key: int,
    issue_key: int,
    by: User,
    copy: _Copy,
    files: list[PressPhoto],
    where: tuple[int, Section | None],
) -> ArticlePage:
    current = Contribution.objects.select_for_update().filter(pk=key).first()
    if current is None:
        raise ConversionRefused("这件来稿已经不在了。")
    if current.article_id is not None:
        raise ConversionRefused("这件来稿已转为稿件，不用再转。")
    if current.status == Status.SPAM:
        raise ConversionRefused("这件来稿已标为垃圾。要用它，请先点“一审”。")
    issue = lock_issues(issue_key).get(issue_key)
    if issue is None:
        raise ConversionRefused("这一期已经不在了，请另选一期。")
    if issue.live:
        raise ConversionRefused(f"{issue}已经出版，请选一个还没有出版的期。")
    if not issue.permissions_for_user(by).can_add_subpage():
        raise ConversionRefused(f"您没有在{issue}里写稿的权限。")

    library = _Library(copy, current, by, files)
    folio, section = where
    article = ArticlePage(
        title=copy.title,
        live=False,
        owner=by,
        folio=folio,
        section=section,
        body=blocks_of(library.credited(copy.passages), library.photo),
    )
    article.bylines = _bylines(current, copy.names)
    article.remarks = [
        Remark(sort_order=place, kind=Remark.Kind.DECIDE, text=text)
        for place, text in enumerate(copy.remarks)
    ]
    issue.add_child(instance=article)
    article.save_revision(user=by, log_action=True)
    place(article=article, by=by)

    current.article = article
    current.status = Status.ACCEPTED
    current.reason = ""
    current.closed_at = None
    current.unread = False
    current.save(update_fields=["article", "status", "reason", "closed_at", "unread"])
    log(instance=current, action="contributions.convert", user=by, data={"article": article.pk})
    if current.email:
        owe(contribution=current, occasion=Mail.Occasion.PROGRESS)
    return article


# What was sent, as copy


def _read(contribution: Contribution, source: Literal["text"] | int) -> _Copy:
    """Read all that the article will need; slow, so that nobody else waits for it."""
    names = (_name(contribution),) if contribution.kind == Kind.MANUSCRIPT else ()
    title = clean_line(contribution.title)
    passages: list[schema.Passage]
    found: dict[str, bytes] = {}
    if source == "text":
        passages = list(_paragraphs(contribution.text))
    else:
        manuscript = _manuscript(contribution, source)
        passages = list(manuscript.lines)
        title = title or manuscript.title
        if manuscript.title and manuscript.title != title:
            passages.insert(0, schema.Paragraph.of(manuscript.title))
        if names and manuscript.names:
            names = manuscript.names
        found = {picture.name: picture.data for picture in manuscript.pictures}
    title = title or _first_words(passages) or str(contribution)
    if len(title) > LONGEST_TITLE:
        passages.insert(0, schema.Paragraph.of(title))
        title = title[:LONGEST_TITLE]

    remarks: list[str] = []
    pictures = [picture for name, data in found.items() if (picture := _picture(name, data))]
    lost = found.keys() - {picture.file for picture in pictures}
    for name in sorted(lost):
        remarks.append(f"Word文档里的{PurePosixPath(name).stem}打不开，没有带过来。")
    for photo in contribution.attachments.filter(kind=FileKind.PHOTO):
        file = f"附件{photo.pk}"
        if picture := _picture(file, _content(photo)):
            pictures.append(picture)
            passages.append(schema.Photo(file))
        else:
            remarks.append(f"随来稿的照片“{photo.name}”打不开或不能用，没有带过来。")
    return _Copy(
        title=title,
        passages=tuple(_fitting(passages, lost)),
        pictures=tuple(pictures),
        names=tuple(filter(None, (clean_line(name)[:LONGEST_NAME] for name in names))),
        remarks=tuple(remarks),
    )


def _manuscript(contribution: Contribution, key: int) -> Any:
    attachment = next((file for file in word_files(contribution) if file.pk == key), None)
    if attachment is None:
        raise ConversionRefused("没有找到这份Word文档，请重新选择。")
    data = _content(attachment)
    if not data:
        raise ConversionRefused(f"“{attachment.name}”在存放处找不到或读不出来，请告诉管理员。")
    try:
        return read_word(data)
    except WordRefused as refused:
        raise ConversionRefused(f"“{attachment.name}”读不出来：{refused}。") from refused


def _content(attachment: Attachment) -> bytes:
    """Return what the vault holds of ``attachment``; nothing where it is lost, or infected."""
    if attachment.scan == Attachment.Scan.INFECTED:
        return b""
    try:
        with attachment.file.open("rb") as file:
            return bytes(file.read())
    except (OSError, ValueError):
        return b""


def _picture(file: str, content: bytes) -> _Picture | None:
    """Return a picture that can be shown, or None for what only says it is one."""
    try:
        with Image.open(BytesIO(content), formats=list(PICTURE_FORMATS)) as opened:
            opened.load()
            # Several pictures in one JPEG file (MPO) are a JPEG still.
            return _Picture(file, content, PICTURE_FORMATS.get(opened.format or "", "jpg"))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None


def _paragraphs(text: str) -> Iterator[schema.Paragraph]:
    """Yield the paragraphs of a text, without the blank lines and indents that set them off."""
    for line in clean_text(text).split("\n"):
        if words := line.strip(MARGIN):
            yield schema.Paragraph.of(words)


def _first_words(passages: Sequence[schema.Passage]) -> str:
    """Return how the text begins, for want of a title."""
    first = next((p.text for p in passages if isinstance(p, schema.Paragraph)), "")
    return clean_line(opening([first], TITLE_OF_A_TIP))


def _fitting(passages: Sequence[schema.Passage], lost: set[str]) -> Iterator[schema.Passage]:
    """Yield what the blocks of an article can hold, without photos that are lost; no word is."""
    for passage in passages:
        match passage:
            case schema.Crosshead(text) if len(text) > LONGEST_CROSSHEAD:
                yield schema.Paragraph((schema.Run(text, bold=True),))
            case schema.Photo(file, caption):
                fits = len(caption) <= LONGEST_CAPTION
                if file not in lost:
                    yield passage if fits else replace(passage, caption="")
                if caption and (file in lost or not fits):
                    yield schema.Paragraph.of(caption)
            case _:
                yield passage


# Who wrote it


def _name(contribution: Contribution) -> str:
    """Return the sender's name, if one was given that our keys still open."""
    return "" if isinstance(contribution.name, Unreadable) else clean_line(contribution.name)


def _bylines(contribution: Contribution, names: Sequence[str]) -> list[Byline]:
    """Return the signature: the manuscript's own, or its sender's; we know only who sent it."""
    sender = _name(contribution)[:LONGEST_NAME]
    return [
        Byline(
            sort_order=order,
            name=name,
            role=Role.CORRESPONDENT,
            contributor=_contributor(name, contribution.unit) if name == sender else None,
        )
        for order, name in enumerate(names)
    ]


def _contributor(name: str, unit: str) -> Contributor:
    return Contributor.objects.get_or_create(name=name, unit=clean_line(unit))[0]


# Its photos


class _Library:
    """Puts the pictures of one contribution into the image library, each once."""

    def __init__(
        self, copy: _Copy, contribution: Contribution, by: User, made: list[PressPhoto]
    ) -> None:
        name = _name(contribution) if contribution.kind == Kind.MANUSCRIPT else ""
        self._title = copy.title
        self._credit = f"{name} 摄"[:LONGEST_CREDIT] if name else ""
        self._by = by
        self._made = made
        self._pictures = {picture.file: picture for picture in copy.pictures}
        self._order = {file: place for place, file in enumerate(self._pictures, start=1)}
        self._photos: dict[str, PressPhoto] = {}
        self._collection = _collection(by) if self._pictures else None

    def credited(self, passages: Iterable[schema.Passage]) -> Iterator[schema.Passage]:
        """Yield the text with the sender's name under each photo."""
        for passage in passages:
            if isinstance(passage, schema.Photo):
                yield replace(passage, credit=self._credit)
            else:
                yield passage

    def photo(self, file: str) -> PressPhoto:
        """Return the library's photo of a picture; one that is there already is used again."""
        if file not in self._photos:
            picture = self._pictures[file]
            digest = sha1(picture.content, usedforsecurity=False).hexdigest()
            known = PressPhoto.objects.filter(
                file_hash=digest, credit=self._credit, uploaded_by_user=self._by
            ).first()
            self._photos[file] = known or self._make(picture, self._order[file], digest)
        return self._photos[file]

    def _make(self, picture: _Picture, order: int, digest: str) -> PressPhoto:
        # Not the sender's file name: a photo's address is public once it is printed.
        photo = PressPhoto(
            title=f"{self._title[: LONGEST_TITLE - 10]} {order}",
            credit=self._credit,
            collection=self._collection,
            uploaded_by_user=self._by,
            file_hash=digest,
            file_size=len(picture.content),
        )
        photo.file = ImageFile(BytesIO(picture.content), name=f"photo-{order}.{picture.extension}")
        self._made.append(photo)
        try:
            photo.full_clean(exclude=["file_hash"])
            photo.save()
        except ValidationError as error:
            raise ConversionRefused(
                f"第{order}张照片不能放进图片库：{error.messages[0]}"
            ) from error
        return photo


def _collection(by: User) -> Collection:
    policy = policy_registry.get_by_type(PressPhoto)
    collection = policy.collections_user_has_permission_for(by, "add").order_by("path").first()
    if collection is None:
        raise ConversionRefused("来稿带有照片，而您没有往图片库里加图片的权限。")
    return collection
