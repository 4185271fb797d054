"""The issue as pages and back: nothing lost, nothing made up, nothing half-written."""

import filecmp
from dataclasses import replace
from datetime import date
from io import BytesIO, StringIO
from posixpath import basename
from typing import get_type_hints

import pytest
from django.core.management import CommandError, call_command
from django.db.models import CharField, TextField
from PIL import Image

from articles.models import ArticlePage, Byline, Correction, Remark, Role
from desk.review.signing import sign_article
from interchange import schema
from interchange.files import ImportRefused
from interchange.pages import dump_issue, load_issue
from interchange.readers.folder import read_folder
from interchange.writers.folder import render
from issues.correcting import Wording, add_correction
from issues.folio_pages import COLLECTION, THUMBNAIL, remove_page
from issues.models import Folio, IssuePage
from issues.publishing import publish_issue
from issues.withdrawing import withdraw_article
from newsroom.models import Contributor, Imprint, PressPhoto, Section
from tests.factories import (
    SAMPLE,
    make_article,
    make_issue,
    make_sample,
    make_user,
)

pytestmark = pytest.mark.django_db


def no_picture(name: str) -> bytes:
    raise AssertionError(name)


def load(issue: schema.Issue) -> list[str]:
    return load_issue(issue=issue, picture=no_picture).changes


@pytest.fixture
def jpeg() -> bytes:
    file = BytesIO()
    Image.new("RGB", (640, 480), "brown").save(file, "JPEG")
    return file.getvalue()


@pytest.fixture
def sample(db) -> IssuePage:
    return make_sample()


def test_exported_issue_450_is_byte_for_byte_the_folder_it_came_from(sample, tmp_path):
    call_command("export_issue", "450", str(tmp_path / "out"), stdout=StringIO())
    names = sorted(path.name for path in SAMPLE.iterdir() if path.is_file())
    match, differ, errors = filecmp.cmpfiles(SAMPLE, tmp_path / "out", names, shallow=False)
    assert (sorted(match), differ, errors) == (names, [], [])
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == names


def test_importing_again_changes_nothing_and_makes_no_revision(sample):
    before = list(ArticlePage.objects.values_list("pk", "latest_revision_id", "path"))
    out = StringIO()
    call_command("import_issue", str(SAMPLE), stdout=out)
    assert "没有改动" in out.getvalue()
    assert list(ArticlePage.objects.values_list("pk", "latest_revision_id", "path")) == before


def test_a_word_changed_in_the_database_is_the_only_difference_in_the_export(sample):
    article = ArticlePage.objects.get(issue=sample, number=3).get_latest_revision_as_object()
    block = article.body.raw_data[0]
    block["value"] = block["value"].replace("8817家", "8818家")
    article.save_revision()
    before, after = render(read_folder(SAMPLE)), render(dump_issue(sample))
    assert after.pop("03.md") == before.pop("03.md").replace("8817家", "8818家")
    assert after == before


def test_a_changed_folder_makes_a_draft_and_leaves_what_readers_get(sample):
    issue = read_folder(SAMPLE)
    changed = replace(issue.articles[1], title="普惠性托育解决职工难题")
    report = load(replace(issue, articles=(issue.articles[0], changed, *issue.articles[2:])))
    article = ArticlePage.objects.get(issue=sample, number=2)
    assert report == ["第2篇《普惠性托育解决职工难题》有改动：标题"]
    assert article.title == "拱墅区总工会普惠性托育解决职工难题"
    assert article.live
    assert article.get_latest_revision_as_object().title == "普惠性托育解决职工难题"


def test_an_article_that_only_the_database_has_is_reported_and_kept(sample):
    extra = make_article(sample, "只在数据库里")
    report = load(read_folder(SAMPLE))
    assert report == [f"数据库里另有第{extra.number}篇《只在数据库里》，文件夹里没有，未动"]
    assert ArticlePage.objects.filter(pk=extra.pk).exists()


def test_every_kind_of_passage_and_every_field_survives_the_database(db):
    runs = (
        schema.Run("　　两个全角空格,然后"),
        schema.Run("粗", bold=True),
        schema.Run("斜", italic=True),
        schema.Run("链接", href="https://example.com/?a=1&b=2"),
        schema.Run("<script>&amp;\n换行 “引”"),
    )
    article = schema.Article(
        number=7,
        kicker="引题",
        title="主题 有空格",
        subhead="副题",
        standfirst="提要",
        verbatim_punctuation=True,
        folio=2,
        section="工运时评",
        prominence=schema.Prominence.LEAD,
        bylines=(
            schema.Byline(name="张三", role=schema.Role.REPORTER),
            schema.Byline(name="王 浩", role=schema.Role.PHOTOGRAPHER, unit="拱墅区总工会"),
        ),
        remarks=(schema.Remark(kind=schema.RemarkKind.PROOF, after="然后", text="疑误"),),
        corrections=(
            schema.Correction(
                date=date(2022, 8, 9), wrong="空 格", right="　格", text=" 两行\n更正 "
            ),
            schema.Correction(
                date=date(2022, 8, 9), kind=schema.CorrectionKind.APOLOGY, text="致歉"
            ),
        ),
        body=(
            schema.Crosshead("开头的小标题"),
            schema.Paragraph(runs),
            schema.Paragraph.of("第二段"),
            schema.Quote("引文\n两行", "出处"),
            schema.Table((("姓名", "名次"), ("倪国荣", "1"), ("", "2")), True, "成绩"),
            schema.Table((("甲", "乙"),), False, ""),
            schema.Note("附注"),
            schema.Crosshead("结尾的小标题"),
        ),
    )
    issue = replace(
        read_folder(SAMPLE),
        number=460,
        folios=(schema.Folio(number=1, name="要闻"), schema.Folio(number=2, name="副刊")),
        articles=(schema.Article(number=3, title="头条", body=article.body[:1]), article),
    )
    load(issue)
    assert dump_issue(IssuePage.objects.get(number=460)) == issue
    assert load(issue) == []


def test_an_image_file_becomes_one_photo_and_comes_out_unchanged(db, tmp_path, jpeg):
    photo = schema.Photo("chess.jpg", "比赛现场", "张三 摄", "两人对弈")
    article = schema.Article(number=1, title="图片新闻", body=(photo, schema.Paragraph.of("文。")))
    issue = replace(read_folder(SAMPLE), number=461, articles=(article,))
    load_issue(issue=issue, picture=lambda name: jpeg)
    mended = replace(article, title="图片新闻两则")
    load_issue(issue=replace(issue, articles=(mended,)), picture=lambda name: jpeg)
    assert PressPhoto.objects.count() == 1
    call_command("export_issue", "461", str(tmp_path / "out"), stdout=StringIO())
    images = list((tmp_path / "out" / "images").iterdir())
    assert [image.read_bytes() for image in images] == [jpeg]


def test_two_issues_may_have_pictures_of_one_name_and_keep_it(db, tmp_path, jpeg):
    for number, name in ((461, "01.jpg"), (462, "01.jpg"), (463, "比赛.jpg")):
        picture = jpeg + bytes([number % 256])
        article = schema.Article(number=1, title="图片新闻", body=(schema.Photo(name),))
        issue = replace(read_folder(SAMPLE), number=number, articles=(article,))
        for _ in range(2):
            report = load_issue(issue=issue, picture=lambda name, picture=picture: picture)
        assert report.changes == []
        out = tmp_path / str(number)
        call_command("export_issue", str(number), str(out), stdout=StringIO())
        assert [(p.name, p.read_bytes()) for p in (out / "images").iterdir()] == [(name, picture)]


PAGE_PDF = b"%PDF-1.7 page"


def issue_with_a_page(**folio) -> schema.Issue:
    folio = schema.Folio(number=1, page_image="01.jpg", page_pdf="01.pdf", **folio)
    article = schema.Article(number=3, title="头条")
    return replace(read_folder(SAMPLE), number=465, folios=(folio,), articles=(article,))


def test_a_printed_page_with_its_areas_survives_the_database(db, tmp_path, jpeg):
    files = {"01.jpg": jpeg, "01.pdf": PAGE_PDF}
    issue = issue_with_a_page(hot_areas=(schema.HotArea(article=3, polygon="0,0 100,0 50,99.5"),))
    load_issue(issue=issue, picture=files.__getitem__)
    page = IssuePage.objects.get(number=465)
    assert dump_issue(page) == issue
    assert load_issue(issue=issue, picture=files.__getitem__).changes == []
    call_command("export_issue", "465", str(tmp_path / "out"), stdout=StringIO())
    assert {p.name: p.read_bytes() for p in (tmp_path / "out" / "images").iterdir()} == files


def test_a_changed_page_file_or_area_is_taken_in_at_once(db, jpeg):
    issue = issue_with_a_page()
    load_issue(issue=issue, picture={"01.jpg": jpeg, "01.pdf": PAGE_PDF}.__getitem__)
    changed = {"01.jpg": jpeg, "01.pdf": PAGE_PDF + b" again"}.__getitem__
    assert load_issue(issue=issue, picture=changed).changes == ["第465期的版面图或热区有改动"]
    area = schema.HotArea(article=3, polygon="0,0 1,0 1,1")
    drawn = issue_with_a_page(hot_areas=(area,))
    assert load_issue(issue=drawn, picture=changed).changes == ["第465期的版面图或热区有改动"]
    assert load_issue(issue=drawn, picture=changed).changes == []


def two_pages(first, second) -> schema.Issue:
    folios = tuple(
        schema.Folio(number=number, page_image=f"{name}.jpg", page_pdf=f"{name}.pdf")
        for number, name in enumerate((first, second), start=1)
    )
    return replace(issue_with_a_page(), folios=folios)


def test_pages_that_change_places_keep_their_files(db, jpeg, django_capture_on_commit_callbacks):
    files = {f"{n}.jpg": jpeg + n.encode() for n in "ab"} | {f"{n}.pdf": PAGE_PDF for n in "ab"}
    for names in ("ab", "ba"):
        with django_capture_on_commit_callbacks(execute=True):
            load_issue(issue=two_pages(*names), picture=files.__getitem__)
    folios = Folio.objects.filter(issue__number=465).order_by("number")
    stored = [str(folio.page_pdf.name) for folio in folios]
    assert [basename(name) for name in stored] == ["b.pdf", "a.pdf"]
    assert all(
        folio.page_pdf.storage.exists(name) for folio, name in zip(folios, stored, strict=True)
    )
    # Once nothing names it, it goes.
    with django_capture_on_commit_callbacks(execute=True):
        remove_page(issue=IssuePage.objects.get(number=465), number=1, by=None)
    storage = folios[0].page_pdf.storage
    assert [storage.exists(name) for name in stored] == [False, True]


def test_the_picture_of_an_imported_page_goes_with_it_and_a_photograph_stays(
    db, jpeg, django_capture_on_commit_callbacks
):
    photograph = schema.Article(number=3, title="图片新闻", body=(schema.Photo("photo.jpg"),))
    issue = replace(issue_with_a_page(), articles=(photograph,))
    files = {"01.jpg": jpeg, "01.pdf": PAGE_PDF, "photo.jpg": jpeg + b"."}
    with django_capture_on_commit_callbacks(execute=True):
        load_issue(issue=issue, picture=files.__getitem__)
    picture = Folio.objects.get(issue__number=465).page_image
    assert picture.collection.name == COLLECTION
    # The archive shows it small from the beginning.
    assert IssuePage.objects.with_covers(THUMBNAIL).get(number=465).cover
    with django_capture_on_commit_callbacks(execute=True):
        remove_page(issue=IssuePage.objects.get(number=465), number=1, by=None)
    assert [photo.title for photo in PressPhoto.objects.all()] == ["photo"]


def test_a_page_file_that_is_no_pdf_is_refused_and_nothing_is_written(db, jpeg):
    files = {"01.jpg": jpeg, "01.pdf": b"<html>"}
    with pytest.raises(ImportRefused, match=r"01\.pdf 打不开"):
        load_issue(issue=issue_with_a_page(), picture=files.__getitem__)
    assert not IssuePage.objects.filter(number=465).exists()


def test_an_area_of_a_withdrawn_article_leaves_with_it(db, jpeg):
    area = schema.HotArea(article=3, polygon="0,0 1,0 1,1")
    files = {"01.jpg": jpeg, "01.pdf": PAGE_PDF}
    load_issue(issue=issue_with_a_page(hot_areas=(area,)), picture=files.__getitem__)
    ArticlePage.objects.filter(issue__slug="465").update(withdrawn_at="2022-08-09T00:00:00Z")
    assert dump_issue(IssuePage.objects.get(number=465)).folios[0].hot_areas == ()


def test_the_same_picture_under_two_names_leaves_under_both(db, jpeg):
    for number, name in ((466, "01.jpg"), (467, "02.jpg")):
        article = schema.Article(number=1, title="图片新闻", body=(schema.Photo(name),))
        issue = replace(read_folder(SAMPLE), number=number, articles=(article,))
        load_issue(issue=issue, picture=lambda name: jpeg)
        assert dump_issue(IssuePage.objects.get(number=number)) == issue


def test_bylines_keep_their_printed_order_when_signed(db):
    names = ("甲", "乙", "丙", "丁")
    article = replace(
        read_folder(SAMPLE).articles[0], bylines=tuple(schema.Byline(name=name) for name in names)
    )
    load(replace(read_folder(SAMPLE), number=464, articles=(article,)))
    page = ArticlePage.objects.get(issue__slug="464")
    sign_article(article=page, revision=page.get_latest_revision(), by=None)
    (stored,) = ArticlePage.objects.filter(pk=page.pk).with_bylines()
    assert tuple(byline.name for byline in stored.bylines.all()) == names


def test_a_draft_without_an_imprint_is_refused_in_words(db, tmp_path):
    issue = make_issue(451)
    issue.imprint = None
    issue.save_revision(clean=False)
    with pytest.raises(CommandError, match="还没有选出版信息"):
        call_command("export_issue", "451", str(tmp_path / "x"))


def test_a_new_section_gets_a_free_address(db):
    Section.objects.create(name="副刊", slug="section-1")
    Section.objects.create(name="要闻", slug="section-3")
    article = replace(read_folder(SAMPLE).articles[0], section="工运时评")
    load(replace(read_folder(SAMPLE), number=465, articles=(article,)))
    assert Section.objects.get(name="工运时评").slug == "section-2"


@pytest.mark.parametrize("content", [b"", b"not a picture", b"\xff\xd8\xff\xe0 cut", b"<svg/>"])
def test_a_broken_image_is_refused_and_nothing_is_written(db, content):
    article = schema.Article(number=1, title="图", body=(schema.Photo("x.jpg"),))
    issue = replace(read_folder(SAMPLE), number=462, articles=(article,))
    with pytest.raises(ImportRefused, match=r"x\.jpg"):
        load_issue(issue=issue, picture=lambda name: content)
    assert not IssuePage.objects.filter(number=462).exists()
    assert not Imprint.objects.exists()


def test_a_folder_that_breaks_in_its_last_article_leaves_the_database_untouched(sample):
    issue = read_folder(SAMPLE)
    broken = replace(issue.articles[3], body=(schema.Photo("gone.jpg"),))
    changed = replace(issue.articles[0], title="改过的标题")
    revisions = sample.articles.values_list("latest_revision_id", flat=True)
    before = list(revisions)
    with pytest.raises(ImportRefused):
        load_issue(
            issue=replace(issue, articles=(changed, *issue.articles[1:3], broken)),
            picture=lambda name: b"",
        )
    assert list(revisions.all()) == before


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (("01.md", 'title = "', 'titel = "'), "01.md"),
        (("issue.toml", "number = 450", "number = -1"), "issue.toml"),
        (("03.md", "[[byline]]", "[[byline]"), "03.md"),
    ],
)
def test_the_command_names_file_and_reason_of_a_broken_folder(db, tmp_path, change, reason):
    name, old, new = change
    folder = tmp_path / "issue"
    folder.mkdir()
    for path in SAMPLE.iterdir():
        if path.is_file():
            (folder / path.name).write_bytes(path.read_bytes())
    text = (folder / name).read_text()
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1))
    with pytest.raises(CommandError, match=reason) as refused:
        call_command("import_issue", str(folder), stdout=StringIO())
    assert "没有任何改动" in str(refused.value)
    assert not IssuePage.objects.exists()


def test_importing_before_the_paper_is_set_up_says_what_to_do(unfounded):
    with pytest.raises(CommandError, match="set_up_newsroom"):
        call_command("import_issue", str(SAMPLE), stdout=StringIO())


def test_exporting_what_is_not_there_or_over_another_issue_is_refused(sample, tmp_path):
    with pytest.raises(CommandError, match="没有第999期"):
        call_command("export_issue", "999", str(tmp_path / "x"))
    assert not (tmp_path / "x").exists()
    other = make_issue(451)
    call_command("export_issue", str(other.number), str(tmp_path / "y"), stdout=StringIO())
    with pytest.raises(CommandError, match="没有导出"):
        call_command("export_issue", "450", str(tmp_path / "y"))


def test_a_draft_that_is_half_done_can_be_exported(db):
    issue = make_issue(451)
    empty = {"image": None, "caption": "", "credit": "", "alt": ""}
    make_article(
        issue,
        body=[
            ("crosshead", " "),
            ("photo", empty),
            ("gallery", [empty]),
            ("quote", {"text": " ", "source": ""}),
            ("note", ""),
            ("paragraph", "<h2>断\x0b<br/>行</h2><p><a href='javascript:x'>链</a></p>"),
        ],
    )
    (article,) = dump_issue(issue).articles
    assert article.body == (schema.Crosshead("断 行"), schema.Paragraph.of("链"))


def test_a_changed_permit_number_leaves_issue_450_as_it_was(sample):
    later = replace(
        read_folder(SAMPLE),
        number=451,
        imprint=schema.Imprint(name="杭州工运", permit_number="新号"),
    )
    load(later)
    assert sample.imprint.permit_number == "浙企准字第A286号"
    assert IssuePage.objects.get(number=451).imprint.permit_number == "新号"


def test_imported_bylines_find_the_contributor_of_that_name(sample):
    assert Contributor.objects.get(name="刘魏").bylines.count() == 1
    load(replace(read_folder(SAMPLE), number=452))
    article = ArticlePage.objects.get(issue__slug="452", number=2)
    sign_article(article=article, revision=article.get_latest_revision(), by=None)
    assert [byline.contributor.name for byline in article.bylines.all()] == ["刘魏"]


def test_the_schema_and_the_models_agree_on_lengths_and_choices():
    pairs = [
        (schema.Article, ArticlePage),
        (schema.Byline, Byline),
        (schema.Remark, Remark),
        (schema.Correction, Correction),
        (schema.Imprint, Imprint),
        (schema.Issue, IssuePage),
    ]
    for plain, model in pairs:
        fields = {field.name: field for field in model._meta.get_fields()}
        for name, hint in get_type_hints(plain, include_extras=True).items():
            longest = getattr(next(iter(getattr(hint, "__metadata__", ())), None), "longest", None)
            field = fields.get(name)
            if longest and isinstance(field, (CharField, TextField)):
                assert field.max_length == longest, (model, name)
    assert {role.value for role in schema.Role} == {"", *Role.values}
    assert {kind.value for kind in schema.RemarkKind} == set(Remark.Kind.values)
    assert {kind.value for kind in schema.CorrectionKind} == set(Correction.Kind.values)


def test_a_signed_and_published_import_stays_published_when_imported_again(sample):
    publish_issue(issue=sample, by=None)
    load(read_folder(SAMPLE))
    assert IssuePage.objects.get(number=450).live


# Corrections and withdrawal.


def said(text: str, day: date = date(2022, 8, 9)) -> schema.Correction:
    return schema.Correction(date=day, text=text)


def with_corrections(number: int, *corrections: schema.Correction) -> schema.Issue:
    """Return the sample with corrections to one article."""
    issue = read_folder(SAMPLE)
    articles = (
        replace(article, corrections=corrections) if article.number == number else article
        for article in issue.articles
    )
    return replace(issue, articles=tuple(articles))


def test_corrections_come_out_as_they_went_in_byte_for_byte(db):
    issue = with_corrections(
        3, said("先"), replace(said("同日的另一条"), wrong="8817家", right="8818家")
    )
    load(issue)
    assert render(dump_issue(IssuePage.objects.get(number=450))) == render(issue)
    assert load(issue) == []


def test_a_correction_made_in_the_admin_is_exported_and_is_the_only_difference(sample):
    article = ArticlePage.objects.get(issue=sample, number=3)
    for text, day in (("后一条", date(2022, 8, 16)), ("先一条", date(2022, 8, 9))):
        add_correction(article=article, wording=Wording(text=text, date=day), by=None)
    expected = with_corrections(3, said("先一条"), said("后一条", date(2022, 8, 16)))
    assert render(dump_issue(sample)) == render(expected)


def test_new_corrections_are_taken_in_and_those_of_the_database_are_kept(sample, client):
    article = ArticlePage.objects.get(issue=sample, number=3)
    before = article.latest_revision_id
    wording = Wording(text="后台登的", date=date(2022, 8, 9))
    add_correction(article=article, wording=wording, by=None)
    report = load(with_corrections(3, said("文件夹里的")))
    assert report == [
        f"第3篇《{article.title}》新增一条更正",
        f"数据库里第3篇《{article.title}》另有1条更正，文件夹里没有，未动",
    ]
    assert {c.text for c in Correction.objects.all()} == {"后台登的", "文件夹里的"}
    assert ArticlePage.objects.get(pk=article.pk).latest_revision_id == before
    assert "文件夹里的" in client.get("/450/3/").content.decode()
    assert not Correction.objects.get(text="文件夹里的").needs_printing


def test_who_may_not_correct_cannot_do_it_by_importing(sample):
    issue = with_corrections(3, said("更正"))
    with pytest.raises(ImportRefused, match="第3篇的更正不能导入：您没有登更正的权限"):
        load_issue(issue=issue, picture=no_picture, by=make_user("编辑"))
    assert not Correction.objects.exists()
    load_issue(issue=issue, picture=no_picture, by=make_user("责任编辑"))
    assert Correction.objects.get().by.groups.get().name == "责任编辑"


def test_a_withdrawn_article_is_in_no_export(sample, tmp_path):
    article = ArticlePage.objects.get(issue=sample, number=2)
    withdraw_article(article=article, reason="有误", by=None)
    out = StringIO()
    call_command("export_issue", "450", str(tmp_path / "out"), stdout=out)
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == ["01.md", "03.md", "04.md", "issue.toml"]
    texts = "".join(path.read_text() for path in (tmp_path / "out").iterdir())
    assert article.title not in texts
    assert "3篇" in out.getvalue()


def test_importing_such_an_export_again_changes_nothing(sample, tmp_path):
    article = ArticlePage.objects.get(issue=sample, number=2)
    withdraw_article(article=article, reason="有误", by=None)
    before = list(ArticlePage.objects.values("pk", "path", "latest_revision_id", "withdrawn_at"))
    assert load(dump_issue(sample)) == []
    after = list(ArticlePage.objects.values("pk", "path", "latest_revision_id", "withdrawn_at"))
    assert after == before


def test_importing_an_older_folder_does_not_bring_a_withdrawn_article_back(sample, client):
    article = ArticlePage.objects.get(issue=sample, number=2)
    withdraw_article(article=article, reason="有误", by=None)
    assert load(read_folder(SAMPLE)) == []
    load(with_corrections(2, said("更正")))
    assert client.get("/450/2/").status_code == 410
    assert article.title not in client.get("/450/").content.decode()


def test_articles_in_another_order_are_put_into_it_beside_one_that_is_not_in_the_folder(sample):
    make_article(sample, "只在数据库里")
    issue = read_folder(SAMPLE)
    first, second, *rest = issue.articles
    load(replace(issue, articles=(second, first, *rest)))
    stands = ArticlePage.objects.child_of(sample).in_print_order()
    assert [article.number for article in stands if article.number < 5] == [2, 1, 3, 4]
