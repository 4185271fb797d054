"""Addresses of desk.review below the admin."""

from django.urls import path

from . import comparing, review_page, sheet_pages, views

urlpatterns = [
    path("articles/<int:page_id>/changes/", comparing.changes, name="desk_changes"),
    path("articles/<int:page_id>/sheet/", sheet_pages.article_sheet, name="desk_article_sheet"),
    path("issues/<int:page_id>/sheet/", sheet_pages.issue_sheet, name="desk_issue_sheet"),
    path("articles/<int:page_id>/review/", review_page.review, name="desk_review"),
    path("articles/<int:page_id>/submit/", review_page.submit, name="desk_submit"),
    path("articles/<int:page_id>/proof/", review_page.proof, name="desk_proof"),
    path("articles/<int:page_id>/recall/", views.recall, name="desk_recall"),
]
