"""Set the newsroom up: the root of the paper, the three roles, the review, the first admin."""

from __future__ import annotations

import secrets
from collections.abc import Set
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import (
    Collection,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    PageLogEntry,
    Site,
    Task,
    Workflow,
    WorkflowPage,
    WorkflowState,
    WorkflowTask,
)
from wagtail.search.index import insert_or_update_object

from accounts.models import User
from interchange.pages import load_issue
from interchange.readers.folder import read_folder
from interchange.schema import IMAGES
from issues.models import IssuePage, NewspaperPage
from issues.publishing import publish_issue

from .models import ReviewTask
from .review.signing import sign_article

EDITOR, RESPONSIBLE_EDITOR, CHIEF_EDITOR = "编辑", "责任编辑", "总编"
# Those who read a paper that stays inside from elsewhere: an account, and no way into the admin.
READER = "读者"

# What each role may do, by permission; the tree's own permissions say where (the whole paper).
# Nobody gets Wagtail's publish_page: the verbs ask for sign_article and publish_issue instead.
SHARED = {
    "wagtailadmin": ["access_admin"],
    "newsroom": ["add_contributor", "change_contributor", "view_contributor"],
    "contributions": ["view_contribution", "change_contribution"],
}
HOUSE_LISTS = ("wordrule", "bannedword", "leader")
# 编辑 looks words up and answers alarms; who signs also keeps the lists and the rules.
WORDS_READ = ["view_wordrule", "view_bannedword", "view_leader", "accept_alarm"]
WORDS_KEPT = [
    *WORDS_READ,
    "accept_blocking_alarm",
    "change_proofreadingsettings",
    *(f"{act}_{words}" for act in ("add", "change", "delete") for words in HOUSE_LISTS),
]
ROLES: dict[str, dict[str, list[str]]] = {
    EDITOR: {**SHARED, "desk": WORDS_READ},
    RESPONSIBLE_EDITOR: {
        **SHARED,
        "newsroom": [
            *SHARED["newsroom"],
            "delete_contributor",
            "add_section",
            "change_section",
            "view_section",
        ],
        "contributions": [*SHARED["contributions"], "delete_contribution"],
        "articles": ["sign_article", "correct_article"],
        "desk": [*WORDS_KEPT, "view_figures"],
        "following": ["view_subscription"],
    },
    CHIEF_EDITOR: {
        **SHARED,
        "newsroom": [
            *SHARED["newsroom"],
            "delete_contributor",
            "add_section",
            "change_section",
            "delete_section",
            "view_section",
            "add_imprint",
            "change_imprint",
            "view_imprint",
            "change_circulationsettings",
            "change_traditionalwords",
            *(f"{act}_occasion" for act in ("add", "change", "delete", "view")),
        ],
        "contributions": [
            *SHARED["contributions"],
            "delete_contribution",
            "export_contribution",
        ],
        "articles": ["sign_article", "correct_article", "withdraw_article"],
        "issues": ["publish_issue"],
        "following": ["view_subscription", "delete_subscription"],
        "desk": [
            *WORDS_KEPT,
            *("view_figures", "manage_fees", "change_figuresettings"),
            *("add_grade", "change_grade", "delete_grade", "view_grade"),
            *("add_unpaid", "change_unpaid", "delete_unpaid", "view_unpaid"),
        ],
        "wagtailredirects": ["add_redirect", "change_redirect", "delete_redirect"],
        "access": ["view_security_log"],
    },
}
# What came to an app whose permissions papers had given out before, and with which upgrade.
LATER = {
    **dict.fromkeys(("correct_article", "withdraw_article", "change_circulationsettings"), 1),
    "change_traditionalwords": 2,
    **dict.fromkeys((f"{act}_occasion" for act in ("add", "change", "delete", "view")), 3),
}
PAGE_PERMISSIONS = {
    EDITOR: ["add_page", "change_page"],
    RESPONSIBLE_EDITOR: ["add_page", "change_page", "lock_page"],
    CHIEF_EDITOR: ["add_page", "change_page", "bulk_delete_page", "lock_page", "unlock_page"],
}
# Wagtail keeps the permissions of custom images and documents on its own.
PHOTO_PERMISSIONS = ["add_image", "change_image", "choose_image"]
RECORDING_PERMISSIONS = ["add_document", "change_document", "choose_document"]

# The three reviews, and which group signs each; the admin may take steps out or add some.
REVIEW = "三审"
STEPS = {"一审": EDITOR, "二审": RESPONSIBLE_EDITOR, "三审": CHIEF_EDITOR}
# What earlier versions of this command set up: one step that one person signed.
FORMER_REVIEW = "审稿"


@dataclass(frozen=True, slots=True)
class NewAdmin:
    """An admin account just made; the password is known only now."""

    name: str
    password: str


@transaction.atomic
def set_up(*, admin_name: str = "admin") -> NewAdmin | None:
    """Make what is missing and leave alone what is there; return the admin if one was made.

    Permissions that an admin took from a role are not given back: a role is filled only when it
    is made, or with what an upgrade brings that nobody has yet.
    """
    paper = _found_paper()
    held = {
        (app, LATER.get(codename, 0))
        for app, codename in Permission.objects.exclude(group=None).values_list(
            "content_type__app_label", "codename"
        )
    }
    hear = not GroupCollectionPermission.objects.filter(
        group__name__in=ROLES, permission__content_type__app_label="wagtaildocs"
    ).exists()
    for role, permissions in ROLES.items():
        group, made = Group.objects.get_or_create(name=role)
        new = {
            (app, name)
            for app, codenames in permissions.items()
            for name in codenames
            if made or (app, LATER.get(name, 0)) not in held
        }
        group.permissions.add(*_permissions(new))
        if made:
            _place(group, paper)
        if made or hear:  # they came later than the papers
            _place_among(group, "wagtaildocs", RECORDING_PERMISSIONS)
    Group.objects.get_or_create(name=READER)
    _set_up_review(paper)
    if User.objects.filter(is_superuser=True).exists():
        return None
    password = secrets.token_urlsafe(12)
    User.objects.create_superuser(admin_name, password=password)
    return NewAdmin(admin_name, password)


@transaction.atomic
def publish_sample(*, folder: Path) -> IssuePage | None:
    """Bring the sample issue out, signed and published; return None where any issue exists."""
    if IssuePage.objects.exists():
        return None
    report = load_issue(
        issue=read_folder(folder), picture=lambda name: (folder / IMAGES / name).read_bytes()
    )
    for article in report.touched:
        sign_article(article=article, revision=article.get_latest_revision(), by=None)
    publish_issue(issue=report.issue, by=None)
    return report.issue


def _found_paper() -> NewspaperPage:
    """Return the paper's root, made in place of the welcome page that Wagtail begins with."""
    paper: NewspaperPage | None = NewspaperPage.objects.first()
    if paper is None:
        welcome = Page.objects.filter(depth=2, slug="home").first()
        if welcome is not None and welcome.specific_class is Page:
            gone = welcome.pk
            welcome.delete()
            PageLogEntry.objects.filter(page_id=gone).delete()
        root = Page.get_first_root_node()
        # Wagtail names its two roots in English.
        Page.objects.filter(pk=root.pk).update(title="全部", draft_title="全部")
        insert_or_update_object(Page.objects.get(pk=root.pk))  # made by a migration, unindexed
        Collection.objects.filter(depth=1).update(name="全部图片")
        paper = root.add_child(
            instance=NewspaperPage(title=settings.WAGTAIL_SITE_NAME, slug="paper")
        )
    if not Site.objects.filter(root_page=paper).exists():
        address = urlsplit(settings.WAGTAILADMIN_BASE_URL)
        Site.objects.update_or_create(
            is_default_site=True,
            defaults={
                "hostname": address.hostname or "localhost",
                "port": address.port or (443 if address.scheme == "https" else 80),
                "root_page": paper,
                "site_name": settings.WAGTAIL_SITE_NAME,
            },
        )
    return paper


def _permissions(wanted: Set[tuple[str, str]]) -> list[Permission]:
    """Return what is known by these names of an app and of a permission in it."""
    apps, codenames = ({names[part] for names in wanted} for part in (0, 1))
    found = Permission.objects.filter(content_type__app_label__in=apps, codename__in=codenames)
    return [
        each
        for each in found.select_related("content_type")
        if (each.content_type.app_label, each.codename) in wanted
    ]


def _place(group: Group, paper: NewspaperPage) -> None:
    """Say where in the tree and among the photos the role works."""
    wanted = {("wagtailcore", codename) for codename in PAGE_PERMISSIONS[group.name]}
    GroupPagePermission.objects.bulk_create(
        GroupPagePermission(group=group, page=paper, permission=each)
        for each in _permissions(wanted)
    )
    _place_among(group, "wagtailimages", PHOTO_PERMISSIONS)


def _place_among(group: Group, app: str, codenames: list[str]) -> None:
    """Say that the role works on what is kept in the library: photos, or recordings."""
    root = Collection.get_first_root_node()
    GroupCollectionPermission.objects.bulk_create(
        GroupCollectionPermission(group=group, collection=root, permission=each)
        for each in _permissions({(app, codename) for codename in codenames})
    )


def _set_up_review(paper: NewspaperPage) -> None:
    """Have articles reviewed in three steps; drop the moderation Wagtail begins with.

    What an admin has set up for the paper since stays.
    """
    Workflow.objects.filter(workflow_pages__page__depth=1, workflow_states=None).delete()
    Task.objects.filter(workflow_tasks=None, task_states=None).delete()
    Group.objects.filter(name__in=["Moderators", "Editors"], user=None).delete()
    placed = WorkflowPage.objects.filter(page=paper).select_related("workflow").first()
    if placed is not None and not _is_former(placed.workflow):
        return
    workflow, _ = Workflow.objects.get_or_create(name=REVIEW)
    for order, (name, group) in enumerate(STEPS.items()):
        step, _ = ReviewTask.objects.get_or_create(name=name)
        step.groups.set(Group.objects.filter(name=group))
        WorkflowTask.objects.get_or_create(
            workflow=workflow, task=step, defaults={"sort_order": order}
        )
    if placed is None:
        WorkflowPage.objects.create(page=paper, workflow=workflow)
        return
    former = placed.workflow
    # Articles under way go through the three steps too.
    WorkflowState.objects.active().filter(workflow=former).update(workflow=workflow)
    WorkflowPage.objects.filter(page=paper).update(workflow=workflow)
    former.deactivate()


def _is_former(workflow: Workflow) -> bool:
    """Tell whether ``workflow`` is the single step of earlier versions, as this command made it."""
    return workflow.name == FORMER_REVIEW and [t.name for t in workflow.tasks] == [FORMER_REVIEW]
