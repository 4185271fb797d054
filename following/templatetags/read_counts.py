"""What reader pages show of the counts: the script that counts, and what is read most."""

from django import template
from django.http import HttpRequest
from django.urls import reverse

from articles.models import ArticlePage
from following.counts.popular import most_read_lately

register = template.Library()


@register.simple_tag
def count_address(article: ArticlePage) -> str:
    """Return where the reading of ``article`` is counted."""
    return reverse("count_read", args=[article.issue.slug, article.number])


@register.simple_tag(takes_context=True)
def popular_articles(context: template.Context, number: int) -> dict[str, object]:
    """Return what is read most lately, ``articles``, and within which ``span``."""
    request: HttpRequest = context["request"]
    span, articles = most_read_lately(request, number)
    return {"span": span, "articles": articles}
