"""The statements of the paper: what it is, who can read it, and what it keeps of whom."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from .page_facts import page_facts


@require_safe
def about(request: HttpRequest) -> TemplateResponse:
    """Show what the paper says about itself."""
    return TemplateResponse(
        request, "pages/about.html", page_facts(request, None, title="关于本报")
    )


@require_safe
def accessibility(request: HttpRequest) -> TemplateResponse:
    """State how far the site can be read by everybody."""
    return TemplateResponse(
        request, "pages/accessibility.html", page_facts(request, None, title="无障碍声明")
    )


@require_safe
def privacy(request: HttpRequest) -> TemplateResponse:
    """State what is kept of readers, of senders and of subscribers."""
    return TemplateResponse(
        request,
        "pages/privacy.html",
        {
            **page_facts(request, None, title="隐私说明"),
            "keep_days": settings.CONTRIBUTIONS_KEEP_DAYS,
            "keep_contact_days": settings.CONTRIBUTIONS_KEEP_CONTACT_DAYS,
            "wechat": settings.WECHAT_APP_ID and settings.WECHAT_APP_SECRET,
        },
    )
