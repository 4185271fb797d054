"""Let readers of a paper that stays inside log in, and out; the admin has its own door."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from .circulating import may_keep_for_everybody
from .page_facts import page_facts

__all__ = ["Login", "Logout"]

WRONG = "没有登录：用户名或密码不对。请再输一次，注意字母的大小写；忘了密码，请找编辑部。"


class ReaderLoginForm(AuthenticationForm):
    """Name and password; what is wrong is said alike, whether or not there is such an account."""

    error_messages = {"invalid_login": WRONG, "inactive": WRONG}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "用户名"
        self.fields["password"] = forms.CharField(
            label="密码",
            strip=False,
            widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        )


class Login(LoginView):
    """One page for whoever has an account, with or without a way into the admin."""

    template_name = "newsroom/login.html"
    authentication_form = ReaderLoginForm
    next_page = "/"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Be there only while there is something inside, or somebody to let out."""
        if may_keep_for_everybody() and not request.user.is_authenticated:
            raise Http404("本报对所有人开放，看报不用登录。")
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Tell the page what it is, and nobody where it is found."""
        facts = page_facts(self.request, None, title="读者登录")
        return {**super().get_context_data(**kwargs), **facts, "canonical_url": ""}


class Logout(LogoutView):
    """Back to the page for logging in, since who reads inside may share the computer."""

    next_page = "login"
