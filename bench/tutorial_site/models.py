"""The tutorial's index page and post, as an archive of issues and as articles."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import models
from django.http import HttpRequest
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page
from wagtail.search import index
from wagtail.snippets.models import register_snippet


@register_snippet
class Author(models.Model):
    """Whoever signs articles."""

    name = models.CharField("姓名", max_length=255)

    panels = ["name"]

    class Meta:
        verbose_name = verbose_name_plural = "作者"

    def __str__(self) -> str:
        return self.name


class HomePage(Page):
    """The front page: the articles of the last issue."""

    intro = RichTextField("导语", blank=True)

    content_panels = [*Page.content_panels, "intro"]

    def get_context(self, request: HttpRequest) -> dict[str, Any]:
        context = super().get_context(request)
        issues = IssuePage.objects.live().order_by("-first_published_at")
        context["issue"] = issue = issues.first()
        context["articles"] = issue.get_children().live() if issue else []
        return context


class ArchivePage(Page):
    """The list of all issues, the newest first."""

    intro = RichTextField("导语", blank=True)

    content_panels = [*Page.content_panels, "intro"]

    def get_context(self, request: HttpRequest) -> dict[str, Any]:
        context = super().get_context(request)
        context["issues"] = self.get_children().live().order_by("-first_published_at")
        return context


class IssuePage(Page):
    """An issue, and the list of its articles."""

    date = models.DateField("日期")
    number = models.PositiveIntegerField("期号")

    content_panels = [*Page.content_panels, "date", "number"]

    def get_context(self, request: HttpRequest) -> dict[str, Any]:
        context = super().get_context(request)
        context["articles"] = self.get_children().live()
        return context


class ArticlePage(Page):
    """An article."""

    date = models.DateField("日期")
    intro = models.CharField("导语", max_length=250)
    body = RichTextField("正文", blank=True)
    authors = ParentalManyToManyField(Author, blank=True, verbose_name="作者")

    search_fields = [*Page.search_fields, index.SearchField("intro"), index.SearchField("body")]
    content_panels = [
        *Page.content_panels,
        "date",
        FieldPanel("authors", widget=forms.CheckboxSelectMultiple),
        "intro",
        "body",
    ]
