"""The project's own translations: whole, well-formed, compiled, and what Django really uses."""

import re
from collections.abc import Iterator
from pathlib import Path

import django
import polib
import pytest
from django.apps import apps
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext, ngettext, override

DOMAINS = ["django", "djangojs"]
# Wagtail's page search names no model here ("1-4 of 4 None"): our words do without it.
COUNTED_PAGES = "%(start_index)s-%(end_index)s of %(items_count)s %(model_name)s"
Key = tuple[str | None, str]


def catalogue(domain: str) -> polib.POFile:
    return polib.pofile(str(path_of(domain)), wrapwidth=100)


def path_of(domain: str) -> Path:
    return Path(settings.LOCALE_PATHS[0]) / "zh_Hans" / "LC_MESSAGES" / f"{domain}.po"


def entries() -> list[polib.POEntry]:
    return [entry for domain in DOMAINS for entry in catalogue(domain)]


def keys(catalogue: polib.POFile) -> set[Key]:
    """What a catalogue translates."""
    return {
        (entry.msgctxt, entry.msgid)
        for entry in catalogue
        if entry.translated() and not entry.obsolete
    }


def placeholders(text: str) -> list[str]:
    return sorted(re.findall(r"%\(\w+\)[a-z]|%[sdr]|\{\w*\}", text))


def tags(text: str) -> list[str]:
    return sorted(re.findall(r"<[^>]+>", text))


def packaged(domain: str) -> Iterator[tuple[str, polib.POFile, polib.POFile]]:
    """Each installed package's English catalogue, with its Chinese one."""
    folders = [(app.name, Path(app.path)) for app in apps.get_app_configs()]
    for name, folder in [*folders, ("django.conf", Path(django.__file__).parent / "conf")]:
        english, chinese = (
            folder / "locale" / language / "LC_MESSAGES" / f"{domain}.po"
            for language in ("en", "zh_Hans")
        )
        if english.exists():
            yield (
                name,
                polib.pofile(str(english)),
                polib.pofile(str(chinese)) if chinese.exists() else polib.POFile(),
            )


@pytest.mark.parametrize("domain", DOMAINS)
def test_the_compiled_file_is_the_written_one(domain: str) -> None:
    compiled = path_of(domain).with_suffix(".mo").read_bytes()

    assert compiled == catalogue(domain).to_binary(), "run `make locale`"


@pytest.mark.parametrize("domain", DOMAINS)
def test_the_file_is_sorted_and_says_each_thing_once(domain: str) -> None:
    order = [(entry.msgctxt or "", entry.msgid) for entry in catalogue(domain)]

    assert order == sorted(set(order)), "run `make locale`"


@pytest.mark.parametrize("domain", DOMAINS)
def test_chinese_has_one_plural_form(domain: str) -> None:
    assert catalogue(domain).metadata["Plural-Forms"] == "nplurals=1; plural=0;"
    assert all(
        list(entry.msgstr_plural) == [0] for entry in catalogue(domain) if entry.msgid_plural
    )


def test_every_entry_is_translated() -> None:
    assert [entry.msgid for entry in entries() if not entry.translated()] == []


def test_placeholders_and_markup_survive() -> None:
    assert [entry.msgid for entry in entries() if not keeps_its_form(entry)] == []


def keeps_its_form(entry: polib.POEntry) -> bool:
    """Tell whether placeholders and tags are those of the original (either form of a plural)."""
    sources = [entry.msgid, entry.msgid_plural] if entry.msgid_plural else [entry.msgid]
    if entry.msgid.startswith(COUNTED_PAGES):
        sources = [entry.msgid.replace(" %(model_name)s", "")]
    translation = entry.msgstr_plural[0] if entry.msgid_plural else entry.msgstr
    return placeholders(translation) in map(placeholders, sources) and tags(translation) in map(
        tags, sources
    )


@pytest.mark.parametrize("domain", DOMAINS)
def test_no_installed_package_speaks_english(domain: str) -> None:
    """Wagtail's zh_Hans lags behind: an upgrade that brings new texts fails here, with the list."""
    ours = keys(catalogue(domain))
    missing = {
        name: sorted(
            msgid
            for msgctxt, msgid in {(entry.msgctxt, entry.msgid) for entry in english}
            - keys(chinese)
            - ours
        )
        for name, english, chinese in packaged(domain)
    }

    assert {name: texts for name, texts in missing.items() if texts} == {}


@pytest.mark.parametrize("domain", DOMAINS)
def test_no_entry_outlives_its_text(domain: str) -> None:
    packages = {name: english for name, english, _ in packaged(domain)}
    stale = [
        entry.msgid
        for entry in catalogue(domain)
        if (english := packages.get(entry.comment.partition(";")[0])) is not None
        and (entry.msgctxt, entry.msgid)
        not in {(source.msgctxt, source.msgid) for source in english if not source.obsolete}
    ]

    assert stale == []


def test_django_prefers_the_project_s_words() -> None:
    with override("zh-hans"):
        # Wagtail has no translation of these …
        assert gettext("Autosave is paused") == "自动保存已暂停"
        assert ngettext("Moved down 1 place.", "Moved down %(counter)s places.", 2) == (
            "已下移 %(counter)s 位。"
        )
        # … and another one of these.
        assert gettext("Log out") == "退出登录"
        assert gettext("slug") == "网址别名"


@pytest.mark.django_db
def test_the_browser_gets_them_too(client: Client) -> None:
    """Wagtail names only its own package to the view; LOCALE_PATHS is merged all the same."""
    script = client.get(reverse("wagtailadmin_javascript_catalog")).content.decode()

    for english, chinese in [
        ("Autosave in progress\\u2026", "正在自动保存…"),
        ("Add a comment", "添加批注"),
        ("%(num)s error", "%(num)s 处错误"),
    ]:
        assert english in script
        assert chinese.encode("ascii", "backslashreplace").decode() in script
    assert "%(num)s errors" not in script
