"""Search all pages, as the project template does."""

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.template.response import TemplateResponse
from wagtail.models import Page

ON_A_PAGE = 10


def search(request: HttpRequest) -> TemplateResponse:
    """Answer a question with pages that are live, whatever they are."""
    question = request.GET.get("query", "")
    found = Page.objects.live().search(question) if question else Page.objects.none()
    pages = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    return TemplateResponse(
        request, "tutorial_site/search.html", {"question": question, "pages": pages}
    )
