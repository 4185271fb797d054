"""Addresses of desk.board below the admin."""

from django.urls import path

from . import adding_views, files_view, views

urlpatterns = [
    path("current/", views.current, name="desk_current"),
    path("issues/next/", adding_views.begin, name="desk_next_issue"),
    path("issues/<int:pk>/", views.board, name="desk_board"),
    path("issues/<int:pk>/rows/", views.rows, name="desk_board_rows"),
    path("issues/<int:pk>/act/", views.act, name="desk_board_act"),
    path("issues/<int:pk>/files/<str:file>", files_view.take_along, name="desk_board_file"),
    path("issues/<int:pk>/add/", adding_views.add, name="desk_board_add"),
    path("issues/<int:pk>/paste/", adding_views.paste, name="desk_board_paste"),
    path(
        "issues/<int:pk>/contributions/",
        adding_views.contributions,
        name="desk_board_contributions",
    ),
]
