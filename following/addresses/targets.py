"""Find what the second column of a table means: an issue, an article, an address."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404
from django.urls import Resolver404, resolve
from wagtail.models import Site

from articles.models import ArticlePage
from issues.models import IssuePage, NewspaperPage

__all__ = ["Target", "TargetRefused", "Targets"]

PLACE = re.compile(r"/?([1-9][0-9]{0,4})(?:/(?:([1-9][0-9]{0,3})|folio-[1-9][0-9]?))?/?")
LONGEST = 255


class TargetRefused(ValueError):
    """Nothing is there to lead to; the message says why, in Chinese."""


@dataclass(frozen=True, slots=True)
class Target:
    """What an old address leads to: a page (and a part of it), or an address."""

    page: int | None = None
    route: str = ""
    link: str = ""


class Targets:
    """What there is to lead to, looked up once for a whole table."""

    def __init__(self) -> None:
        self.issues = dict(IssuePage.objects.live().values_list("number", "pk"))
        self.articles = {
            (issue, number): key
            for issue, number, key in ArticlePage.objects.live()
            .filter(issue__live=True)
            .values_list("issue__issuepage__number", "number", "pk")
        }
        self.paper = NewspaperPage.objects.get()
        self.hosts = {urlsplit(settings.WAGTAILADMIN_BASE_URL).hostname} | set(
            Site.objects.values_list("hostname", flat=True)
        )

    def find(self, text: str, *, elsewhere: bool = False) -> Target:
        """Return what ``text`` means; ``elsewhere`` allows other sites. Raises TargetRefused."""
        if not text:
            raise TargetRefused("没有写转到哪里")
        if len(text) > LONGEST or not text.isprintable():
            raise TargetRefused("要转到的网址太长，或有看不见的字符")
        try:
            parts = urlsplit(text)
            host = parts.hostname
        except ValueError:
            raise TargetRefused("要转到的网址写得不对") from None
        if parts.scheme or host:
            if parts.scheme not in ("http", "https") or not host:
                raise TargetRefused("要转到的网址须以 http:// 或 https:// 开头")
            if host not in self.hosts:
                if elsewhere:
                    return Target(link=text)
                raise TargetRefused(f"要转到的是别的网站（{host}），没有允许")
        return self._in_the_paper(parts.path or "/", text)

    def _in_the_paper(self, path: str, text: str) -> Target:
        if found := PLACE.fullmatch(path):
            number, article = found[1], found[2]
            if int(number) not in self.issues:
                raise TargetRefused(f"没有第{number}期，或者还没有出版")
            if article:
                key = self.articles.get((int(number), int(article)))
                if key is None:
                    raise TargetRefused(f"第{number}期没有第{article}篇，或者还没有见报")
                return Target(page=key)
            if "folio" in path:
                return Target(link=f"/{path.strip('/')}/")
            return Target(page=self.issues[int(number)])
        if path == "/":
            return Target(page=self.paper.pk)
        return self._other_page(f"/{path.strip('/')}/", text)

    def _other_page(self, path: str, text: str) -> Target:
        """Return a page that is neither issue nor article: of the archive, of a section."""
        try:
            self.paper.resolve_subpage(path)
        except (Http404, Resolver404):
            pass
        else:
            return Target(page=self.paper.pk, route=path)
        for spelt in (path, path.rstrip("/")):
            try:
                found: Any = resolve(spelt)
            except Resolver404:
                continue
            if found.url_name != "wagtail_serve":
                return Target(link=spelt)
        raise TargetRefused(f"本站没有“{text}”这个网址")
