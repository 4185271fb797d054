"""Every door of the admin, tried by every role on every kind of page, and told by what it changed.

A door is allowed or refused by its effect on the database, not by its status code: each attempt is
a real request, and a refused one must leave everything a reader could notice as it was.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.test import Client, TestCase
from django.urls import reverse
from django.utils import timezone
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import (
    Page,
    PageLogEntry,
    PageViewRestriction,
    Revision,
    TaskState,
    WorkflowState,
)

from accounts.models import User
from articles.models import ArticlePage, Correction
from desk.importing.models import Import
from desk.importing.working import begin_import
from desk.models import PageUpload, ProofMark
from desk.review.approving import approve
from desk.review.signatures import digest_of
from desk.review.signing import SIGN
from desk.review.submitting import submit_article
from interchange.readers.layout import read_layout
from issues.folio_pages import store_pdf, version_of
from issues.models import Folio, IssuePage, NewspaperPage, PreviewLink
from newsroom.models import PressPhoto
from tests import factories, forms

ROLES = ("访客", "无角色", "编辑", "责任编辑", "总编", "管理员")
EDITOR, REVIEWER, CHIEF, ADMIN = ROLES[2:]

PAPER, EMPTY, DRAFT, PUBLIC = "报纸", "空白期", "未出版期", "已出版期"
DRAFT_ARTICLE, SIGNED_ARTICLE, PUBLIC_ARTICLE = "草稿", "定稿", "见报稿"
OBJECTS = (PAPER, EMPTY, DRAFT, PUBLIC, DRAFT_ARTICLE, SIGNED_ARTICLE, PUBLIC_ARTICLE)
ISSUES = (EMPTY, DRAFT, PUBLIC)
ARTICLES = (DRAFT_ARTICLE, SIGNED_ARTICLE, PUBLIC_ARTICLE)

DOC = settings.BASE_DIR / "docs" / "doors.md"
SOON = "2099-01-01 08:00"
PASTED = "先进集体受表彰\n\n8月1日,市总工会表彰先进。\n\n(张三)"


@dataclass(frozen=True)
class Attempt:
    """One try at a door: who knocks, with what, at which page."""

    client: Client
    page: Page
    case: DoorsTest

    def post(self, name: str, *args: object, query: str = "", **data: object) -> None:
        self.client.post(reverse(name, args=args) + query, data)

    def edit(self, **changes: str) -> None:
        """Post the page's real edit form, which an attacker knows too, with ``changes``."""
        data = {**self.case.form(self.page), **changes}
        self.post("wagtailadmin_pages:edit", self.page.pk, **data)

    def add(self, **changes: str) -> None:
        """Post a new child page."""
        if isinstance(self.page, NewspaperPage):
            model, data = IssuePage, forms.new_issue(999, "2030-01-01", self.case.imprint.pk)
        else:
            model, data = ArticlePage, forms.new_article()
        self.client.post(forms.add_url(self.page, model), {**data, **changes})

    def bulk(self, action: str, **data: object) -> None:
        self.client.post(
            reverse("wagtail_bulk_action", args=["wagtailcore", "page", action])
            + f"?id={self.page.pk}",
            {"include_descendants": "on", **data},
        )

    def api(self, action: str, **data: object) -> None:
        """Use the JSON actions that Wagtail's admin has beside its screens."""
        self.post("wagtailadmin_api:pages:action", self.page.pk, action, **data)

    def issue(self, act: str) -> None:
        self.post("issue_publish", self.page.pk, act=act, at=SOON)


Way = Callable[[Attempt], None]
SMUGGLED = {"go_live_at": SOON, "expire_at": SOON}


def edit_smuggling_a_schedule(t: Attempt) -> None:
    t.edit(**SMUGGLED)


def publish_from_the_editor(t: Attempt) -> None:
    t.edit(**{"action-publish": "1"}, **SMUGGLED)


def revert(t: Attempt) -> None:
    t.post(
        "wagtailadmin_pages:revisions_revert",
        t.page.pk,
        t.page.revisions.earliest("pk").pk,
        **t.case.form(t.page),
    )


def revert_by_api(t: Attempt) -> None:
    t.api("revert_to_page_revision", revision_id=t.page.revisions.earliest("pk").pk)


def revert_and_publish(t: Attempt) -> None:
    data = {**t.case.form(t.page), "action-publish": "1"}
    earliest = t.page.revisions.earliest("pk").pk
    t.post("wagtailadmin_pages:revisions_revert", t.page.pk, earliest, **data)


def copy(t: Attempt, **data: str) -> None:
    t.post(
        "wagtailadmin_pages:copy",
        t.page.pk,
        new_title="副本",
        new_slug="997",
        new_parent_page=t.page.get_parent().pk,
        copy_subpages="on",
        publish_copies="on",
        **data,
    )


def copy_by_api(t: Attempt) -> None:
    t.api("copy", recursive="true", keep_live="true", slug="998")


def alias(t: Attempt) -> None:
    copy(t, alias="on")


def alias_by_api(t: Attempt) -> None:
    t.api("create_alias", recursive="true", update_slug="996")


def convert_alias_of(t: Attempt) -> None:
    t.post("wagtailadmin_pages:convert_alias", t.page.pk)


def translate_by_api(t: Attempt) -> None:
    t.api("copy_for_translation", locale="en", recursive="true", copy_parents="true")


def move(t: Attempt) -> None:
    t.post("wagtailadmin_pages:move_confirm", t.page.pk, t.case.elsewhere_for(t.page).pk)


def move_in_bulk(t: Attempt) -> None:
    t.bulk("move", chooser=t.case.elsewhere_for(t.page).pk)


def move_by_api(t: Attempt) -> None:
    t.api("move", destination_page_id=t.case.elsewhere_for(t.page).pk)


def reorder_by_api(t: Attempt) -> None:
    other = t.page.get_siblings(inclusive=False).first() or t.page.get_parent()
    t.api("move", destination_page_id=other.pk, position="left")


def drag(t: Attempt) -> None:
    siblings = list(t.page.get_siblings().values_list("pk", flat=True))
    to = 0 if siblings.index(t.page.pk) else len(siblings) - 1
    t.post("wagtailadmin_pages:set_page_position", t.page.pk, query=f"?position={to}")


def place_by_form(t: Attempt) -> None:
    t.edit(folio="7", prominence="lead")


def hold_over(t: Attempt) -> None:
    t.post("article_hold_over", t.page.pk, issue=t.case.elsewhere.pk)


def finish_an_import(t: Attempt) -> None:
    for importing in Import.objects.filter(issue=t.page.pk):
        t.post("desk_import_review", importing.pk, act="take-in", seen="1")


def bring_in(t: Attempt) -> None:
    t.post("desk_import", t.page.pk, text=PASTED)
    finish_an_import(t)


def send_a_page(t: Attempt) -> None:
    file = SimpleUploadedFile("1.png", b"\x89PNG\r\n\x1a\n")
    t.post("desk_folios", t.page.pk, act="page-1", **{"file-1": file})


def take_a_page_away(t: Attempt) -> None:
    t.post("desk_folios", t.page.pk, act="remove-1")


def draw_areas(t: Attempt) -> None:
    folio = Folio.objects.filter(issue=t.page.pk, number=1).first() or Folio()
    t.post("desk_folio_areas", t.page.pk, 1, seen=version_of(folio), rows="0")


def submit_for_review(t: Attempt) -> None:
    t.edit(**{"action-submit": "1"}, kicker="改过的引题")


def decide_on_the_page(t: Attempt, verdict: str) -> None:
    seen = digest_of(t.page.get_latest_revision())
    t.post("desk_review", t.page.pk, seen=seen, verdict=verdict, comment="请核对")


def decide(t: Attempt, action: str) -> None:
    task_state = t.page.current_workflow_task_state
    number = task_state.pk if task_state else 0
    data = {"comment": "请核对", "next": ""}
    t.post("wagtailadmin_pages:workflow_action", t.page.pk, action, number, **data)


def decide_in_editor(t: Attempt, action: str) -> None:
    t.edit(
        **{"action-workflow-action": "true", "workflow-action-name": action},
        **{"workflow-action-extra-data": '{"comment": "请核对"}'},
        title=t.page.get_latest_revision_as_object().title,
    )


def lock(t: Attempt) -> None:
    t.post("wagtailadmin_pages:lock", t.page.pk)


def unlock(t: Attempt) -> None:
    t.post("wagtailadmin_pages:unlock", t.page.pk)


def restrict(t: Attempt) -> None:
    t.post("wagtailadmin_pages:set_privacy", t.page.pk, restriction_type="login")


def unschedule_revision(t: Attempt) -> None:
    revision = t.page.latest_revision_id
    t.post("wagtailadmin_pages:revisions_unschedule", t.page.pk, revision)


def correct(t: Attempt) -> None:
    said = {"kind": "correction", "text": "特此更正。", "date": timezone.localdate().isoformat()}
    t.post("article_correct", t.page.pk, **said)


def withdraw(t: Attempt, act: str) -> None:
    t.post("article_withdraw", t.page.pk, act=act, reason="事实有误。")


# What has to be so before a door makes sense.


def in_review(page: Page, case: DoorsTest, *, signed: int = 0) -> None:
    """A colleague has changed the page and handed it in, where it can be; so many have signed."""
    page.title += "（改）"
    page.save_revision(user=case.colleague)
    if page.get_workflow():
        submit_article(article=page, by=case.colleague)
        for reader in case.readers[:signed]:
            step = ArticlePage.objects.get(pk=page.pk).current_workflow_task_state
            approve(task_state=step, by=reader)


in_second_review = partial(in_review, signed=1)
in_third_review = partial(in_review, signed=2)


def locked(page: Page, case: DoorsTest) -> None:
    Page.objects.filter(pk=page.pk).update(
        locked=True, locked_by=case.colleague, locked_at=timezone.now()
    )


def revision_scheduled(page: Page, case: DoorsTest) -> None:
    later = timezone.now() + datetime.timedelta(days=1)
    Revision.objects.filter(pk=page.latest_revision_id).update(approved_go_live_at=later)


def import_begun(page: Page, case: DoorsTest) -> None:
    if isinstance(page, IssuePage):
        galley = read_layout(PASTED)
        begin_import(issue=page, by=case.users[ADMIN], galley=galley, title="粘贴", source=PASTED)


def page_kept(page: Page, case: DoorsTest) -> None:
    if isinstance(page, IssuePage):
        picture = PressPhoto.objects.filter(title="版面").first() or PressPhoto.objects.create(
            title="版面", file=get_test_image_file(size=(40, 60))
        )
        areas = [{"article": 1, "polygon": "1,1 9,1 9,9"}]
        kept = {"page_pdf": "pages/1.pdf", "page_image": picture, "hot_areas": areas}
        Folio.objects.update_or_create(issue=page, number=1, defaults=kept)


def shared(page: Page, case: DoorsTest) -> None:
    if isinstance(page, IssuePage):
        now = timezone.now()
        until = now + datetime.timedelta(days=1)
        page.preview_links.create(made_by=case.colleague, made_at=now, until=until)


def timer_set(page: Page, case: DoorsTest) -> None:
    later = timezone.now() + datetime.timedelta(days=1)
    IssuePage.objects.filter(pk=page.pk).update(publish_at=later, publish_by=case.colleague)


def withdrawn(page: Page, case: DoorsTest) -> None:
    printed = ArticlePage.objects.filter(pk=page.pk, live=True, issue__live=True)
    printed.update(withdrawn_at=timezone.now())


@dataclass(frozen=True)
class Door:
    """A thing one can do to a page, all the ways to it, and from which role up it is open."""

    name: str
    english: str
    changes: str  # the aspect of the newsroom's state that shows whether it happened
    ways: tuple[Way, ...]
    # page → lowest role, or the very roles; absent: nobody
    open_from: dict[str, str | tuple[str, ...]] = field(default_factory=dict)
    before: Callable[[Page, DoorsTest], None] | None = None
    asks: str = ""  # what permissions_for_user() calls it
    falls_back: bool = False  # Wagtail saves a draft where the user may do that much


def each(*pages: str, role: str | tuple[str, ...]) -> dict[str, str | tuple[str, ...]]:
    return dict.fromkeys(pages, role)


def deciding(action: str, verdict: str) -> tuple[Way, ...]:
    """Return the ways to say what a reader thinks: in a list, in the editor, on their own page."""
    return (
        lambda t: decide(t, action),
        lambda t: decide_in_editor(t, action),
        lambda t: decide_on_the_page(t, verdict),
    )


EDITABLE = {PAPER: ADMIN, **each(EMPTY, DRAFT, *ARTICLES, role=EDITOR), PUBLIC: CHIEF}
PLACEABLE = {DRAFT_ARTICLE: EDITOR, SIGNED_ARTICLE: EDITOR, PUBLIC_ARTICLE: CHIEF}

EDIT = Door("编辑", "save a draft", "drafts", (lambda t: t.edit(),), EDITABLE, asks="can_edit")
NEW = Door(
    "新建",
    "add an issue to the paper, an article to an issue",
    "tree",
    (lambda t: t.add(),),
    each(PAPER, *ISSUES, role=EDITOR),
    asks="can_add_subpage",
)
DOORS = (
    EDIT,
    NEW,
    Door("导入", "make articles of what was pasted or uploaded, also of a colleague's import",
         "tree", (bring_in, finish_an_import), each(*ISSUES, role=EDITOR), before=import_begun),
    Door("恢复旧稿", "bring back an older revision, as a draft", "drafts",
         (revert, revert_by_api), EDITABLE),
    Door("调整版面", "order articles, choose their folio", "placement",
         (drag, place_by_form), PLACEABLE, falls_back=True),
    Door("版面图", "keep a printed page, or take it away", "pages",
         (send_a_page, take_a_page_away, draw_areas),
         {**each(EMPTY, DRAFT, role=EDITOR), PUBLIC: CHIEF},
         before=page_kept),
    Door("转期", "hold over to another issue", "tree", (hold_over,), {DRAFT_ARTICLE: EDITOR}),
    Door("提交审核", "hand in for review", "review",
         (submit_for_review,), each(*ARTICLES, role=EDITOR), falls_back=True),
    Door("取消审核", "take a colleague's article out of review, while it is with one", "review",
         (lambda t: t.edit(**{"action-cancel-workflow": "1"}),),
         each(*ARTICLES, role=(REVIEWER, ADMIN)), before=in_second_review, falls_back=True),
    Door("退回修改", "send back from review (here the second)", "review",
         deciding("reject", "return"),
         each(*ARTICLES, role=(REVIEWER, ADMIN)), before=in_second_review, falls_back=True),
    Door("一审", "give the first signature", "review", deciding("approve", "approve"),
         each(*ARTICLES, role=(EDITOR, ADMIN)), before=in_review, falls_back=True),
    Door("二审", "give the second signature", "review", deciding("approve", "approve"),
         each(*ARTICLES, role=(REVIEWER, ADMIN)), before=in_second_review, falls_back=True),
    Door("三审", "give the third signature, which makes it 定稿", "live",
         deciding("approve", "approve"),
         each(*ARTICLES, role=(CHIEF, ADMIN)), before=in_third_review, falls_back=True),
    Door("校次", "tick a round of proof-reading", "proofs",
         (lambda t: t.post("desk_proof", t.page.pk, round="1"),), each(*ARTICLES, role=EDITOR)),
    Door("撤回定稿", "take a signature back", "live",
         (lambda t: t.post("desk_recall", t.page.pk),), {SIGNED_ARTICLE: REVIEWER}),
    Door("出版", "publish the issue (again: its corrected masthead)", "live",
         (lambda t: t.issue("publish_without"),), each(DRAFT, PUBLIC, role=CHIEF)),
    Door("分享预览", "make a link for somebody without an account", "previews",
         (lambda t: t.post("issue_share", t.page.pk, act="share", days="3"),),
         each(EMPTY, DRAFT, role=EDITOR)),
    Door("收回预览", "end the links to the issue", "previews",
         (lambda t: t.post("issue_share", t.page.pk, act="revoke_all"),),
         {**each(EMPTY, DRAFT, role=EDITOR), PUBLIC: CHIEF}, before=shared),
    Door("定时出版", "set the timer", "schedule",
         (lambda t: t.issue("schedule_without"),), {DRAFT: CHIEF}),
    Door("取消定时", "stop the timer", "schedule",
         (lambda t: t.issue("unschedule"),), each(*ISSUES, role=CHIEF), before=timer_set),
    Door("撤下", "take the issue back from the readers", "live",
         (lambda t: t.issue("unpublish"), lambda t: t.issue("undo")), {PUBLIC: CHIEF}),
    Door("更正", "add a correction to what was printed", "corrections", (correct,),
         {PUBLIC_ARTICLE: REVIEWER}, asks="can_correct"),
    Door("撤稿", "withdraw what was printed", "withdrawals", (lambda t: withdraw(t, "withdraw"),),
         {PUBLIC_ARTICLE: CHIEF}, asks="can_withdraw"),
    Door("恢复见报", "give a withdrawn article back to the readers", "withdrawals",
         (lambda t: withdraw(t, "reinstate"),), {PUBLIC_ARTICLE: CHIEF}, before=withdrawn),
    Door("锁定", "lock for others", "locks", (lock,),
         {PAPER: ADMIN, **each(*ISSUES, *ARTICLES, role=REVIEWER)}, asks="can_lock"),
    Door("解锁", "open a colleague's lock", "locks", (unlock,),
         {PAPER: ADMIN, **each(*ISSUES, *ARTICLES, role=CHIEF)}, before=locked),
    Door("删除", "delete", "tree",
         (lambda t: t.post("wagtailadmin_pages:delete", t.page.pk),
          lambda t: t.bulk("delete"), lambda t: t.api("delete")),
         {PAPER: ADMIN, EMPTY: EDITOR, DRAFT: ADMIN, PUBLIC: ADMIN,
          DRAFT_ARTICLE: EDITOR, SIGNED_ARTICLE: ADMIN, PUBLIC_ARTICLE: ADMIN},
         asks="can_delete"),
    Door("Wagtail发布", "Wagtail's own publish: editor, revision, bulk, API", "live",
         (publish_from_the_editor, revert_and_publish,
          lambda t: t.bulk("publish"), lambda t: t.api("publish")),
         each(PAPER, *ISSUES, role=ADMIN), asks="can_publish", falls_back=True),
    Door("新建即发布", "Wagtail's publish on creation", "live",
         (lambda t: t.add(**{"action-publish": "1"}, **SMUGGLED),),
         {PAPER: ADMIN}, asks="can_publish_subpage", falls_back=True),
    Door("Wagtail撤下", "Wagtail's own unpublish: screen, bulk, API", "live",
         (lambda t: t.post("wagtailadmin_pages:unpublish", t.page.pk, include_descendants="on"),
          lambda t: t.bulk("unpublish"), lambda t: t.api("unpublish", recursive="true")),
         each(PAPER, PUBLIC, role=ADMIN), asks="can_unpublish"),
    Door("Wagtail定时", "go-live and expiry smuggled into the form", "schedule",
         (edit_smuggling_a_schedule,), {}, falls_back=True),
    Door("取消Wagtail定时", "unschedule a revision", "schedule", (unschedule_revision,),
         each(*OBJECTS, role=ADMIN), before=revision_scheduled, asks="can_unschedule"),
    Door("阅读权限", "restrict who may read", "privacy", (restrict,),
         each(*OBJECTS, role=ADMIN), asks="can_set_view_restrictions"),
    Door("复制", "copy, also live and with all below", "tree",
         (copy, copy_by_api, translate_by_api), {}, asks="can_copy"),
    Door("别名", "alias, and turning one into a page", "tree",
         (alias, alias_by_api, convert_alias_of), {}),
    Door("移动", "move in the tree, also among siblings by API", "tree",
         (move, move_in_bulk, move_by_api, reorder_by_api), {}, asks="can_move"),
)  # fmt: skip


class DoorsTest(TestCase):
    """The newsroom with a page of every kind, and someone of every role."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.imprint = factories.make_imprint()
        public = factories.make_public_issue(450, articles=2)
        draft = factories.make_issue(451)
        cls.elsewhere = factories.make_issue(453)
        cls.pks = {
            PAPER: NewspaperPage.objects.get().pk,
            EMPTY: factories.make_issue(452).pk,
            DRAFT: draft.pk,
            PUBLIC: public.pk,
            DRAFT_ARTICLE: factories.make_article(draft, "草稿").pk,
            SIGNED_ARTICLE: factories.make_article(draft, "定稿", signed=True).pk,
            PUBLIC_ARTICLE: public.get_children().first().pk,
        }
        for pk in cls.pks.values():
            Page.objects.get(pk=pk).specific.save_revision()
        cls.colleague = factories.make_user(EDITOR, username="同事")
        cls.readers = [
            factories.make_user(role, username=f"审稿的{role}")
            for role in (EDITOR, REVIEWER, CHIEF)
        ]
        cls.users = {
            role: None if role == "访客" else factories.make_user(
                role if role in (EDITOR, REVIEWER, CHIEF) else "",
                username=role,
                is_superuser=role == ADMIN,
            )
            for role in ROLES
        }  # fmt: skip
        admin = Client()
        admin.force_login(cls.users[ADMIN])
        cls.forms = {
            pk: forms.edit_form(admin, Page.objects.get(pk=pk).specific) for pk in cls.pks.values()
        }

    def setUp(self) -> None:
        self.clients: dict[str, Client] = {}
        for role in ROLES:
            self.client_of(role)
        self.at_rest = self.state()

    @pytest.mark.one_database
    def test_every_door_is_open_to_exactly_the_roles_of_the_table(self) -> None:
        wrong = [
            f"{door.name} ({way + 1}): {role} at {page} changed {changed or 'nothing'}"
            for role in ROLES
            for door in DOORS
            for way in range(len(door.ways))
            for page in OBJECTS
            for changed in [self.tries(role, door, way, page)]
            if (door.changes in changed) is not opens(door, role, page)
            or (not opens(door, role, page) and not changed <= spared(door, role, page))
        ]

        assert wrong == []

    def test_permissions_say_the_same_as_the_doors(self) -> None:
        wrong = [
            f"{door.asks}: {role} at {page}"
            for role in ROLES
            for door in DOORS
            for page in OBJECTS
            if door.asks and self.asked(role, door.asks, page) is not opens(door, role, page)
        ]

        assert wrong == []

    def test_the_base_page_and_the_specific_one_answer_alike(self) -> None:
        chief = self.users[CHIEF]
        for pk in self.pks.values():
            base = Page.objects.get(pk=pk)
            assert type(base.permissions_for_user(chief)) is type(
                base.specific.permissions_for_user(chief)
            )

    def test_someone_who_left_the_paper_opens_no_door(self) -> None:
        left = factories.make_user(CHIEF, username="离职", is_active=False, is_superuser=True)
        opened = [
            f"{door.asks} {page}"
            for door in DOORS
            for page, pk in self.pks.items()
            if door.asks and _asked(Page.objects.get(pk=pk), left, door.asks)
        ]

        assert opened == []

    def test_nobody_copies_or_moves_to_any_place(self) -> None:
        for role in ROLES:
            user = self.users[role] or AnonymousUser()
            for page in map(self.page, OBJECTS):
                doors = page.permissions_for_user(user)
                assert not doors.can_copy_to(page.get_parent())
                assert not doors.can_move_to(self.elsewhere)

    def test_nobody_but_the_admin_deletes_an_issue_that_was_ever_public(self) -> None:
        IssuePage.objects.filter(pk=self.pks[PUBLIC]).update(live=False)

        assert self.who_deletes(PUBLIC) == {ADMIN}

    def test_only_the_chief_editor_deletes_an_issue_with_unsigned_articles(self) -> None:
        ArticlePage.objects.get(pk=self.pks[SIGNED_ARTICLE]).delete()

        assert self.who_deletes(DRAFT) == {CHIEF, ADMIN}

    def test_a_selection_of_everything_publishes_and_deletes_nothing_public(self) -> None:
        client = self.client_of(CHIEF)
        before = self.state()
        public = set(Page.objects.live().values_list("pk", flat=True))

        for action in ("publish", "unpublish", "move"):
            client.post(
                reverse("wagtail_bulk_action", args=["wagtailcore", "page", action])
                + f"?id=all&childOf={self.pks[PAPER]}",
                {"include_descendants": "on", "chooser": self.elsewhere.pk},
            )
        assert self.state() == before

        client.post(
            reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"])
            + f"?id=all&childOf={self.pks[PAPER]}",
        )
        assert set(Page.objects.live().values_list("pk", flat=True)) == public

    def test_bulk_actions_by_the_name_of_our_own_models_lead_nowhere(self) -> None:
        client = self.client_of(ADMIN)
        client.raise_request_exception = False
        before = self.state()
        for model in ("issues/issuepage", "articles/articlepage"):
            answer = client.post(f"/admin/bulk/{model}/delete/?id={self.pks[PUBLIC]}")
            assert answer.status_code == 404
        assert self.state() == before

    def test_the_pdf_of_a_page_that_is_not_out_is_for_the_newsroom_alone(self) -> None:
        pdf = b"%PDF-1.4"
        for name in (DRAFT, PUBLIC):
            stored = store_pdf(issue=self.page(name), number=1, data=pdf)
            Folio.objects.update_or_create(
                issue_id=self.pks[name], number=1, defaults={"page_pdf": stored}
            )
            address = reverse("desk_folio_pdf", args=[self.pks[name], 1])
            got = {}
            for role in ROLES:
                answer = self.client_of(role).get(address)
                got[role] = answer.status_code
                if got[role] == 200:
                    assert b"".join(answer.streaming_content) == pdf
                    assert answer["Cache-Control"].startswith("private, no-store")
            assert got == dict(zip(ROLES, (302, 302, 200, 200, 200, 200), strict=True)), name
        chief = self.client_of(CHIEF)
        for issue, folio in ((self.pks[DRAFT], 7), (self.pks[DRAFT_ARTICLE], 1), (99_999, 1)):
            address = reverse("desk_folio_pdf", args=[issue, folio])
            assert chief.get(address).status_code == 404
            assert chief.post(address).status_code == 405

    def test_wagtails_public_api_is_not_there(self) -> None:
        for address in ("/api/v2/", "/api/v2/pages/", "/api/v1/pages/", "/api/main/pages/"):
            assert self.client.get(address).status_code == 404

    def test_wagtails_timer_finds_nothing_to_publish_or_expire(self) -> None:
        self.tries_and_keeps(ADMIN, edit_smuggling_a_schedule, SIGNED_ARTICLE)

        assert not Page.objects.exclude(go_live_at=None, expire_at=None).exists()
        assert not Revision.objects.exclude(approved_go_live_at=None).exists()

    def test_an_issue_published_by_its_own_door_is_seen_by_readers(self) -> None:
        self.tries_and_keeps(CHIEF, lambda t: t.issue("publish_without"), DRAFT)

        assert self.client.get("/451/").status_code == 200
        assert self.client.get("/451/1/").status_code == 404
        assert self.client.get("/451/2/").status_code == 200

    def test_the_document_shows_the_table_that_is_tested(self) -> None:
        assert as_markdown() in DOC.read_text("utf-8")

    # How an attempt is made and told.

    def tries(self, role: str, door: Door, way: int, page: str) -> set[str]:
        """Try, see which aspects of the newsroom changed, and undo."""
        with undone():
            if door.before:
                door.before(self.page(page), self)
            before = self.state() if door.before else self.at_rest
            door.ways[way](Attempt(self.client_of(role), self.page(page), self))
            after = self.state()
            assert unsigned_in_public() == [], f"{door.name} ({way + 1}): {role} at {page}"
        return {aspect for aspect in after if after[aspect] != before[aspect]}

    def tries_and_keeps(self, role: str, way: Way, page: str) -> None:
        way(Attempt(self.client_of(role), self.page(page), self))

    def page(self, name: str) -> Page:
        return Page.objects.get(pk=self.pks[name]).specific

    def who_deletes(self, page: str) -> set[str]:
        self.at_rest = self.state()
        door = next(door for door in DOORS if door.name == "删除")
        return {
            role
            for role in ROLES
            for way in range(len(door.ways))
            if "tree" in self.tries(role, door, way, page)
        }

    def asked(self, role: str, name: str, page: str) -> bool:
        user = self.users[role] or AnonymousUser()
        return _asked(self.page(page), user, name)

    def client_of(self, role: str) -> Client:
        if role not in self.clients:
            self.clients[role] = Client()
            if user := self.users[role]:
                self.clients[role].force_login(User.objects.get(pk=user.pk))
        return self.clients[role]

    def form(self, page: Page) -> dict[str, str]:
        """Return the real form of a page, as somebody has it who has just opened it."""
        latest = page.get_latest_revision()
        return {
            **self.forms[page.pk],
            "loaded_revision_id": str(latest.pk),
            "loaded_revision_created_at": latest.created_at.isoformat(),
        }

    def elsewhere_for(self, page: Page) -> Page:
        """Return a place that Wagtail's rules would let the page go."""
        return self.elsewhere if isinstance(page, ArticlePage) else page.get_parent()

    @staticmethod
    def state() -> dict[str, object]:
        """Everything that a door could change, by aspect."""
        pages = Page.objects.order_by("pk")
        scheduled = pages.exclude(go_live_at=None, expire_at=None).values_list("pk", flat=True)
        timers = IssuePage.objects.exclude(publish_at=None).order_by("pk").values_list("pk")
        approved = Revision.objects.exclude(approved_go_live_at=None).values_list("pk", flat=True)
        reviews = WorkflowState.objects.order_by("pk").values_list("pk", "status")
        tasks = TaskState.objects.order_by("pk").values_list("pk", "status")
        placed = ArticlePage.objects.order_by("path")
        return {
            "tree": list(pages.values_list("pk", "depth", "url_path", "slug", "alias_of")),
            "live": list(pages.live().values_list("pk", "live_revision")),
            "drafts": list(Revision.objects.order_by("pk").values_list("pk", "created_at")),
            "placement": list(placed.values_list("pk", "folio", "prominence", "section")),
            "schedule": [list(scheduled), list(timers), list(approved)],
            "review": [list(reviews), list(tasks)],
            "pages": [
                list(PageUpload.objects.values_list("issue", "folio")),
                list(Folio.objects.exclude(page_pdf="").values_list("issue", "number")),
                list(Folio.objects.values_list("issue", "number", "hot_areas")),
            ],
            "previews": list(PreviewLink.objects.open().values_list("pk", flat=True)),
            "proofs": list(ProofMark.objects.values_list("article", "round")),
            "corrections": list(Correction.objects.values_list("article", "text")),
            "withdrawals": list(placed.withdrawn().values_list("pk", flat=True)),
            "locks": list(pages.filter(locked=True).values_list("pk", flat=True)),
            "privacy": list(PageViewRestriction.objects.values_list("page", "restriction_type")),
        }


def opens(door: Door, role: str, page: str) -> bool:
    to = door.open_from.get(page)
    if isinstance(to, tuple):
        return role in to
    return to is not None and ROLES.index(role) >= ROLES.index(to)


def unsigned_in_public() -> list[str]:
    """Return the articles that readers get in a text which carries no record of signatures."""
    signed = PageLogEntry.objects.filter(action=SIGN, page=OuterRef("pk")).filter(
        revision=OuterRef("live_revision")
    )
    return list(
        ArticlePage.objects.filter(live=True, issue__live=True)
        .exclude(Exists(signed))
        .values_list("title", flat=True)
    )


def spared(door: Door, role: str, page: str) -> set[str]:
    """Return what a refused attempt may leave behind: a draft, where the user may make one."""
    if not door.falls_back:
        return set()
    if door.asks == "can_publish_subpage":
        return {"tree", "placement", "drafts"} if opens(NEW, role, page) else set()
    return {"drafts"} if opens(EDIT, role, page) else set()


def _asked(page: Page, user: object, name: str) -> bool:
    """Ask the page's permissions; a kind of page that knows no such thing says no."""
    return bool(getattr(page.permissions_for_user(user), name, lambda: False)())


@contextmanager
def undone() -> Iterator[None]:
    """Take back what happens inside."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def as_markdown() -> str:
    """Write the table out: doors down, roles across, in each field the pages it is open for."""
    rows = [
        "| 门 Door | " + " | ".join(ROLES) + " |",
        "|---" * (len(ROLES) + 1) + "|",
        *(
            f"| {door.name} <br>{door.english} | "
            + " | ".join(_pages_open(door, role) for role in ROLES)
            + " |"
            for door in DOORS
        ),
    ]
    return "\n".join(rows)


def _pages_open(door: Door, role: str) -> str:
    pages = [page for page in OBJECTS if opens(door, role, page)]
    if not pages:
        return "—"
    if len(pages) == len(OBJECTS):
        return "全部"
    groups = ((ISSUES, "各期"), (ARTICLES, "各稿"))
    told = "、".join(pages)
    for group, name in groups:
        told = told.replace("、".join(group), name)
    return told
