"""The issue as a file while it is being made: for the print shop, for proofs, to keep."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.urls import reverse
from docx import Document

from interchange.typesetting import press
from interchange.writers import pdf
from issues.models import IssuePage
from tests.factories import make_article, make_issue, make_user

from .asking import board, client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def issue() -> IssuePage:
    issue = make_issue(451)
    article = make_article(issue, "还是草稿的一篇").get_latest_revision_as_object()
    article.remarks.add(article.remarks.model(kind="gap", text="此处缺字待核"))
    article.save_revision()
    return issue


def take(client, issue: IssuePage, file: str):
    return client.get(reverse("desk_board_file", args=[issue.pk, file]))


def test_the_print_shop_gets_the_drafts_without_remarks(issue):
    answer = take(client_of(make_user("编辑")), issue, "issue.docx")
    words = "\n".join(p.text for p in Document(io.BytesIO(answer.content)).paragraphs)
    assert "还是草稿的一篇" in words
    assert "缺字待核" not in words
    assert "%EF%BC%88%E6%9C%AA%E5%87%BA%E7%89%88" in answer["Content-Disposition"]  # （未出版
    assert "no-store" in answer["Cache-Control"]


def test_the_folder_keeps_the_remarks(issue):
    answer = take(client_of(make_user("编辑")), issue, "issue-folder.zip")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as files:
        assert "此处缺字待核" in files.read("issue-451/01.md").decode()


def test_a_proof_is_a_pdf_that_opens(issue):
    answer = take(client_of(make_user("编辑")), issue, "issue.pdf")
    assert answer.content.startswith(b"%PDF-")
    assert answer["Content-Disposition"].startswith("inline")


def test_a_character_without_glyph_is_told_on_the_board(issue, monkeypatch):
    monkeypatch.setattr(pdf, "DEBIAN_FONTS", press.FONTS / "nowhere")
    make_article(issue, "生僻字\U0002000b")
    answer = take(client_of(make_user("编辑")), issue, "issue.pdf")
    assert answer.status_code == 409
    assert "U+2000B" in answer.content.decode()


@pytest.mark.parametrize("file", ["issue.epub", "issue.exe", "..", "issue.pdf.exe"])
def test_nothing_else_is_handed_out(issue, file):
    address = f"/admin/desk/issues/{issue.pk}/files/{file}"
    assert client_of(make_user("编辑")).get(address).status_code == 404


def test_only_those_who_compose_the_issue_get_it(issue, client):
    for stranger in (client, client_of(make_user())):
        assert take(stranger, issue, "issue.docx").status_code in (302, 403)


def test_the_board_offers_them(issue):
    page = board(client_of(make_user("编辑")), issue)
    offered = {link["href"].rpartition("/")[2] for link in page.select(".board-files a")}
    assert offered == {"issue.docx", "issue.pdf", "issue-folder.zip"}
