"""The screen that tells what differs between two versions of an article."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission
from django.core.files.images import ImageFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.log_actions import log
from wagtail.models import Revision

from accounts.models import User
from articles.models import ArticlePage, Byline
from desk.review.comparing import differences_since_signed, last_read, last_signed
from desk.review.differences import State
from issues.models import IssuePage
from newsroom.models import PressPhoto
from tests.desk.reviewing import change, judge, log_in, make_readers, sign_through, stands
from tests.factories import make_article, make_issue, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def issue() -> IssuePage:
    return make_issue(451)


@pytest.fixture
def article(issue: IssuePage) -> ArticlePage:
    return make_article(issue, "象棋比赛举行", text="7月27日，比赛在建德开赛。\n围绕“一本帐”展开。")


@pytest.fixture
def editor(client: Client, issue: IssuePage) -> User:
    user = make_user("编辑", last_name="陈", first_name="编")
    client.force_login(user)
    return user


def save(article: ArticlePage, by: User | None = None, **fields: Any) -> Revision:
    """Save a further version of an article."""
    latest = ArticlePage.objects.get(pk=article.pk).get_latest_revision_as_object()
    for name, value in fields.items():
        setattr(latest, name, value)
    return latest.save_revision(user=by, log_action=True)


def body(*paragraphs: str) -> list[tuple[str, str]]:
    return [("paragraph", "".join(f"<p>{text}</p>" for text in paragraphs))]


def changes(client: Client, article: ArticlePage, **query: Any) -> BeautifulSoup:
    response = client.get(reverse("desk_changes", args=[article.pk]), query)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def words(screen: BeautifulSoup, tag: str) -> list[str]:
    """The marked texts, without what only a screen reader says and without the legend."""
    for spoken in screen.select(".w-sr-only, .differences__legend"):
        spoken.extract()
    return [element.get_text() for element in screen.select(f".differences {tag}")]


def test_a_changed_character_is_marked_alone(client, article, editor) -> None:
    save(article, editor, body=body("7月27日，比赛在建德开赛。", "围绕“一本账”展开。"))

    screen = changes(client, article)

    assert (words(screen, "del"), words(screen, "ins")) == (["帐"], ["账"])


def test_what_was_removed_and_added_is_also_said(client, article, editor) -> None:
    save(article, editor, title="象棋比赛开赛")

    spoken = changes(client, article).select(".differences del, .differences ins")

    assert "〔删去：举行〕" in [element.get_text() for element in spoken]
    assert "〔加上：开赛〕" in [element.get_text() for element in spoken]


def test_headline_byline_and_copy_are_compared(client, article, editor) -> None:
    latest = article.get_latest_revision_as_object()
    latest.title, latest.bylines = "象棋比赛收官", [Byline(sort_order=0, name="张小燕")]
    latest.save_revision(user=editor)

    screen = changes(client, article)

    assert words(screen, "ins") == ["收官", "小"]
    assert [h.contents[0] for h in screen.select(".differences__part h3")] == [
        "标题",
        "署名",
        "正文",
    ]


def test_everybody_who_saved_in_between_is_named_with_what_they_changed(
    client, article, editor
) -> None:
    colleague = make_user("编辑", last_name="赵", first_name="某")
    save(article, editor, title="新题一")
    save(article, colleague, title="新题一", body=body("全新的正文。"))
    save(article, colleague)

    told = [
        item.get_text(" ", strip=True)
        for item in changes(client, article).select(".changes__between li")
    ]

    assert ["赵某" in line for line in told] == [True, True, False]
    assert "文字没有改" in told[0]
    assert "改了 正文" in told[1].replace("改了正文", "改了 正文")
    assert "改了主题" in told[2].replace("改了 ", "改了")


def test_the_signed_version_is_what_is_compared_with_by_default(client, issue, editor) -> None:
    article = make_article(issue, "定稿的题", signed=True)
    signed = article.get_latest_revision()
    save(article, editor, title="定稿后的题")
    save(article, editor, title="定稿后再改的题")

    assert last_signed(article) == signed
    screen = changes(client, article)
    assert words(screen, "ins") == ["后再改"]


def test_what_is_read_is_what_is_signed_also_when_the_clock_was_put_back(
    client, article, editor
) -> None:
    save(article, body=body("先写的。"))
    last = save(article, body=body("后写的。"))
    Revision.objects.filter(pk=last.pk).update(created_at="2001-01-01T00:00:00Z")

    shown = changes(client, article)

    assert "后写的" in words(shown, "ins")[-1]


def test_without_a_signature_the_first_version_is_compared_with(client, article, editor) -> None:
    save(article, editor, title="改一")
    save(article, editor, title="改二")

    assert last_signed(article) is None
    assert words(changes(client, article), "ins") == ["改二"]
    assert not differences_since_signed(article).any


def test_an_approval_counts_where_nothing_is_signed_off(issue, client) -> None:
    writer, reader = make_user("编辑"), make_user("编辑")
    article = make_article(issue, owner=writer)
    state = article.get_workflow().start(article, writer)
    approved = save(article, reader, title="审过的题")
    state.current_task_state.revision = approved
    state.current_task_state.status = "approved"
    state.current_task_state.save()
    save(article, writer, title="审过又改的题")

    assert last_signed(article) == approved
    rows = [row for part in differences_since_signed(article).parts for row in part.rows]
    assert [row.label for row in rows if row.state is not State.KEPT] == ["主题"]


def test_who_returned_an_article_sees_what_became_of_it_whoever_signed_since(issue) -> None:
    readers = make_readers()
    article = make_article(issue, "退回时的题", owner=readers.writer)
    sign_through(article, readers, steps=2)
    third = log_in(readers.third)
    judge(third, article, "return", comment="题目不准")
    change(article, "改好的题", readers.writer)
    sign_through(article, readers, steps=2)

    screen = third.get(reverse("desk_review", args=[article.pk])).content.decode()

    assert "您上次看过以后的改动" in screen
    assert words(BeautifulSoup(screen, "html.parser"), "ins") == ["改好"]
    assert last_read(stands(article), readers.second) == stands(article).get_latest_revision()


def test_a_signature_for_a_version_that_is_gone_is_passed_over(article, editor) -> None:
    gone = save(article, editor, title="会消失的一稿")
    log(instance=article, action="desk.sign", user=editor, revision=gone)
    save(article, editor, title="又一稿")
    gone.delete()

    assert last_signed(article) is None


def test_two_versions_can_be_chosen(client, article, editor) -> None:
    one = save(article, editor, title="第一改")
    other = save(article, editor, title="第二改")
    save(article, editor, title="第三改")

    screen = changes(client, article, a=one.pk, b=other.pk)

    assert (words(screen, "del"), words(screen, "ins")) == (["一"], ["二"])
    chosen = [option["value"] for option in screen.select("option[selected]")]
    assert chosen == [str(one.pk), str(other.pk)]


def test_versions_the_wrong_way_round_are_said_to_be(client, article, editor) -> None:
    first = article.get_latest_revision()
    later = save(article, editor, title="后来")

    screen = changes(client, article, a=later.pk, b=first.pk)

    assert "反着说" in screen.get_text()


def test_an_article_saved_once_has_no_differences(client, article, editor) -> None:
    assert "都没有改动" in changes(client, article).get_text()


def test_an_article_without_any_version_is_shown_as_stored(client, issue, editor) -> None:
    bare = ArticlePage(title="没存过稿", live=False)
    issue.add_child(instance=bare)

    assert "都没有改动" in changes(client, bare).get_text()


def test_a_deleted_account_is_named_as_such(client, article, editor) -> None:
    leaver = make_user("编辑")
    save(article, leaver, title="离职前改的题")
    save(article, None, title="命令改的题")
    leaver.delete()

    told = changes(client, article).select_one(".changes__between").get_text()

    assert "已删除的账号" in told
    assert "系统" in told


def test_a_picture_deleted_since_is_still_told(client, issue, editor) -> None:
    photo = PressPhoto(title="比赛现场")
    photo.file = ImageFile(picture(), name="a.png")
    photo.save()
    block = {"image": photo, "caption": "比赛现场", "credit": "张三 摄", "alt": ""}
    article = make_article(issue, body=[("photo", block), ("gallery", [block, block])])
    save(article, editor, body=body("图没了。"))
    photo.delete()

    screen = changes(client, article)

    assert "已从图片库删除的图片" in screen.get_text()
    assert words(screen, "del").count("比赛现场") == 3


def picture() -> Any:
    from io import BytesIO

    from PIL import Image

    file = BytesIO()
    Image.new("RGB", (4, 4)).save(file, "PNG")
    file.seek(0)
    return file


def test_copy_is_shown_as_text_and_not_as_markup(client, article, editor) -> None:
    save(article, editor, title="<script>alert(1)</script>", kicker="\u202e倒")

    page = client.get(reverse("desk_changes", args=[article.pk])).content.decode()

    assert "<script>alert(1)" not in page
    assert "\u202e" not in page


# Wagtail's own comparison


@pytest.mark.parametrize(
    "names", [("earliest", "latest"), ("live", "latest"), ("earliest", "live")]
)
def test_wagtails_comparison_is_ours(names, client, issue, editor) -> None:
    article = make_article(issue, "定稿的题", signed=True)
    save(article, editor, title="定稿后的题")

    response = client.get(
        reverse("wagtailadmin_pages:revisions_compare", args=[article.pk, *names])
    )

    assert response.status_code == 200
    added = [] if names[1] == "live" else ["后"]
    assert words(BeautifulSoup(response.content, "html.parser"), "ins") == added


def test_wagtails_comparison_takes_the_keys_of_versions(client, article, editor) -> None:
    one, other = article.get_latest_revision(), save(article, editor, title="新题")

    url = reverse("wagtailadmin_pages:revisions_compare", args=[article.pk, one.pk, other.pk])

    assert words(BeautifulSoup(client.get(url).content, "html.parser"), "ins") == ["新题"]


def test_the_comparison_of_issues_stays_wagtails(client, issue, editor) -> None:
    url = reverse("wagtailadmin_pages:revisions_compare", args=[issue.pk, "earliest", "latest"])

    assert client.get(url).status_code == 200


# Who, and what else is asked


@pytest.mark.parametrize("role", ["编辑", "责任编辑", "总编"])
def test_those_who_edit_see_the_changes(role, client, article) -> None:
    client.force_login(make_user(role))

    assert client.get(reverse("desk_changes", args=[article.pk])).status_code == 200


@pytest.mark.parametrize("name", ["desk_changes", "wagtail"])
def test_others_do_not(name, client, article) -> None:
    url = (
        reverse("desk_changes", args=[article.pk])
        if name == "desk_changes"
        else reverse(
            "wagtailadmin_pages:revisions_compare", args=[article.pk, "earliest", "latest"]
        )
    )
    assert "/admin/login/" in client.get(url)["Location"]
    nobody = make_user()
    nobody.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(nobody)
    refused = client.get(url)
    assert refused.status_code in (302, 403)
    assert b"differences" not in refused.content


@pytest.mark.parametrize(
    "name",
    [
        "0",
        "-1",
        "abc",
        "1.5",
        "\0",
        "９",
        "9" * 18,
        "9" * 19,
        "9" * 10_000,
        "live'--",
        "耳" * 10_000,
    ],
)
@pytest.mark.parametrize("which", ["a", "b"])
def test_a_version_that_is_not_there_is_not_found(which, name, client, article, editor) -> None:
    response = client.get(reverse("desk_changes", args=[article.pk]), {which: name})

    assert response.status_code == 404


def test_a_version_of_another_article_is_not_found(client, issue, article, editor) -> None:
    other = make_article(issue, "别的稿件")
    key = other.get_latest_revision().pk

    response = client.get(reverse("desk_changes", args=[article.pk]), {"b": key})

    assert response.status_code == 404


@pytest.mark.parametrize("key", [0, 999_999, 10**30])
def test_an_article_that_is_not_there_is_not_found(key, client, article, editor) -> None:
    assert client.get(f"/admin/desk/articles/{key}/changes/").status_code == 404


def test_an_issue_is_no_article(client, issue, editor) -> None:
    assert client.get(reverse("desk_changes", args=[issue.pk])).status_code == 404


def test_many_versions_cost_no_more_queries(client, article, editor) -> None:
    save(article, editor, title="先热身")
    changes(client, article)
    first = article.revisions.order_by("pk").first()

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            changes(client, article, a=first.pk)
        return len(caught)

    before = queries()
    people = [make_user("编辑") for _ in range(4)]
    for number in range(20):
        save(article, people[number % 4], title=f"第{number}改")

    assert queries() == before


def test_old_versions_beyond_the_list_are_counted(client, article, editor) -> None:
    first = article.get_latest_revision()
    for number in range(70):
        save(article, editor, title=f"第{number}改")

    screen = changes(client, article, a=first.pk)

    assert len(screen.select("select#changes-a option")) == 61
    assert "更早的10稿" in screen.get_text()
