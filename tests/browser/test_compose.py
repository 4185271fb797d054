"""An editor composes and publishes an issue, in a real browser, with her own hands."""

from __future__ import annotations

from html import escape
from io import BytesIO

from PIL import Image, ImageDraw
from playwright.sync_api import Locator, Page, expect

from articles.models import ArticlePage
from interchange.pages import dump_issue
from interchange.readers.folder import read_folder
from interchange.schema import Article, Crosshead
from issues.models import IssuePage
from newsroom.cjk import full_width
from newsroom.models import Contributor
from tests.desk.reviewing import make_readers, sign_through
from tests.factories import SAMPLE, make_sample, make_user

from .counting import Hands

# What the whole job may take of one person, from the login form to a public issue of four
# articles with pasted headlines and text. A screen that asks for more has got worse.
MOST_CLICKS = 29
MOST_KEYSTROKES = 61

MANUSCRIPTS = read_folder(SAMPLE).articles


def text_of(article: Article) -> str:
    """Return an article as it lies in a manuscript: a line for each paragraph."""
    return "\n".join(passage.text for passage in article.body)


def button(page: Page, name: str) -> Locator:
    """Find the one button or link of that name which is in sight."""
    either = page.get_by_role("button", name=name).or_(page.get_by_role("link", name=name))
    return either.filter(visible=True)


def editor(page: Page) -> Locator:
    """Find the place for running text."""
    return page.locator(".Draftail-Editor [contenteditable=true]").first


def write_article(hands: Hands, article: Article, *, html: str = "") -> None:
    """Paste an article into the form that has just opened, headline first."""
    page = hands.page
    page.locator("html[data-watching=yes]").wait_for()
    expect(page.locator("[name=title]")).to_be_focused()
    hands.paste(article.title)
    if article.subhead:
        hands.click(page.locator("[name=subhead]"))
        hands.paste(article.subhead)
    hands.click(editor(page))
    hands.paste(text_of(article), html)
    for passage in article.body:
        if isinstance(passage, Crosshead):
            hands.click(editor(page).get_by_text(passage.text, exact=True))
            hands.click(page.locator(".Draftail-Toolbar").get_by_text("小标题"))
    for byline in article.bylines:
        hands.click(page.locator("[name=bylines-0-name]"))
        hands.type(byline.name)


def as_word_copies(article: Article) -> str:
    """Return what Word puts on the clipboard: an indent, fonts, fake headings, stray markup."""
    lines = []
    for passage in article.body:
        words = escape(passage.text)
        if isinstance(passage, Crosshead):
            lines.append(
                f"<h1 style='mso-outline-level:1'><span style='font-size:16pt'>{words}</span></h1>"
            )
        else:
            lines.append(
                "<p class=MsoNormal style='text-indent:24.0pt;mso-char-indent-count:2.0'>"
                f"<span lang=EN-US style='font-family:仿宋'>　　{words}<o:p></o:p></span></p>"
                "<p class=MsoNormal><![if !supportEmptyParas]>&nbsp;<![endif]><o:p></o:p></p>"
            )
    return (
        "<html xmlns:o='urn:schemas-microsoft-com:office:office'><head><style><!-- p.MsoNormal"
        " {mso-style-parent:''; font-family:宋体} --></style><!--[if gte mso 9]><xml>"
        "<w:WordDocument><w:View>Normal</w:View></w:WordDocument></xml><![endif]--></head>"
        f"<body lang=ZH-CN><!--StartFragment-->{''.join(lines)}<!--EndFragment--></body></html>"
    )


def photograph() -> bytes:
    """Return a small JPEG."""
    picture = Image.new("RGB", (960, 640), "#c9b28f")
    ImageDraw.Draw(picture).ellipse((330, 170, 630, 470), fill="#7a1f1f")
    file = BytesIO()
    picture.save(file, "JPEG")
    return file.getvalue()


def add_photo(hands: Hands, *, caption: str, credit: str, alt: str) -> None:
    """Put a photo from the editor's own disk below the text."""
    page = hands.page
    hands.click(page.get_by_role("button", name="插入内容块").last)
    hands.click(page.get_by_role("option", name="图片").first)
    hands.click(page.get_by_role("button", name="选择一个图片"))
    window = page.locator(".modal")
    hands.click(window.get_by_role("tab", name="上传"))
    window.locator("input[type=file]").set_input_files(
        {"name": "象棋.jpg", "mimeType": "image/jpeg", "buffer": photograph()}
    )
    for label, text in (("图片说明", caption), ("摄影", credit), ("描述", alt)):
        hands.click(window.get_by_label(label))
        hands.type(text)
    hands.click(window.get_by_role("button", name="上传"))
    expect(window).to_be_hidden()


def sign_all(issue: IssuePage) -> None:
    """Have every article of the issue read and signed by three people."""
    readers = make_readers()
    for article in ArticlePage.objects.child_of(issue):
        sign_through(article, readers)


def test_an_editor_composes_and_the_chief_publishes(desk, browser, live_server) -> None:
    make_sample()
    make_user("编辑", username="bj")
    make_user("总编", username="zong")
    Contributor.objects.filter(name="张晓燕").delete()  # so that one name is new
    hands = Hands(desk("bj"))
    page = hands.page

    # The new issue: everything proposed.
    hands.click(button(page, "新建下一期"))
    hands.click(button(page, "刊头"))
    proposed = {
        name: page.locator(f"[name={name}]").input_value()
        for name in ("number", "date", "lunar_date", "responsible_editor")
    }
    assert proposed == {
        "number": "451",
        "date": "2022-08-09",
        "lunar_date": "壬寅年七月十二",
        "responsible_editor": "侯英帅",
    }
    assert page.locator("[name=imprint]").input_value() != ""
    hands.click(button(page, "保存草稿"))

    # The articles: one as Word copies it, one with a photo, all submitted.
    for article in MANUSCRIPTS:
        hands.click(button(page, "写一篇稿件"))
        expect(page.locator("datalist option[value=汪燕盼]").first).to_be_attached()
        assert not page.locator("datalist option[value=张晓燕]").count()
        write_article(hands, article, html=as_word_copies(article) if article.number == 2 else "")
        if article.number == 4:
            add_photo(hands, caption="比赛现场", credit="钱塘 摄", alt="两位棋手对坐")
        hands.click(button(page, "提交审核"))
        expect(page.locator(".messages")).to_contain_text(article.title)
    assert Contributor.objects.filter(name="张晓燕").count() == 1

    # The fourth article becomes the second, by its handle.
    rows = page.locator("#page-reorder-form tbody tr")
    expect(rows).to_have_count(4)
    with page.expect_response("**/set_position/**"):
        handle = rows.nth(3).get_by_role("button").first
        handle.drag_to(rows.nth(1).locator("td").first)
    in_order = [MANUSCRIPTS[place].title for place in (0, 3, 1, 2)]
    page.reload()
    for row, title in zip(rows.all(), in_order, strict=True):
        expect(row).to_contain_text(title)

    # The front page as readers will see it.
    with page.context.expect_page() as opened:
        hands.click(button(page, "预览头版"))
    preview = opened.value
    expect(preview.locator(".story__headline")).to_have_text(
        [full_width(title) for title in in_order]
    )
    expect(preview.locator(".state-label")).to_have_text(["未定稿"] * 4)
    preview.close()
    assert not button(page, "出版…").count()

    # Three people read and sign; the chief editor publishes.
    sign_all(IssuePage.objects.get(number=451))
    chief = Hands(desk("zong"))
    page = chief.page
    chief.click(button(page, "出版…"))
    chief.click(button(page, "立即出版第451期"))
    expect(page.locator(".messages")).to_contain_text("第451期已出版")

    # The readers.
    readers = browser.new_page(base_url=live_server.url)
    for address in ("/", "/451/"):
        readers.goto(address)
        assert readers.locator(".date-line").inner_text().split() == [
            "2022年8月9日",
            "星期二",
            "农历壬寅年七月十二",
            "第451期",
        ]
        for title, headline in zip(
            in_order, readers.locator(".story__headline").all(), strict=True
        ):
            expect(headline).to_have_text(full_width(title))
    for article in ArticlePage.objects.filter(issue__slug="451"):
        manuscript = next(one for one in MANUSCRIPTS if one.title == article.title)
        readers.goto(f"/451/{article.number}/")
        lines = readers.locator(".copy > p:not(.byline), .copy > h2").all_inner_texts()
        assert lines == [full_width(passage.text) for passage in manuscript.body]
        heads = readers.locator(".copy > h2").all_inner_texts()
        assert heads == [one.text for one in manuscript.body if isinstance(one, Crosshead)]
        expect(readers.locator(".byline")).to_have_text(f"（{manuscript.bylines[0].name}）")
    readers.goto("/451/4/")
    picture = readers.locator(".copy img")
    assert picture.get_attribute("alt") == "两位棋手对坐"
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    expect(readers.locator("figcaption")).to_contain_text("比赛现场")
    expect(readers.locator("figcaption")).to_contain_text("钱塘 摄")
    readers.close()


def test_a_public_issue_takes_few_clicks_and_keys(desk, capsys) -> None:
    make_sample()
    make_user("编辑", username="bian")
    make_user("总编", username="zong")
    page = desk("")
    hands = Hands(page)
    hands.click(page.locator("[name=username]"))
    hands.type("bian")
    hands.press("Tab")
    hands.type("x")
    hands.press("Enter")
    hands.click(button(page, "新建下一期"))
    hands.click(button(page, "稿件列表"))
    for article in MANUSCRIPTS:
        hands.click(button(page, "写一篇稿件"))
        write_article(hands, article)
        hands.click(button(page, "提交审核"))
        expect(page.locator(".messages")).to_contain_text(f"《{article.title}》已提交审核")
    sign_all(IssuePage.objects.get(number=451))
    hands.page = page = desk("zong")
    hands.click(button(page, "出版…"))
    hands.click(button(page, "立即出版第451期"))
    expect(page.locator(".messages")).to_contain_text("第451期已出版")

    with capsys.disabled():
        print(f"\n从登录到提交四篇稿件，再到出版，不算审稿：{hands}")
    written = dump_issue(IssuePage.objects.get(number=451, live=True)).articles
    for article, manuscript in zip(written, MANUSCRIPTS, strict=True):
        assert (article.title, article.subhead) == (manuscript.title, manuscript.subhead)
        assert article.body == manuscript.body
        assert article.bylines == manuscript.bylines
    assert hands.clicks <= MOST_CLICKS
    assert hands.keystrokes <= MOST_KEYSTROKES
