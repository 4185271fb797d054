"""Say to robots where there is nothing for them."""

from __future__ import annotations

__all__ = ["robots"]

SHUT = ("/admin/", "/search/", "/preview/", "/contribute/status/", "/unsubscribe/")


def robots(*, sitemap_url: str, closed: bool = False) -> str:
    """Return robots.txt; ``closed`` is a paper that wants to be in no search engine."""
    if closed:
        return "User-agent: *\nDisallow: /\n"
    shut = "".join(f"Disallow: {address}\n" for address in SHUT)
    return f"User-agent: *\n{shut}\nSitemap: {sitemap_url}\n"
