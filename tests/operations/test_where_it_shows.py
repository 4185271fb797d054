"""What a change shows on is taken anew: all of it, and nothing else.

Each test reads every address of a small paper before and after a change, and compares those that
read differently with those that are owed to nginx.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client, TestCase, override_settings
from django.utils import timezone
from wagtail.images.tests.utils import get_test_image_file
from wagtail.log_actions import log
from wagtail.models import PageViewRestriction

from accounts.models import User
from articles.copy import Line, Run, write_rich_text
from articles.models import ArticlePage, Byline, Correction
from desk.review.signing import sign_article
from following.counts.models import ReadCount, Span
from interchange.models import Edition
from issues.correcting import Wording, add_correction, remove_correction
from issues.folio_pages import (
    RENDITIONS,
    PageFile,
    keep_pages,
    remove_page,
    set_areas,
    store_pdf,
)
from issues.models import Folio, IssuePage
from issues.placing import place
from issues.publishing import publish_issue, unpublish_issue
from issues.withdrawing import reinstate_article, withdraw_article
from issues.year_before import days_a_year_before
from newsroom.imprints import amend
from newsroom.models import Contributor, Imprint, Occasion, PressPhoto, Recording, Section
from operations.front import gathering, renewing
from operations.front.models import Kept, Noted, Owed
from tests.factories import make_article, make_issue, make_public_issue, make_user
from tests.sounds import make_recording

# Made of the same as others that are read, or having tests of their own: files of issues.
TWINS = re.compile(r"/issue[-a-z0-9]*\.|\.bib|/feed\.xml|/feed\.json")
DAY = datetime.timedelta(days=1)
Read = dict[str, tuple[int, bytes, str]]
# What costs little is taken anew without looking closely whether it shows there.
LOOSE = re.compile(
    r"/api/|/sections/|/corrections/\?page=2|/sitemap[-a-z0-9]*\.xml|.*/folio-[0-9]+/|.*\.(?:ris|bib)"
    r"|.*/(?:offline\.json|qr\.svg|card\.png)"
    r"|.*/feed(?:/|\.xml|\.json)"
)


# In feeds the first printed page stands for articles without a photograph.
SHARED = r"/feed.*"


def page_image(width: int = 400) -> PressPhoto:
    image = PressPhoto.objects.create(title="版面", file=get_test_image_file(size=(width, 900)))
    image.get_renditions(*RENDITIONS)
    return image


def page_pdf() -> str:
    return store_pdf(issue=issue(451), number=1, data=b"%PDF-1.4")


def article(issue: int, number: int) -> ArticlePage:
    return ArticlePage.objects.get(issue__issuepage__number=issue, number=number)


def issue(number: int) -> IssuePage:
    return IssuePage.objects.get(number=number)


def addresses() -> set[str]:
    """Return every address, the files of issues aside: their making has tests of its own."""
    named = renewing.of_everything(list(gathering.all_issues()), gathering.whole_paper())
    return {address for address in named if not TWINS.search(address)}


def read(some: set[str]) -> Read:
    client = Client()
    answers = {address: client.get(address) for address in some}
    return {
        address: (
            answer.status_code,
            b"".join(answer) if answer.streaming else answer.content,
            answer.get("Location", ""),
        )
        for address, answer in answers.items()
    }


def shown_by(change: Callable[[], object]) -> tuple[set[str], set[str]]:
    """Do it; return the addresses that read differently now, and those that are owed."""
    known = addresses()
    before = read(known)
    change()
    renewing.find_out()
    owed = set(Owed.objects.values_list("address", flat=True))
    everywhere = known | addresses()
    before |= dict.fromkeys(everywhere - known, (404, b"", ""))
    after = read(everywhere)
    differing = {
        address
        for address in everywhere
        if before[address] != after[address]
        and (before[address][0], after[address][0]) != (404, 404)
    }
    return differing, owed


def assert_exact(change: Callable[[], object], *, besides: str = "(?!)") -> set[str]:
    """Check that just what shows the change is owed; of some things, somewhat more may be."""
    differing, owed = shown_by(change)
    assert differing, "the change shows nowhere"
    assert differing - owed == set()
    more = {each for each in owed - differing if not LOOSE.fullmatch(each)}
    assert {each for each in more if not re.fullmatch(besides, each)} == set()
    assert Kept.objects.exclude(issue=0).count() == IssuePage.objects.published().count()
    return owed


def draft_of(page: ArticlePage, title: str) -> ArticlePage:
    draft = page.get_latest_revision_as_object()
    draft.title = title
    revision = draft.save_revision()
    sign_article(article=draft, revision=revision, by=None)
    return draft


def make_user_who_may() -> User:
    return make_user("总编")


@override_settings(
    WAGTAILFRONTENDCACHE={
        "cache": {"BACKEND": "wagtail.contrib.frontend_cache.backends.DummyBackend"}
    },
    FRONT_SHUT=f"{settings.FILES}/shut",
)
@pytest.mark.one_database
class WhereItShows(TestCase):
    """Issues 440, 450, 451 and 452, of two years, with a section each and one writer in common."""

    @classmethod
    def setUpTestData(cls) -> None:
        news = Section.objects.create(name="要闻动态", slug="news-a")
        Section.objects.create(name="生活", slug="life-a")
        Contributor.objects.get_or_create(name="张晓燕")
        for number, date in (
            (440, datetime.date(2021, 5, 4)),
            (450, datetime.date(2022, 8, 2)),
            (451, datetime.date(2022, 8, 9)),
            (452, datetime.date(2022, 8, 16)),
        ):
            issue = make_issue(number, date=date)
            for count in range(3):
                section = news if count == 0 else None
                title = f"第{number}期第{count + 1}条新闻"
                make_article(issue, title, signed=True, section=section)
            publish_issue(issue=issue, by=None)
        for line in Byline.objects.filter(contributor=None):
            line.contributor = Contributor.objects.get(name=line.name)
            line.save()
        for span in Span:
            first = span.first_day(timezone.localdate())
            ReadCount.objects.create(article=article(450, 2), span=span, since=first, count=9)
        # An empty feed would be dated by whatever happens.
        told = Wording(text="第1段“建德”应为“桐庐”。", date=datetime.date(2021, 5, 11))
        add_correction(article=article(440, 3), wording=told, by=None)
        renewing.everything(anew=True)
        Noted.objects.all().delete()
        Owed.objects.all().delete()

    def setUp(self) -> None:
        cache.clear()  # of sizes of pictures that were rolled back with another test
        # What stands on a card tells as much as the card, and takes no fifth of a second.
        drawing = patch("following.sharing.views.draw_card", lambda card: repr(card).encode())
        drawing.start()
        self.addCleanup(drawing.stop)

    def test_an_issue_that_comes_out(self) -> None:
        new = make_issue(453)
        make_article(new, "新的一期", signed=True, section=Section.objects.get(slug="news-a"))
        Noted.objects.all().delete()
        owed = assert_exact(
            lambda: publish_issue(issue=new, by=None), besides=r"/sections/news-a/\?year=2021"
        )
        assert {"/", "/453/", "/452/", "/archive/", "/feed/", "/sections/news-a/"} <= owed
        # Beside each issue stands its month.
        assert {"/450/", "/451/"} <= owed
        assert not {"/440/", "/451/1/", "/452/1/", "/corrections/", "/about/"} & owed

    def test_a_back_number_that_is_taken_in_later(self) -> None:
        old = make_issue(445, date=datetime.date(2021, 9, 7))
        make_article(old, "旧的一期", signed=True)
        owed = assert_exact(lambda: publish_issue(issue=old, by=None))
        assert {"/445/", "/440/", "/450/", "/archive/2021/"} <= owed
        assert not {"/", "/452/", "/451/"} & owed

    def test_an_issue_of_a_year_before_others(self) -> None:
        old = make_issue(445, date=datetime.date(2021, 7, 27))
        make_article(old, "旧的一期", signed=True)
        owed = assert_exact(lambda: publish_issue(issue=old, by=None))
        assert {"/445/", "/440/", "/450/", "/451/"} <= owed
        assert not {"/", "/452/"} & owed
        Owed.objects.all().delete()
        later = make_issue(446, date=datetime.date(2021, 8, 2))
        make_article(later, "又一期", signed=True)
        # Of 450 on, it is the one of a year before; of its own month there is no other.
        owed = assert_exact(lambda: publish_issue(issue=later, by=None))
        assert {"/450/", "/451/", "/452/", "/", "/445/"} <= owed
        Owed.objects.all().delete()
        earlier = make_issue(444, date=datetime.date(2021, 7, 20))
        make_article(earlier, "更早的一期", signed=True)
        owed = assert_exact(lambda: publish_issue(issue=earlier, by=None))
        assert {"/445/", "/440/"} <= owed
        assert not {"/", "/446/", "/450/", "/451/", "/452/"} & owed
        Owed.objects.all().delete()
        by = make_user_who_may()
        owed = assert_exact(lambda: unpublish_issue(issue=issue(446), by=by))
        assert {"/450/", "/451/", "/452/", "/", "/445/"} <= owed

    def test_an_issue_of_a_year_before_that_is_moved(self) -> None:
        for number, day in ((445, 20), (446, 27)):
            old = make_issue(number, date=datetime.date(2021, 7, day))
            make_article(old, "旧的一期", signed=True)
            publish_issue(issue=old, by=None)
        renewing.find_out()
        Owed.objects.all().delete()

        def move(to: datetime.date) -> None:
            draft = issue(446).get_latest_revision_as_object()
            draft.date = to
            draft.full_clean()
            draft.save_revision()
            publish_issue(issue=draft, by=None)

        owed = assert_exact(lambda: move(datetime.date(2021, 6, 1)))
        assert {"/446/", "/445/", "/450/", "/451/"} <= owed
        assert not {"/", "/452/"} & owed
        Owed.objects.all().delete()
        # To the window of the latest issue, of the same year.
        owed = assert_exact(lambda: move(datetime.date(2021, 8, 10)))
        assert {"/446/", "/445/", "/452/", "/"} <= owed
        assert "/451/" not in owed

    def test_a_recording_that_is_signed_changed_withdrawn_and_taken_out(self) -> None:
        def sign(recording: Recording | None) -> None:
            draft = article(451, 2).get_latest_revision_as_object()
            draft.recording = recording
            sign_article(article=draft, revision=draft.save_revision(), by=None)

        feeds = r"/451/|/contributors/.*"
        owed = assert_exact(lambda: sign(make_recording(200)), besides=feeds)
        assert {"/451/2/", "/451/2.mp3", "/feed/"} <= owed
        assert not {"/451/1/", "/451/3/", "/450/", "/archive/"} & owed
        Owed.objects.all().delete()
        owed = assert_exact(lambda: sign(make_recording(100)), besides=feeds)
        assert {"/451/2/", "/451/2.mp3"} <= owed
        Owed.objects.all().delete()
        owed = assert_exact(lambda: draft_of(article(451, 2), "改过的标题"), besides=feeds)
        assert "/451/2.mp3" not in owed
        Owed.objects.all().delete()
        by = make_user_who_may()
        for act in (
            lambda: withdraw_article(article=article(451, 2), reason="有误。", by=by),
            lambda: reinstate_article(article=article(451, 2), by=by),
            lambda: unpublish_issue(issue=issue(451), by=by),
            lambda: publish_issue(issue=issue(451), by=by),
            lambda: sign(None),
        ):
            owed = assert_exact(act, besides=feeds)
            assert "/451/2.mp3" in owed
            Owed.objects.all().delete()
        owed = assert_exact(lambda: draft_of(article(451, 2), "又改了"), besides=feeds)
        assert "/451/2.mp3" not in owed

    def test_what_the_archive_names_today_as_of_a_year_before(self) -> None:
        _, day = days_a_year_before(timezone.localdate())
        for number, days in ((470, 10), (471, 4)):
            new = make_issue(number, date=day - datetime.timedelta(days=days))
            make_article(new, "去年的一期", signed=True)
            publish_issue(issue=new, by=None)
        last = make_issue(500, date=timezone.localdate())
        make_article(last, "今天的一期", signed=True)
        publish_issue(issue=last, by=None)
        renewing.find_out()
        Owed.objects.all().delete()

        owed = assert_exact(lambda: draft_of(article(471, 1), "改过的标题"), besides=r"/sections/")
        assert {"/archive/", "/471/"} <= owed
        Owed.objects.all().delete()
        owed = assert_exact(lambda: draft_of(article(470, 1), "改过的标题"), besides=r"/sections/")
        assert "/archive/" not in owed

    def test_a_new_day_shows_in_the_archive(self) -> None:
        ReadCount.objects.all().delete()  # a new week begins on some days
        new = make_issue(500, date=timezone.localdate())
        make_article(new, "今天的一期", signed=True)
        publish_issue(issue=new, by=None)
        renewing.find_out()
        Owed.objects.all().delete()
        tomorrow = timezone.localdate() + datetime.timedelta(days=1)

        def pass_on() -> None:
            assert renewing.owe_new_day() >= 2
            assert renewing.owe_new_day() == 0

        assert renewing.owe_new_day() == 0
        known = addresses()
        before = read(known)
        with patch.object(timezone, "localdate", lambda *args: tomorrow):
            pass_on()
            after = read(known)
        differing = {each for each in known if before[each] != after[each]}
        owed = set(Owed.objects.values_list("address", flat=True))
        assert "/archive/" in differing
        assert {each for each in differing if not LOOSE.fullmatch(each)} <= owed
        assert owed <= {"/archive/", f"/archive/{new.date.year}/", f"/archive/{tomorrow.year}/"}

    def test_an_issue_that_is_taken_back(self) -> None:
        owed = assert_exact(lambda: unpublish_issue(issue=issue(452), by=make_user_who_may()))
        assert {"/", "/452/", "/452/1/", "/451/"} <= owed

    def test_an_older_issue_that_is_taken_back(self) -> None:
        owed = assert_exact(lambda: unpublish_issue(issue=issue(440), by=make_user_who_may()))
        assert {"/440/", "/450/", "/archive/2021/"} <= owed
        assert "/" not in owed

    def test_a_correction(self) -> None:
        wording = Wording(text="第1段“建德”应为“淳安”。", date=timezone.localdate())
        owed = assert_exact(
            lambda: add_correction(article=article(450, 2), wording=wording, by=None),
            besides=r"/sections/|/popular/\?span=.*",
        )
        assert {"/450/2/", "/450/", "/450/1/", "/corrections/", "/popular/"} <= owed
        assert not {"/", "/451/", "/archive/2021/?"} & owed

    def test_a_correction_of_an_article_that_has_one(self) -> None:
        wording = Wording(text="第1段“建德”应为“淳安”。", date=timezone.localdate())
        add_correction(article=article(451, 2), wording=wording, by=None)
        renewing.find_out()
        Owed.objects.all().delete()
        again = Wording(text="第1段“开赛”应为“结束”。", date=timezone.localdate())
        owed = assert_exact(
            lambda: add_correction(article=article(451, 2), wording=again, by=None),
        )
        assert {"/451/2/", "/451/", "/corrections/"} <= owed
        assert not {"/451/1/", "/"} & owed

    def test_a_correction_that_is_removed(self) -> None:
        wording = Wording(text="第1段“建德”应为“淳安”。", date=timezone.localdate())
        correction = add_correction(article=article(451, 2), wording=wording, by=None)
        renewing.find_out()
        Owed.objects.all().delete()
        by = make_user_who_may()
        owed = assert_exact(
            lambda: remove_correction(correction=correction, by=by),
            besides=r"/sections/",
        )
        assert {"/451/2/", "/451/", "/corrections/"} <= owed
        assert Correction.objects.count() == 1

    def test_an_article_that_is_withdrawn_and_given_back(self) -> None:
        def withdraw() -> None:
            withdraw_article(article=article(452, 1), reason="与事实不符", by=None)

        owed = assert_exact(withdraw, besides=r"/sections/news-a/\?year=2021")
        assert {"/452/1/", "/452/2/", "/452/", "/", "/archive/", "/sections/news-a/"} <= owed
        assert not {"/451/", "/archive/2021/"} & owed
        Owed.objects.all().delete()
        back = assert_exact(
            lambda: reinstate_article(article=article(452, 1), by=None),
            besides=r"/sections/news-a/\?year=2021",
        )
        assert {"/452/1/", "/452/", "/", "/sections/news-a/"} <= back

    def test_the_most_read_article_that_is_withdrawn_stands_in_the_archive_no_longer(self) -> None:
        owed = assert_exact(
            lambda: withdraw_article(article=article(450, 2), reason="与事实不符", by=None),
            besides=r"/sections/|/popular/\?span=.*",
        )
        assert {"/archive/", "/archive/2021/", "/archive/2022/", "/popular/"} <= owed

    def test_an_article_that_is_signed_anew(self) -> None:
        owed = assert_exact(lambda: draft_of(article(451, 3), "改过的标题"), besides=r"/sections/")
        assert {"/451/3/", "/451/1/", "/451/"} <= owed
        assert not {"/", "/450/", "/archive/"} & owed

    def test_an_article_whose_text_is_signed_anew(self) -> None:
        def rewrite() -> None:
            draft = article(451, 3).get_latest_revision_as_object()
            text = write_rich_text([Line("paragraph", (Run("这是改过的正文。"),))])
            draft.body = [("paragraph", text)]
            sign_article(article=draft, revision=draft.save_revision(), by=None)

        owed = assert_exact(rewrite)
        assert {"/451/3/", "/451/"} <= owed
        assert not {"/451/1/", "/"} & owed

    def test_an_article_that_is_signed_into_an_issue_that_is_out(self) -> None:
        late = make_article(issue(451), "迟到的一篇")
        revision = late.get_latest_revision()
        owed = assert_exact(
            lambda: sign_article(article=late, revision=revision, by=None), besides=r"/sections/"
        )
        assert {f"/451/{late.number}/", "/451/", "/451/1/", "/archive/2022/"} <= owed

    def test_an_article_that_is_deleted(self) -> None:
        owed = assert_exact(lambda: article(451, 3).delete(), besides="(?!)")
        assert {"/451/3/", "/451/", "/451/1/", "/archive/2022/"} <= owed

    def test_an_issue_that_is_deleted(self) -> None:
        owed = assert_exact(lambda: issue(440).delete())
        assert {"/440/", "/440/1/", "/archive/2021/", "/2021-05-04/"} <= owed

    def test_articles_in_another_order(self) -> None:
        owed = assert_exact(lambda: place(article=article(451, 3), by=None, position=0))
        assert {"/451/", "/451/1/", "/archive/2022/"} <= owed
        assert not {"/", "/450/"} & owed

    def test_an_article_in_another_section(self) -> None:
        life = Section.objects.get(slug="life-a")
        owed = assert_exact(
            lambda: place(article=article(451, 1), by=None, section=life),
            besides=r"/sections/news-a/\?year=2021|/corrections/.*",
        )
        assert {"/451/1/", "/451/", "/sections/", "/sections/life-a/", "/sections/news-a/"} <= owed
        assert not {"/", "/450/"} & owed

    def test_an_article_on_another_folio(self) -> None:
        owed = assert_exact(lambda: place(article=article(451, 3), by=None, folio=2))
        assert {"/451/", "/451/3/", "/451/folio-1/", "/451/folio-2/"} <= owed

    def test_a_section_that_is_renamed(self) -> None:
        def rename() -> None:
            section = Section.objects.get(slug="news-a")
            section.name = "工会要闻"
            section.save()
            log(instance=section, action="wagtail.edit")

        owed = assert_exact(rename)
        assert {"/sections/news-a/", "/sections/", "/451/1/", "/451/", "/440/1/"} <= owed
        assert not {"/451/2/", "/archive/", "/corrections/"} & owed

    def test_a_contributor_who_is_renamed(self) -> None:
        def rename() -> None:
            person = Contributor.objects.get(name="张晓燕")
            person.name = "张小燕"
            person.save()
            log(instance=person, action="wagtail.edit")

        _, owed = shown_by(rename)
        person = Contributor.objects.get(name="张小燕")
        assert f"/contributors/{person.pk}/" in owed
        differing, _ = shown_by(lambda: None)
        assert differing == set()

    def test_a_contributor_who_is_deleted(self) -> None:
        def delete() -> None:
            person = Contributor.objects.get(name="张晓燕")
            log(instance=person, action="wagtail.delete")
            person.delete()

        differing, owed = shown_by(delete)
        assert differing - owed == set()
        assert any(each.startswith("/contributors/") for each in differing)

    def test_an_issue_with_another_number(self) -> None:
        def renumber() -> None:
            draft = issue(451).get_latest_revision_as_object()
            draft.number = 461
            draft.full_clean()
            draft.save_revision()
            publish_issue(issue=draft, by=None)

        owed = assert_exact(renumber)
        assert {"/451/", "/451/1/", "/461/", "/461/1/", "/450/", "/452/"} <= owed

    def test_an_issue_of_another_day(self) -> None:
        def move() -> None:
            draft = issue(452).get_latest_revision_as_object()
            draft.date = datetime.date(2020, 1, 7)
            draft.full_clean()
            draft.save_revision()
            publish_issue(issue=draft, by=None)

        owed = assert_exact(move)
        assert {"/", "/452/", "/451/", "/440/", "/archive/2020/", "/2020-01-07/"} <= owed

    def test_a_corrected_masthead(self) -> None:
        def correct() -> None:
            draft = issue(451).get_latest_revision_as_object()
            draft.responsible_editor = "李明"
            draft.save_revision()
            publish_issue(issue=draft, by=None)

        owed = assert_exact(correct, besides=r"/451/folio-1/|/archive/.*|/2022-08-09/")
        assert {"/451/", "/451/1/"} <= owed
        assert not {"/", "/450/"} & owed

    def test_a_folio_whose_page_is_kept(self) -> None:
        def keep() -> None:
            pages = {1: PageFile(page_image(), page_pdf()), 2: PageFile(page_image())}
            keep_pages(issue=issue(451), pages=pages, by=None)

        # Two more folios in the masthead, without a name.
        owed = assert_exact(keep, besides=rf"{SHARED}|/451/[0-9]+/")
        assert {"/451/", "/451/folio-1/", "/451/folio-1.pdf", "/451/manifest.json"} <= owed
        assert {"/archive/2022/", "/451/card.png"} <= owed
        assert not {"/452/", "/450/", "/450/1/"} & owed

    def test_another_page_in_the_place_of_one(self) -> None:
        for number in (1, 2):
            keep_pages(issue=issue(451), pages={number: PageFile(page_image())}, by=None)
        renewing.find_out()
        Owed.objects.all().delete()

        def keep() -> None:
            keep_pages(issue=issue(451), pages={2: PageFile(page_image(600))}, by=None)

        owed = assert_exact(keep, besides=SHARED)
        assert {"/451/", "/451/folio-1/", "/451/folio-2/", "/451/manifest.json"} <= owed
        # Its cover is the first page.
        assert not {"/archive/2022/", "/451/card.png", "/451/1/"} & owed

    def test_a_page_of_which_only_the_pdf_is_kept_is_no_cover(self) -> None:
        keep_pages(issue=issue(451), pages={2: PageFile(page_image())}, by=None)
        Folio.objects.get_or_create(issue=issue(451), number=1)
        renewing.find_out()
        Owed.objects.all().delete()

        def keep() -> None:
            Folio.objects.filter(issue=issue(451), number=1).update(page_pdf=page_pdf())
            log(instance=issue(451), action="issues.keep_pages", data={"folios": [1]})

        owed = assert_exact(keep, besides=rf"{SHARED}|/451/manifest\.json")
        assert "/451/folio-1.pdf" in owed
        assert "/archive/2022/" not in owed

    def test_what_shows_pictures_made_elsewhere_is_read_after_it(self) -> None:
        named = list(renewing.of_everything(list(gathering.all_issues()), gathering.whole_paper()))
        made = max(named.index(f"/{number}/") for number in (450, 451))
        assert named.index("/archive/") > made
        assert named.index("/archive/2022/") > made
        assert named.index("/2022-08-09/") > made
        assert len(named) == len(set(named))

    def test_areas_show_on_their_page_and_at_the_articles(self) -> None:
        keep_pages(issue=issue(451), pages={1: PageFile(page_image())}, by=None)
        renewing.find_out()
        Owed.objects.all().delete()

        def draw(*numbers: int, at: int = 9) -> None:
            areas = [{"article": n, "polygon": f"0,0 {at},0 {at},9"} for n in numbers]
            set_areas(issue=issue(451), number=1, areas=areas, by=None)

        owed = assert_exact(lambda: draw(1, 2))
        assert {each for each in owed if "/issue" not in each} == {
            "/451/folio-1/",
            "/451/1/",
            "/451/2/",
        }
        Owed.objects.all().delete()
        owed = assert_exact(lambda: draw(1, 2, at=20))
        assert {each for each in owed if "/issue" not in each} == {"/451/folio-1/"}

    def test_a_page_that_is_taken_away(self) -> None:
        keep_pages(issue=issue(451), pages={1: PageFile(page_image(), page_pdf())}, by=None)
        renewing.find_out()
        Owed.objects.all().delete()
        owed = assert_exact(
            lambda: remove_page(issue=issue(451), number=1, by=None), besides=SHARED
        )
        assert {"/451/", "/451/folio-1/", "/451/folio-1.pdf", "/451/manifest.json"} <= owed
        assert "/451/card.png" in owed

    def test_an_imprint_that_is_in_force_from_today_shows_everywhere(self) -> None:
        def change() -> None:
            imprint = Imprint.objects.current()
            imprint.publisher = "杭州市总工会宣传部"
            log(instance=amend(imprint=imprint), action="wagtail.edit")

        differing, owed = shown_by(change)
        assert differing - owed == set()
        assert {"/about/", "/440/1/", "/"} <= differing

    def test_an_imprint_of_tomorrow_shows_nowhere_yet(self) -> None:
        imprint = Imprint.objects.current()
        imprint.publisher = "杭州市总工会宣传部"
        tomorrow = timezone.localdate() + datetime.timedelta(days=1)
        log(instance=amend(imprint=imprint, since=tomorrow), action="wagtail.edit")
        renewing.find_out()
        assert not Owed.objects.exists()
        assert renewing.owe_new_day() == 0
        with patch.object(timezone, "localdate", lambda *args: tomorrow):
            assert renewing.owe_new_day() > 50
            assert renewing.owe_new_day() == 0

    def test_a_part_of_the_paper_that_is_closed(self) -> None:
        def close() -> None:
            root = issue(450).get_parent()
            shut = PageViewRestriction.objects.create(page=root, restriction_type="login")
            log(instance=root, action="wagtail.view_restriction.create", data={"id": shut.pk})

        differing, owed = shown_by(close)
        assert differing - owed == set()
        assert {"/", "/450/1/", "/archive/"} <= differing

    def test_what_readers_do_not_see_shows_nowhere(self) -> None:
        draft = article(451, 3).get_latest_revision_as_object()
        draft.title = "还没有定稿"
        draft.save_revision(log_action=True)
        log(instance=article(451, 3), action="desk.proof", data={"round": 1})
        renewing.find_out()
        assert not Owed.objects.exists()
        assert not Noted.objects.exists()

    def test_files_are_forgotten_until_they_are_made_again(self) -> None:
        edition = Edition.objects.get_or_create(issue=issue(451), format="issue.pdf")[0]
        edition.digest = "1" * 64
        edition.file = "451.pdf"
        edition.save(update_fields=["digest", "file"])
        renewing.find_out()
        assert set(Owed.objects.values_list("address", "forget")) == {
            ("/451/", False),
            ("/451/issue.pdf", False),
        }
        Owed.objects.all().delete()
        withdraw_article(article=article(451, 3), reason="与事实不符", by=None)
        renewing.find_out()
        assert Owed.objects.get(forget=True).address == "/451/issue.pdf"
        assert not Owed.objects.filter(address="/451/issue.pdf", forget=False).exists()

    def test_nothing_is_noted_where_no_nginx_is_told(self) -> None:
        with self.settings(WAGTAILFRONTENDCACHE={}):
            make_public_issue(453)
        assert not Noted.objects.exists()

    # Days of mourning, and festivals.

    def test_the_whole_paper_turns_grey_and_back(self) -> None:
        shut, today = Path(settings.FILES) / "shut", timezone.localdate()
        shut.unlink(missing_ok=True)

        def begin() -> None:
            Occasion.objects.create(look="grey", since=today, until=today, reason="公祭日")

        for change in (begin, lambda: Occasion.objects.get().delete()):
            differing, owed = shown_by(change)
            assert {"/", "/452/", "/440/1/", "/440/1/card.png", "/archive/", "/about/"} <= differing
            assert differing - owed == set()
            # What has no look is not waited for, least of all recordings.
            assert not {each for each in owed if each.endswith((".mp3", ".ris", "qr.svg"))}
            # Until all of it is made anew, nginx asks for each.
            assert shut.exists()
            shut.unlink()
            Owed.objects.all().delete()

    def test_a_day_of_mourning_that_is_set_beforehand_begins_by_itself(self) -> None:
        shut, tomorrow = Path(settings.FILES) / "shut", timezone.localdate() + DAY
        shut.unlink(missing_ok=True)
        Occasion.objects.create(look="grey", since=tomorrow, until=tomorrow, reason="公祭日")
        renewing.find_out()
        assert renewing.owe_new_day() == 0
        assert not Owed.objects.exists()

        for day in (tomorrow, tomorrow + DAY):
            with patch.object(timezone, "localdate", return_value=day):
                assert renewing.owe_new_day() > 30
                assert renewing.owe_new_day() == 0
            assert shut.exists()
            shut.unlink()

    def test_an_issue_that_turns_grey_and_back(self) -> None:
        def begin() -> None:
            Occasion.objects.create(look="grey", issue=452, reason="公祭日")

        for change in (begin, lambda: Occasion.objects.get().delete()):
            owed = assert_exact(change)
            assert {"/", "/452/", "/452/1/", "/452/card.png", "/452/2/card.png"} <= owed
            assert not {"/451/", "/archive/", "/feed/", "/about/"} & owed
            Owed.objects.all().delete()

    def test_a_look_that_goes_over_to_another_issue(self) -> None:
        row = Occasion.objects.create(look="red", issue=452, reason="工会成立百年")
        renewing.find_out()
        Owed.objects.all().delete()
        row.issue = 450

        owed = assert_exact(row.save)

        assert {"/", "/452/1/", "/450/", "/450/1/"} <= owed
        assert not {"/451/", "/440/"} & owed

    def test_the_pdf_of_an_issue_that_turns_grey_is_forgotten_until_it_is_made(self) -> None:
        for file in ("issue.pdf", "issue.json"):
            Edition.objects.update_or_create(
                issue=issue(450), format=file, defaults={"digest": "d"}
            )
        renewing.everything(anew=True)

        Occasion.objects.create(look="grey", issue=450, reason="公祭日")
        renewing.find_out()

        forgotten = Owed.objects.filter(forget=True).values_list("address", flat=True)
        assert set(forgotten) == {"/450/issue.pdf"}
