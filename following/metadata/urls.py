"""Addresses of what machines read of the paper: robots.txt, sitemaps, citations, codes."""

from django.urls import path, re_path

from . import views

urlpatterns = [
    path("robots.txt", views.robots_txt, name="robots"),
    path("opensearch.xml", views.opensearch, name="opensearch"),
    path("sitemap.xml", views.sitemap_index, name="sitemap_index"),
    re_path(
        r"^sitemap-(?P<name>lists|news|[1-9][0-9]{3})(?:-(?P<part>[2-9]|[1-9][0-9]{1,4}))?\.xml$",
        views.sitemap,
        name="sitemap",
    ),
    re_path(
        r"^(?P<number>[1-9][0-9]{0,4})/(?P<article>[1-9][0-9]{0,8})\.(?P<form>ris|bib)$",
        views.cite,
        name="citation",
    ),
    re_path(r"^(?P<number>[1-9][0-9]{0,4})/qr\.svg$", views.issue_qr, name="issue_qr"),
    re_path(
        r"^(?P<number>[1-9][0-9]{0,4})/(?P<article>[1-9][0-9]{0,8})/qr\.svg$",
        views.article_qr,
        name="article_qr",
    ),
]
