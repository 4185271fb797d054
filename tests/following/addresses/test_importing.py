"""Tables of old addresses, as Excel in China writes them: all of it, or nothing and why."""

from __future__ import annotations

from io import BytesIO, StringIO
from pathlib import Path

import openpyxl
import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import PageLogEntry

from articles.models import ArticlePage
from following.addresses.importing import Outcome, import_addresses
from following.addresses.models import BrokenAddress
from following.addresses.tables import MOST_ROWS, TableRefused, read_table
from issues.models import IssuePage
from tests import factories
from tests.factories import make_article, make_issue, make_public_issue, make_user

pytestmark = pytest.mark.django_db

TABLE = """旧网址,新网址
http://www.hzgh.org/zhuye/Content_123.htm?x=1,450/3
http://www.hzgh.org/新闻/1.htm,450
www.hzgh.org/old/,/archive/2022/
/index.asp,/
/pdf/450.pdf,/450/issue.pdf
/tougao.htm,http://127.0.0.1:8000/contribute/
/ban1,/450/folio-1/
"""
LEADS = {
    "/zhuye/content_123.htm?x=1": "/450/3/",
    "/%D0%C2%CE%C5/1.htm": "/450/",
    "/old/": "/archive/2022/",
    "/index.asp": "/",
    "/pdf/450.pdf": "/450/issue.pdf",
    "/tougao.htm": "/contribute/",
    "/ban1/": "/450/folio-1/",
}


@pytest.fixture(scope="module")
def made(shared_rows: None) -> IssuePage:
    return make_public_issue(450, articles=3)


@pytest.fixture(autouse=True)
def issue(made: IssuePage) -> IssuePage:
    return factories.fresh(made)


def workbook(text: str) -> bytes:
    book = openpyxl.Workbook()
    for line in text.splitlines():
        book.active.append(line.split(","))
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def take_in(text: str, **options: bool) -> Outcome:
    return import_addresses(rows=read_table(text.encode()), by=None, **options)


def reason(row: str, **options: bool) -> str:
    outcome = take_in(row, **options)
    assert not Redirect.objects.exists()
    assert not outcome.is_written
    return outcome.faults[0].reason


@pytest.mark.parametrize(
    "content",
    [
        TABLE.encode(),
        TABLE.encode("utf-8-sig"),
        TABLE.encode("gb18030"),
        TABLE.replace("\n", "\r\n").encode("gbk"),
        TABLE.replace(",", "\t").encode("utf-16"),
        TABLE.replace(",", ";").encode(),
        workbook(TABLE),
    ],
    ids=["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "semicolons", "xlsx"],
)
def test_a_table_is_read_however_it_was_saved(content: bytes) -> None:
    outcome = import_addresses(rows=read_table(content), by=None)

    assert (outcome.made, outcome.faults) == (7, [])
    for old, new in LEADS.items():
        answer = Client().get(old)
        assert (answer.status_code, answer.get("Location")) == (301, new), old


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "没有网址"),
        (b"\n\n,,\n", "没有网址"),
        ("旧网址,新网址\n".encode(), "没有网址"),
        (b"\x00\x01\x02", "不是表格"),
        (b"\xff\xff\xff\xff", "编码"),
        (b"PK\x03\x04broken", "打不开"),
        (b"/a,450\n" * (MOST_ROWS + 1), "最多导入"),
        (b"/" + b"x" * 200_000 + b",450", "读不懂"),
        (b"x" * 6_000_000, "太大"),
    ],
)
def test_what_is_no_table_is_told_in_chinese(content: bytes, said: str) -> None:
    with pytest.raises(TableRefused, match=said):
        read_table(content)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("/a,", "没有写转到哪里"),
        (",450", "没有写旧网址"),
        ("/a,999", "没有第999期"),
        ("/a,451", "还没有出版"),
        ("/a,450/99", "没有第99篇"),
        ("/a,450/4", "还没有见报"),
        ("/a,/no/such/page/", "本站没有"),
        ("/a,第一期", "本站没有"),
        ("/a,/archive/1999/", ""),
        ("http://www.hzgh.org/,450", "首页"),
        ("/450/,450/1", "现在就打得开"),
        ("/450/3,450/1", "现在就打得开"),
        (f"/{'x' * 300},450", "太长"),
        ("http://[x,450", "旧网址写得不对"),
        ("//\u2100.com/,450", "旧网址写得不对"),
        (f"/a,/{'x' * 300}", "太长"),
        ("/a,https://evil.example/", "别的网站"),
        ("/a,//evil.example/", "须以"),
        ("/a,javascript:alert(1)", "须以"),
        ("/a,data:text/html;base64,AAAA", "须以"),
        ("/a,http://[::1", "写得不对"),
        ("/a,http://127.0.0.1:8000@evil.example/", "别的网站"),
        ("/a\u202e,450", "看不见"),
        ("/a,450\n/A,450/1", "第1行已经"),
        ("/contribute,/contribute/", "转到了它自己"),
    ],
)
def test_a_wrong_row_is_told_in_chinese_and_nothing_is_written(row: str, said: str) -> None:
    make_article(IssuePage.objects.get(number=450), "未定稿")
    make_article(make_issue(451), signed=True)
    good = "/good.htm,450\n"
    if not said:  # an address of the archive, though of a year without issues
        assert take_in(row).made == 1
        return
    assert said in reason(row)
    assert said in reason(good + row) or "行已经" in said


def test_wrong_rows_are_passed_over_where_that_is_wanted() -> None:
    outcome = take_in("/a,450\n/b,999\n/c,450/1\n", skip_faulty=True)

    assert (outcome.made, [fault.row.line for fault in outcome.faults]) == (2, [2])
    assert Client().get("/c/")["Location"] == "/450/1/"


def test_other_sites_are_led_to_only_where_that_is_allowed() -> None:
    assert take_in("/a,https://other.example/x", elsewhere=True).made == 1
    assert Client().get("/a/")["Location"] == "https://other.example/x"


def test_a_second_import_changes_what_differs_alone() -> None:
    Redirect.add_redirect("/b", "/450/1/", automatically_created=True)
    take_in("/a,450\n/b,450/2\n")
    outcome = take_in("/a,450\n/b,450/3\n/c,450\n/C,450\n")

    assert (outcome.made, outcome.changed, outcome.same) == (1, 1, 1)
    assert Redirect.objects.count() == 3
    assert Client().get("/b/")["Location"] == "/450/3/"


def test_of_double_redirects_one_is_left() -> None:
    for link in ("/450/1/", "/450/2/", "/450/3/"):
        Redirect.objects.create(old_path="/b", redirect_link=link)
    Redirect.objects.create(old_path="/other", redirect_link="/450/1/")

    assert take_in("/b,450/3\n").changed == 1
    assert Redirect.objects.filter(old_path="/b").count() == 1
    assert Client().get("/b/")["Location"] == "/450/3/"
    assert Redirect.objects.filter(old_path="/other").exists()


def test_what_leads_somewhere_is_no_longer_listed_as_broken() -> None:
    for path in ("/Old/A.htm", "/新闻", "/other"):
        BrokenAddress.objects.create(path=path)

    take_in("/old/a.htm,450\n/%D0%C2%CE%C5,450\n")
    assert [row.path for row in BrokenAddress.objects.all()] == ["/other"]


def test_a_long_table_costs_few_queries() -> None:
    def cost(count: int) -> int:
        rows = read_table(
            "".join(f"/{count}/{n}.htm,450/{n % 3 + 1}\n" for n in range(count)).encode()
        )
        with CaptureQueriesContext(connection) as captured:
            assert import_addresses(rows=rows, by=None).made == count
        return len(captured)

    # SQLite takes the rows in batches.
    assert cost(400) <= cost(50) + 5 <= 20


def test_the_command_imports_or_says_what_is_wrong(tmp_path: Path) -> None:
    file = tmp_path / "旧网址.csv"
    file.write_bytes(f"{TABLE}/x,999\n".encode("gb18030"))
    errors = StringIO()

    with pytest.raises(CommandError, match="什么都没有导入"):
        call_command("import_addresses", file, stderr=errors)
    assert "第9行 /x：没有第999期" in errors.getvalue()
    assert not Redirect.objects.exists()

    out = StringIO()
    call_command("import_addresses", file, skip_faulty=True, stdout=out, stderr=errors)
    assert "新增7个" in out.getvalue()
    with pytest.raises(CommandError, match="打不开文件"):
        call_command("import_addresses", tmp_path / "none.csv")


# In the admin.


def upload(client: Client, text: str, **fields: str) -> object:
    file = SimpleUploadedFile("旧网址.csv", text.encode("gbk"))
    return client.post(reverse("wagtailredirects:start_import"), {"table": file, **fields})


def signed_in(role: str) -> Client:
    client = Client()
    client.force_login(make_user(role))
    return client


def test_the_chief_editor_imports_a_table_and_the_log_knows() -> None:
    chief = signed_in("总编")
    assert reverse("wagtailredirects:start_import") == reverse("import_addresses")
    assert "旧网址" in chief.get(reverse("import_addresses")).content.decode()

    refused = upload(chief, f"{TABLE}/x,999\n").content.decode()
    assert "什么都没有导入" in refused
    assert "没有第999期" in refused
    assert not Redirect.objects.exists()

    answer = upload(chief, TABLE)
    assert answer.status_code == 302
    assert Redirect.objects.count() == 7
    entry = PageLogEntry.objects.get(action="following.import_addresses")
    assert entry.data == {"made": 7, "changed": 0, "faulty": 0}
    assert entry.formatter.format_message(entry) == "导入了一批旧网址"


def test_who_may_only_add_redirects_changes_none_by_a_table() -> None:
    user = make_user("编辑")
    for right in ("wagtailadmin.access_admin", "wagtailredirects.add_redirect"):
        app, _, codename = right.partition(".")
        user.user_permissions.add(
            Permission.objects.get(content_type__app_label=app, codename=codename)
        )
    client = Client()
    client.force_login(user)
    Redirect.add_redirect("/index.asp", "/450/1/")

    assert client.get(reverse("broken_addresses")).status_code == 200
    upload(client, TABLE)
    assert [row.redirect_link for row in Redirect.objects.all()] == ["/450/1/"]


@pytest.mark.parametrize("role", ["编辑", "责任编辑"])
def test_nobody_else_does(role: str) -> None:
    client = signed_in(role)
    for address in ("import_addresses", "broken_addresses", "lead_on"):
        client.get(reverse(address))
    upload(client, TABLE)

    assert client.get(reverse("broken_addresses")).status_code in (302, 403)
    assert not Redirect.objects.exists()


def test_a_hostile_table_is_shown_as_text() -> None:
    shown = upload(signed_in("总编"), "/<script>alert(1)</script>,<b>x</b>\n").content.decode()

    assert "<script>alert" not in shown
    assert "&lt;script&gt;alert" in shown


def test_a_page_that_is_deleted_takes_its_old_addresses_along() -> None:
    take_in("/a,450/3\n")
    ArticlePage.objects.get(number=3).delete()

    assert Client().get("/a/").status_code == 404
