"""Turn an issue in the plain form into pages, and pages into the plain form.

The only module that knows both. Writing goes through the verbs of the house: the tree gives the
numbers, ``issues.placing`` the order, ``desk`` and ``issues.publishing`` (by the caller) the doors.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, fields, replace
from datetime import date
from itertools import count
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from django.db import transaction

from articles.models import ArticlePage, Byline, Correction, Remark
from issues.correcting import CorrectingRefused, Wording, take_in_correction, wording_of
from issues.folio_pages import PageRefused, copy_pages, promise_thumbnails
from issues.models import Folio, IssuePage, NewspaperPage
from issues.placing import place
from newsroom.models import Contributor, Imprint, PressPhoto, Section

from . import schema
from .bodies import blocks_of, passages_of, passages_of_block
from .files import FileNames, ImportRefused, KeptFiles, Picture
from .folios import facts_of, folios_of, rows_of

if TYPE_CHECKING:
    from accounts.models import User

# Which fields of a page stand in the plain form under the same name.
ISSUE_FIELDS = ("date", "lunar_date", "responsible_editor")
COPY_FIELDS = ("kicker", "title", "subhead", "standfirst", "verbatim_punctuation")
IMPRINT_FIELDS = tuple(f.name for f in fields(schema.Imprint) if f.name != "nameplate")


class ExportRefused(ValueError):
    """The issue cannot be written; the message says why, in Chinese."""


@dataclass(slots=True)
class Report:
    """What an import did: the issue's page, and a line for each thing that is new or changed."""

    issue: IssuePage
    changes: list[str] = field(default_factory=list)
    touched: list[ArticlePage] = field(default_factory=list)


@transaction.atomic
def load_issue(*, issue: schema.Issue, picture: Picture, by: User | None = None) -> Report:
    """Create or update the pages of ``issue``; all or nothing.

    The same number means the same pages: a changed article gets one more revision and waits to be
    signed, an unchanged one is not touched, and one that only the database has is left alone. So
    are corrections: new ones are taken in, and readers see those of an article they have at once.
    ``picture`` returns the bytes of a named image file. Raises ImportRefused.
    """
    schema.check(issue)
    paper = NewspaperPage.objects.first()
    if paper is None:
        raise ImportRefused("还没有建立报纸：请先运行 manage.py set_up_newsroom。")
    files = KeptFiles(picture)
    page = IssuePage.objects.select_for_update().filter(number=issue.number).first()
    imprint = _imprint_row(issue, files)
    if page is None:
        page = IssuePage(number=issue.number, live=False, imprint=imprint, owner=by)
        _fill_issue(page, issue, imprint)
        page.folios = rows_of(issue.folios, files)
        paper.add_child(instance=page)
        page.save_revision(user=by, log_action=True)
        promise_thumbnails(page.folios.all())
        report = Report(page, [f"新建第{issue.number}期"])
    else:
        report = Report(page)
        latest = page.get_latest_revision_as_object()
        folios = rows_of(issue.folios, files, latest.folios.all())
        stands = (_masthead(latest), latest.imprint_id, facts_of(latest.folios.all()))
        if stands != (_masthead(issue), imprint.pk, facts_of(folios)):
            _fill_issue(latest, issue, imprint)
            latest.folios = folios
            _save_draft(latest, by)
            report.changes.append(f"第{issue.number}期的刊头有改动")
        if _copied_pages(page, folios, by):
            report.changes.append(f"第{issue.number}期的版面图或热区有改动")
    for article in issue.articles:
        _load_article(report, article, files, by)
    for article in issue.articles:
        _take_in_corrections(report, article, by)
    _put_in_order(report, issue.articles, by)
    known = {article.number for article in issue.articles}
    report.changes.extend(
        f"数据库里另有第{extra.number}篇《{extra.title}》，文件夹里没有，未动"
        for extra in ArticlePage.objects.child_of(page).not_withdrawn().in_print_order()
        if extra.number not in known
    )
    return report


def _copied_pages(page: IssuePage, folios: Iterable[Folio], by: User | None) -> bool:
    try:
        return copy_pages(issue=page, folios=folios, by=by)
    except PageRefused as refused:
        raise ImportRefused(f"版面图和热区不能导入：{refused}") from refused


def dump_issue(page: IssuePage) -> schema.Issue:
    """Return ``page`` and its articles, each as last saved, in the plain form.

    What was withdrawn is not among them: no reader is to get it any more, in any form.
    """
    return dump_with_pictures(page)[0]


def dump_with_pictures(page: IssuePage) -> tuple[schema.Issue, Picture]:
    """Return ``page`` in the plain form, and what gives the bytes of the images it names.

    Raises ExportRefused for a draft that has no imprint yet.
    """
    names = FileNames()
    articles = tuple(
        _dump_article(article, names)
        for article in ArticlePage.objects.child_of(page)
        .not_withdrawn()
        .in_print_order()
        .with_bylines()
        .with_corrections()
    )
    return _issue_of(page.get_latest_revision_as_object(), articles, names), names.picture


def public_form(page: IssuePage) -> tuple[schema.Issue, FileNames]:
    """Return ``page`` as every reader may have it, with the files it names.

    The signed text of what is public, without the editors' remarks and without what tells two
    contributors of one name apart.
    """
    names = FileNames()
    published = ArticlePage.objects.child_of(page).published().in_print_order()
    articles = tuple(
        _article_facts(article, article, names)
        for article in _with_photos(published.with_bylines().with_corrections())
    )
    return _issue_of(page, articles, names), names


def _with_photos(articles: Iterable[ArticlePage]) -> list[ArticlePage]:
    """Look up the photos of all bodies at once; each body by itself would be a query or two."""
    articles = list(articles)
    block = ArticlePage._meta.get_field("body").stream_block
    bodies = block.bulk_to_python([list(article.body.raw_data) for article in articles])
    for article, body in zip(articles, bodies, strict=True):
        article.body = body
    return articles


def _issue_of(
    page: IssuePage, articles: tuple[schema.Article, ...], names: FileNames
) -> schema.Issue:
    if page.imprint is None:
        raise ExportRefused(f"{page}还没有选出版信息，请在后台选好再导出。")
    return schema.Issue(
        number=page.number,
        **{name: getattr(page, name) for name in ISSUE_FIELDS},
        imprint=_imprint_facts(page.imprint, names),
        folios=folios_of(page.folios.all(), names, {article.number for article in articles}),
        articles=articles,
    )


def _dump_article(article: ArticlePage, names: FileNames) -> schema.Article:
    """Return ``article`` as last saved: of its bylines what somebody said, not what was found."""
    revision = article.get_latest_revision()
    latest = revision.as_object() if revision else article
    return replace(
        _article_facts(article, latest, names),
        bylines=tuple(_byline_facts(byline) for byline in latest.bylines.all()),
        remarks=tuple(
            schema.Remark(kind=schema.RemarkKind(remark.kind), after=remark.after, text=remark.text)
            for remark in latest.remarks.all()
        ),
    )


def _article_facts(article: ArticlePage, latest: ArticlePage, names: FileNames) -> schema.Article:
    """Return what readers have of a version of ``article``, placed and corrected as it is today."""
    return schema.Article(
        number=article.number,
        **{name: getattr(latest, name) for name in COPY_FIELDS},
        folio=article.folio,
        section=article.section.name if article.section else "",
        prominence=schema.Prominence(article.prominence),
        bylines=tuple(
            schema.Byline(name=byline.name, role=schema.Role(byline.role))
            for byline in latest.bylines.all()
        ),
        corrections=tuple(
            _correction_facts(correction)
            for correction in sorted(article.corrections.all(), key=attrgetter("date", "pk"))
        ),
        body=passages_of(latest, names),
    )


@dataclass(frozen=True, slots=True)
class LostPhoto:
    """A photo that an article names and the library no longer has."""

    pk: int


def copy_of(
    article: ArticlePage, name_of: Callable[[PressPhoto | LostPhoto], str]
) -> schema.Article:
    """Return the copy of ``article`` as it stands in memory, without placement and remarks.

    For a version, hand over ``revision.as_object()``; pictures that are gone since are named too.
    """
    return schema.Article(
        number=article.number,
        **{name: getattr(article, name) for name in COPY_FIELDS},
        bylines=tuple(_byline_facts(byline) for byline in article.bylines.all()),
        body=tuple(
            passage
            for block, stored in zip(article.body, article.body.raw_data, strict=True)
            for passage in passages_of_block(
                block.block_type, _with_lost_photos(block, stored["value"]), name_of
            )
        ),
    )


def _with_lost_photos(block: Any, stored: Any) -> Any:
    """Return the value of a body's block with what stands for photos that are gone."""
    match block.block_type:
        case "photo":
            return _or_lost(block.value, stored)
        case "gallery":
            kept = [item.get("value", item) for item in stored]
            return [_or_lost(value, raw) for value, raw in zip(block.value, kept, strict=True)]
    return block.value


def _or_lost(photo: Any, stored: Any) -> dict[str, Any]:
    key = stored.get("image")
    return {**photo, "image": photo["image"] or (LostPhoto(key) if key else None)}


def _load_article(
    report: Report, article: schema.Article, files: KeptFiles, by: User | None
) -> None:
    page = ArticlePage.objects.child_of(report.issue).filter(number=article.number).first()
    if page is None:
        page = ArticlePage(
            number=article.number,
            folio=article.folio,
            section=_section(article.section),
            prominence=article.prominence.value,
            live=False,
            owner=by,
        )
        fill_article(page, article, files)
        report.issue.add_child(instance=page)
        page.save_revision(user=by, log_action=True)
        report.changes.append(f"新建第{article.number}篇《{article.title}》")
        report.touched.append(page)
        return
    before = _dump_article(page, files.names)
    changed = [
        label
        for label, differs in (
            ("标题", any(getattr(before, n) != getattr(article, n) for n in COPY_FIELDS)),
            ("署名", before.bylines != article.bylines),
            ("注记", before.remarks != article.remarks),
            ("正文", before.body != article.body),
        )
        if differs
    ]
    if changed:
        latest = page.get_latest_revision_as_object()
        fill_article(latest, article, files)
        _save_draft(latest, by)
        report.changes.append(
            f"第{article.number}篇《{article.title}》有改动：{'、'.join(changed)}"
        )
        report.touched.append(latest)


def _take_in_corrections(report: Report, article: schema.Article, by: User | None) -> None:
    """Take in the corrections that are new to the database; those it has besides are kept."""
    page = ArticlePage.objects.child_of(report.issue).get(number=article.number)
    for correction in article.corrections:
        try:
            taken_in = take_in_correction(article=page, wording=_wording(correction), by=by)
        except CorrectingRefused as refused:
            raise ImportRefused(f"第{article.number}篇的更正不能导入：{refused}") from refused
        if taken_in is not None:
            report.changes.append(f"第{article.number}篇《{article.title}》新增一条更正")
    known = {_wording(correction) for correction in article.corrections}
    extra = {wording_of(correction) for correction in page.corrections.all()} - known
    if extra:
        report.changes.append(
            f"数据库里第{article.number}篇《{article.title}》另有{len(extra)}条更正，文件夹里没有，未动"
        )


def _wording(correction: schema.Correction) -> Wording:
    return Wording(
        date=correction.date,
        kind=correction.kind.value,
        wrong=correction.wrong,
        right=correction.right,
        text=correction.text,
    )


def _correction_facts(correction: Correction) -> schema.Correction:
    return schema.Correction(
        date=correction.date,
        kind=schema.CorrectionKind(correction.kind),
        wrong=correction.wrong,
        right=correction.right,
        text=correction.text,
    )


def _save_draft(page: Any, by: User | None) -> None:
    """Keep ``page`` as a draft; the row of one that is not live is its draft."""
    if not page.live:
        page.save(clean=False)
    page.save_revision(user=by, log_action=True)


def _put_in_order(report: Report, articles: Iterable[schema.Article], by: User | None) -> None:
    """Place the articles as the plain form orders them, each at the end of its folio in turn."""
    positions: dict[int, int] = {}
    wanted = [(article.number, article.folio) for article in articles]
    stands = ArticlePage.objects.child_of(report.issue).in_print_order()
    numbers = [number for number, _ in wanted]
    # What only the database has stays between those that are in order already.
    in_order = wanted == list(stands.filter(number__in=numbers).values_list("number", "folio"))
    for article in articles:
        page = ArticlePage.objects.child_of(report.issue).get(number=article.number)
        before = (page.folio, page.section_id, page.prominence, page.path)
        section, prominence = _section(article.section), article.prominence.value
        placed = (page.folio, page.section_id, page.prominence)
        if in_order and placed == (article.folio, section and section.pk, prominence):
            continue
        position = positions.get(article.folio, 0)
        place(
            article=page,
            by=by,
            folio=article.folio,
            section=section,
            prominence=prominence,
            position=None if in_order else position,
        )
        positions[article.folio] = position + 1
        page.refresh_from_db()
        after = (page.folio, page.section_id, page.prominence, page.path)
        if before != after and not any(page.pk == touched.pk for touched in report.touched):
            report.changes.append(f"第{article.number}篇《{article.title}》换了版面位置")


def _section(name: str) -> Section | None:
    if not name:
        return None
    section = Section.objects.filter(name=name).first()
    if section is None:
        taken = set(Section.objects.values_list("slug", flat=True))
        slug = next(slug for n in count(1) if (slug := f"section-{n}") not in taken)
        section = Section.objects.create(name=name, slug=slug, position=len(taken))
    return section


def _fill_issue(page: IssuePage, issue: schema.Issue, imprint: Imprint) -> None:
    for name in ISSUE_FIELDS:
        setattr(page, name, getattr(issue, name))
    page.imprint = imprint


def fill_article(page: ArticlePage, article: schema.Article, files: KeptFiles) -> None:
    """Give ``page`` the copy and the remarks of ``article``; nothing is saved, nor placed."""
    for name in COPY_FIELDS:
        setattr(page, name, getattr(article, name))
    page.bylines = [
        Byline(sort_order=place, name=b.name, role=b.role.value, contributor=_contributor(b))
        for place, b in enumerate(article.bylines)
    ]
    page.remarks = [
        Remark(sort_order=place, kind=r.kind.value, after=r.after, text=r.text)
        for place, r in enumerate(article.remarks)
    ]
    page.body = blocks_of(article.body, files.photo)


def _contributor(byline: schema.Byline) -> Contributor | None:
    """Return who is named outright; whom a mere name means is found out at signing."""
    if not (byline.contributor or byline.unit):
        return None
    name = byline.contributor or byline.name
    named: Contributor = Contributor.objects.get_or_create(name=name, unit=byline.unit)[0]
    return named


def _byline_facts(byline: Byline) -> schema.Byline:
    contributor = byline.contributor
    named = contributor.name if contributor and contributor.name != byline.name else ""
    return schema.Byline(
        name=byline.name,
        role=schema.Role(byline.role),
        contributor=named,
        unit=contributor.unit if contributor else "",
    )


def _masthead(issue: IssuePage | schema.Issue) -> tuple[Any, ...]:
    return tuple(getattr(issue, name) for name in ISSUE_FIELDS)


def plain_imprint(page: IssuePage) -> schema.Imprint | None:
    """Return the imprint of an issue in the plain form, without its nameplate's picture."""
    return (
        replace(_imprint_facts(page.imprint, FileNames()), nameplate="") if page.imprint else None
    )


def imprint_in_force(day: date) -> schema.Imprint | None:
    """Return the imprint of a day in the plain form, without its nameplate's picture."""
    row = Imprint.objects.current(day)
    return replace(_imprint_facts(row, FileNames()), nameplate="") if row else None


def _imprint_facts(row: Imprint, names: FileNames) -> schema.Imprint:
    return schema.Imprint(
        **{name: getattr(row, name) for name in IMPRINT_FIELDS},
        nameplate=names(row.nameplate) if row.nameplate else "",
    )


def _imprint_row(issue: schema.Issue, files: KeptFiles) -> Imprint:
    """Return the row that says what the issue's imprint says, made if there is none."""
    facts = {name: getattr(issue.imprint, name) for name in IMPRINT_FIELDS}
    nameplate = files.photo(issue.imprint.nameplate) if issue.imprint.nameplate else None
    row: Imprint | None = (
        Imprint.objects.filter(**facts, nameplate=nameplate).order_by("-since").first()
    )
    if row is None:
        row = Imprint(since=issue.date, nameplate=nameplate, **facts)
        row.save()
    return row
