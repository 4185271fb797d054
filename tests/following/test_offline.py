"""What a browser is told so that it can install the paper and keep it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from urllib.parse import unquote

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client
from PIL import Image

from articles.models import ArticlePage
from following.offline.views import SHELL
from issues.models import IssuePage
from issues.withdrawing import withdraw_article
from newsroom.circulation import Extent
from newsroom.models import CirculationSettings, PressPhoto, PressPhotoRendition
from tests import factories
from tests.test_queries import illustrated

pytestmark = pytest.mark.django_db


def listed(number: int = 450) -> dict:
    answer = Client().get(f"/{number}/offline.json")
    assert answer.status_code == 200
    return answer.json()


def test_the_manifest_names_the_paper_and_icons_of_their_sizes() -> None:
    factories.make_sample()
    answer = Client().get("/manifest.webmanifest")
    told = json.loads(answer.content)

    assert answer["Content-Type"] == "application/manifest+json; charset=utf-8"
    assert (told["name"], told["start_url"], told["scope"]) == ("杭州工运", "/", "/")
    assert {icon["purpose"] for icon in told["icons"]} == {"any", "maskable"}
    for icon in told["icons"]:
        if icon["type"] == "image/png":
            file = finders.find(icon["src"].removeprefix("/static/"))
            with Image.open(file) as picture:
                assert "x".join(map(str, picture.size)) == icon["sizes"]


def test_an_empty_paper_can_be_installed_too() -> None:
    assert Client().get("/manifest.webmanifest").json()["name"]
    assert Client().get("/offline/").status_code == 200


def test_the_worker_is_a_script_that_keeps_what_is_there(tmp_path) -> None:
    answer = Client().get("/sw.js")
    script = answer.content.decode()

    assert answer["Content-Type"] == "text/javascript; charset=utf-8"
    assert "no-cache" in answer["Cache-Control"]
    assert all(finders.find(file) for file in SHELL)
    for file in SHELL:
        assert f'"/static/{file}"' in script
    if node := shutil.which("node"):
        (tmp_path / "sw.js").write_text(script)
        subprocess.run([node, "--check", tmp_path / "sw.js"], check=True)


def test_one_switch_takes_all_of_it_away(settings) -> None:
    factories.make_sample()
    settings.OFFLINE = False
    client = Client()

    assert b"unregister" in client.get("/sw.js").content
    assert client.get("/450/offline.json").status_code == 404
    assert "没有开放离线阅读" in client.get("/offline/").content.decode()
    for address in ("/", "/450/", "/450/1/"):
        page = client.get(address).content.decode()
        assert "offline.js" not in page
        assert "manifest.webmanifest" not in page
        assert "存到手机" not in page


def make_illustrated() -> None:
    factories.make_sample()
    for article in ArticlePage.objects.filter(number__in=(1, 3)):
        article.body = illustrated(f"照片{article.number}")
        article.save()


def test_an_issue_is_its_pages_and_its_pictures() -> None:
    make_illustrated()
    client = Client()
    told = listed()

    assert told["pages"] == ["/450/", "/450/1/", "/450/2/", "/450/3/", "/450/4/"]
    pages = [client.get(address) for address in told["pages"]]
    assert all(page.status_code == 200 for page in pages)
    # Each picture is in one of the sizes in which a page shows it, and none is missing.
    shown = {
        re.sub(r"\.width-\d+", "", image["src"])
        for page in pages
        for image in BeautifulSoup(page.content, "html.parser").select("main img")
    }
    assert {re.sub(r"\.width-\d+", "", address) for address in told["pictures"]} == shown
    assert len(shown) >= 2
    files = [unquote(address).removeprefix(settings.MEDIA_URL) for address in told["pictures"]]
    sizes = [PressPhotoRendition.objects.get(file=file).file.size for file in files]
    assert told["size"] == 8_000 * len(pages) + sum(sizes)


def test_what_readers_do_not_get_is_not_taken_along() -> None:
    factories.make_sample()
    article = ArticlePage.objects.get(number=2)
    withdraw_article(article=article, reason="测试撤稿", by=factories.make_user("总编"))
    assert "/450/2/" not in listed()["pages"]

    IssuePage.objects.update(live=False)
    assert Client().get("/450/offline.json").status_code == 404


def test_an_issue_that_stays_inside_is_not_listed_outside() -> None:
    factories.make_sample()
    CirculationSettings.objects.create(extent=Extent.EVERYTHING, networks="10.0.0.0/8")
    assert Client().get("/450/offline.json").status_code != 200


@pytest.mark.parametrize(
    "address",
    [
        "/0/offline.json",
        "/0450/offline.json",
        "/999999/offline.json",
        "/451/offline.json",
        "/x/offline.json",
    ],
)
def test_no_such_issue(address: str) -> None:
    factories.make_sample()
    assert Client().get(address).status_code == 404


def test_a_picture_whose_file_is_gone_is_left_out() -> None:
    make_illustrated()
    before = listed()["pictures"]
    photo = PressPhoto.objects.first()
    photo.file.storage.delete(photo.file.name)
    for rendition in photo.renditions.all():
        rendition.file.storage.delete(rendition.file.name)
    photo.renditions.all().delete()
    assert len(listed()["pictures"]) < len(before)
