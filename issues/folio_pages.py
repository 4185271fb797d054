"""Keep the printed page of a folio (版面): its picture, its PDF, where its articles stand on it.

A page is what the presses made, and no text that somebody signs: it belongs to the issue as it
stands now and not to a version of the masthead (docs/adr/0020). What is kept of a public issue,
readers see at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import Collection, ReferenceIndex

from newsroom.models import PressPhoto

from .hot_areas import areas_fault
from .locking import lock_issues
from .models import Folio, IssuePage
from .placing import LAST_FOLIO, why_not_place

if TYPE_CHECKING:
    from accounts.models import User

__all__ = [
    "COLLECTION",
    "OF_PAGE",
    "RENDITIONS",
    "SIZES",
    "THUMBNAIL",
    "ZOOMED",
    "PageFile",
    "PageOvertaken",
    "PageRefused",
    "collection_of_pages",
    "copy_pages",
    "drop_pdf",
    "drop_picture",
    "forget_strays",
    "keep_pages",
    "promise_thumbnails",
    "remove_page",
    "set_areas",
    "store_pdf",
    "version_of",
]

Areas = Sequence[Mapping[str, Any]]

# A page as it is read, enlarged, and as a small sign of itself.
SIZES = ("width-800|format-webp", "width-1600|format-webp")
ZOOMED = "width-2800|format-webp"
THUMBNAIL = "width-240|format-webp"
RENDITIONS = (*SIZES, ZOOMED, THUMBNAIL)
COLLECTION = "版面图"
OF_PAGE = "版版面图"  # how the title of a picture ends that was made here
STRAY_FOR = timedelta(days=1)  # longer than any file is read


class PageRefused(PermissionDenied):
    """Nothing was changed; the message says why, in Chinese."""


class PageOvertaken(PageRefused):
    """Somebody else has changed the page since the caller looked at it."""


@dataclass(frozen=True, slots=True)
class PageFile:
    """A page to be kept: its picture, the PDF it was drawn from if any, the areas found on it.

    ``pdf`` is a name from ``store_pdf``. Both files are the caller's until they are kept: writing
    them takes long, and nobody else can write while a transaction is open.
    """

    image: PressPhoto
    pdf: str = ""
    areas: tuple[Mapping[str, Any], ...] = ()


def version_of(folio: Folio) -> str:
    """Return what tells this state of a page from any other."""
    told = repr((folio.page_image_id, str(folio.page_pdf), folio.hot_areas))
    return sha256(told.encode()).hexdigest()[:16]


def store_pdf(*, issue: IssuePage, number: int, data: bytes) -> str:
    """Store the PDF of a page that is to be kept; return the name for ``PageFile``."""
    field = _pdf_field()
    path = field.generate_filename(Folio(), f"{issue.number}-{number}.pdf")
    return str(field.storage.save(path, ContentFile(data)))


@transaction.atomic
def keep_pages(*, issue: IssuePage, pages: Mapping[int, PageFile], by: User | None) -> None:
    """Keep pages of ``issue`` by the numbers of their folios, in the place of those there were.

    An area that was found takes the place of those of its article; what was drawn for others, which
    the new page does not tell of, stays. ``by`` None is a command of the operator. Raises
    PageRefused.
    """
    locked = _locked(issue, by)
    for number, page in pages.items():
        if not 1 <= number <= LAST_FOLIO:
            raise PageRefused(f"版次从1到{LAST_FOLIO}，没有第{number}版。")
        folio = _folio(locked, number)
        found = {area["article"] for area in page.areas}
        areas = [*page.areas, *(a for a in folio.hot_areas if a["article"] not in found)]
        _discard(folio, keep=page.image, keep_pdf=page.pdf)
        folio.page_image, folio.page_pdf = page.image, page.pdf
        _save(folio, areas)
    log(
        instance=locked,
        action="issues.keep_pages",
        user=by,
        data={"folios": sorted(pages)},
    )


@transaction.atomic
def set_areas(
    *, issue: IssuePage, number: int, areas: Areas, by: User | None, seen: str | None = None
) -> Folio:
    """Write where the articles stand on a page, for all of it; return the folio as it is then.

    ``seen`` is the ``version_of`` the page that ``by`` looked at. Raises PageOvertaken where it is
    another one now, PageRefused for areas that cannot be drawn.
    """
    locked = _locked(issue, by)
    folio = _seen_folio(locked, number, seen)
    listed = [{"article": area["article"], "polygon": area["polygon"]} for area in areas]
    if fault := areas_fault(listed):
        raise PageRefused(f"没有保存：{fault}")
    if listed and not folio.page_image_id:
        raise PageRefused("没有保存：这一版还没有版面图，请先上传。")
    if listed != folio.hot_areas:
        _save(folio, listed)
        log(
            instance=locked,
            action="issues.hot_areas",
            user=by,
            data={"folio": number, "areas": len(listed)},
        )
    return folio


@transaction.atomic
def remove_page(*, issue: IssuePage, number: int, by: User | None, seen: str | None = None) -> None:
    """Take the page of a folio away, with its areas; the folio stays. Raises as ``set_areas``."""
    locked = _locked(issue, by)
    folio = _seen_folio(locked, number, seen)
    _discard(folio)
    folio.page_image, folio.page_pdf = None, ""
    _save(folio, [])
    log(instance=locked, action="issues.remove_page", user=by, data={"folio": number})


@transaction.atomic
def copy_pages(*, issue: IssuePage, folios: Iterable[Folio], by: User | None) -> bool:
    """Make the pages of ``issue`` those of ``folios``, which are not saved; whether any differ.

    For an import: files are kept already, and are named by the rows as they are.
    """
    folios = list(folios)
    now = {row.number: version_of(row) for row in Folio.objects.filter(issue=issue)}
    if all(now.get(told.number, version_of(Folio())) == version_of(told) for told in folios):
        return False
    locked = _locked(issue, by)
    changed = []
    for told in folios:
        folio = _folio(locked, told.number)
        if version_of(told) == version_of(folio):
            continue
        _discard(folio, keep=told.page_image, keep_pdf=str(told.page_pdf))
        folio.page_image, folio.page_pdf = told.page_image, str(told.page_pdf)
        _save(folio, told.hot_areas)
        changed.append(told.number)
    promise_thumbnails(told for told in folios if told.number in changed)
    log(instance=locked, action="issues.keep_pages", user=by, data={"folios": changed})
    return True


def promise_thumbnails(folios: Iterable[Folio]) -> None:
    """Have pages made small once they are kept: the archive shows what it finds, and makes none."""
    for folio in folios:
        if folio.page_image_id:
            make = partial(_make_thumbnail, folio.page_image_id)
            transaction.on_commit(make, robust=True)


def _make_thumbnail(key: int) -> None:
    photo = PressPhoto.objects.filter(pk=key).first()
    if photo is not None:
        photo.get_rendition(THUMBNAIL)


def collection_of_pages() -> Collection:
    """Return where pictures of pages lie in the library, apart from photographs."""
    root = Collection.get_first_root_node()
    found = root.get_children().filter(name=COLLECTION).first()
    return found or root.add_child(name=COLLECTION)


def _locked(issue: IssuePage, by: User | None) -> IssuePage:
    locked = lock_issues(issue.pk).get(issue.pk)
    if locked is None:
        raise PageRefused("这一期已经删除了。")
    if by and not locked.permissions_for_user(by).can_reorder_children():
        raise PageRefused(why_not_place(locked))
    return locked


def _folio(issue: IssuePage, number: int) -> Folio:
    """Return the row of a folio; one that only a version of the masthead has gets its row now."""
    found = Folio.objects.filter(issue=issue, number=number).order_by("pk").first()
    if found is not None:
        return found
    versions = issue.get_latest_revision_as_object().folios.all()
    told = next((folio for folio in versions if folio.number == number), None)
    return Folio(
        issue=issue,
        number=number,
        sort_order=number - 1,
        name=told.name if told else "",
        responsible_editor=told.responsible_editor if told else "",
    )


def _seen_folio(issue: IssuePage, number: int, seen: str | None) -> Folio:
    folio = _folio(issue, number)
    if seen is not None and seen != version_of(folio):
        raise PageOvertaken(
            "没有保存：您打开之后，别人改过这一版的版面图或热区。下面是现在的样子，请再改一次。"
        )
    return folio


def _save(folio: Folio, areas: Areas) -> None:
    folio.hot_areas = list(areas)
    folio.full_clean(exclude=["issue", "page_image"])
    folio.save()


def _pdf_field() -> Any:
    return Folio._meta.get_field("page_pdf")


def _discard(folio: Folio, *, keep: PressPhoto | None = None, keep_pdf: str = "") -> None:
    """Remove the files of the page that a folio has, once nothing can bring it back."""
    if folio.page_pdf and str(folio.page_pdf.name) != keep_pdf:
        drop = partial(drop_pdf, str(folio.page_pdf.name))
        transaction.on_commit(drop, robust=True)
    photo = folio.page_image
    if photo is not None and photo != keep:
        transaction.on_commit(partial(drop_picture, photo.pk), robust=True)


def drop_pdf(name: str) -> None:
    """Delete the stored PDF of a page, unless a folio names it."""
    # Folios that changed places in an import name each other's.
    if not Folio.objects.filter(page_pdf=name).exists():
        _pdf_field().storage.delete(name)


def forget_strays() -> int:
    """Delete pictures of pages that nothing shows and nobody is about to keep; return how many.

    They are left where a process ended between making a page and keeping it.
    """
    made_before = timezone.now() - STRAY_FOR
    # What somebody put into this collection by hand is theirs: it may stand in a draft, of which
    # no index knows.
    keys = PressPhoto.objects.filter(
        ~Exists(Folio.objects.filter(page_image=OuterRef("pk"))),
        collection__name=COLLECTION,
        uploaded_by_user=None,
        title__endswith=OF_PAGE,
        created_at__lt=made_before,
    ).values_list("pk", flat=True)
    return sum(drop_picture(key) for key in keys)


def drop_picture(key: int) -> bool:
    """Delete the picture of a page that nothing shows any more; a photograph is kept.

    Tells whether it was deleted.
    """
    photo = PressPhoto.objects.filter(pk=key, collection__name=COLLECTION).first()
    if photo is None or Folio.objects.filter(page_image=photo).exists():
        return False
    if ReferenceIndex.get_references_to(photo).exists():
        return False
    photo.delete()
    return True
