"""The way in: password, second step, and enrolling a phone."""

from __future__ import annotations

import math
from http import HTTPStatus
from typing import Any

import segno
from django.conf import settings
from django.contrib.auth import login, update_session_auth_hash
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST
from django_otp import login as mark_verified
from django_otp.plugins.otp_totp.models import TOTPDevice
from wagtail.admin import messages
from wagtail.admin.views.account import LoginView
from wagtail.log_actions import log
from wagtail.views import authenticate_with_password

from accounts.models import User
from newsroom.limits import TooMany, address_of, count
from newsroom.login_views import Login
from operations.error_pages import error_page

from . import lockout, second_factor
from .forms import CodeForm
from .noting import note

HALF_WAY = "second_step"
KEY = "phone_key"
PATIENCE = 600  # seconds between the password and the code
WRONG = "验证码不对。请看手机上现在的六位数字，再填一遍；手机的时间要准。恢复码每个只能用一次。"
OTHER_KEY = "密钥已经换了，刚才的用不上：请用手机重新扫这个二维码，再填新的六位数字。"
WAIT = "刚才填错了，请过{seconds}秒再填。"
MAY_CHANGE_USERS = "accounts.change_user"


class _HalfWay:
    """A way in that stops half-way where a second step is due: nobody is in yet."""

    def get_success_url(self) -> str:
        """Return where whoever comes in is led: an address of ours, never the name of a view."""
        wanted: str = super().get_success_url()  # type: ignore[misc]  # of what it is mixed into
        return wanted if wanted.startswith("/") else reverse("wagtailadmin_home")

    def form_valid(self, form: Any) -> HttpResponse:
        """Let in who needs a password alone."""
        user = form.get_user()
        if second_factor.device_of(user) is None:
            return super().form_valid(form)  # type: ignore[misc]  # of what it is mixed into
        self.request.session.cycle_key()
        self.request.session[HALF_WAY] = {
            "user": user.pk,
            "proof": user.get_session_auth_hash(),
            "backend": user.backend,
            "remember": bool(form.cleaned_data.get("remember", True)),  # a reader is not asked
            "next": self.get_success_url(),
            "at": int(timezone.now().timestamp()),
        }
        return redirect("second_step")


@method_decorator([never_cache, sensitive_post_parameters("password")], name="dispatch")
class SignIn(_HalfWay, LoginView):
    """Wagtail's way in."""


class ReaderSignIn(_HalfWay, Login):
    """The readers' way in."""


def page_password(request: HttpRequest, **which: int) -> HttpResponse:
    """Take the password of a closed page (a view restriction), not as often as somebody guesses."""
    if request.method == "POST":
        try:
            count("page_password", address_of(request), from_one=30, in_all=600)
        except TooMany:
            return error_page(request, HTTPStatus.TOO_MANY_REQUESTS)
    answer: HttpResponse = authenticate_with_password(request, **which)
    return answer


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def second_step(request: HttpRequest) -> HttpResponse:
    """Ask for the code, and let in."""
    half_way = request.session.get(HALF_WAY) or {}
    user = User.objects.filter(pk=half_way.get("user", 0), is_active=True).first()
    late = timezone.now().timestamp() - half_way.get("at", 0) > PATIENCE
    if user is None or late or user.get_session_auth_hash() != half_way["proof"]:
        request.session.pop(HALF_WAY, None)
        return redirect("wagtailadmin_login")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        device = _checked(request, user, form)
        if device:
            del request.session[HALF_WAY]
            user.otp_device = device  # django-otp takes it from here
            login(request, user, backend=half_way["backend"])
            request.session.set_expiry(settings.SESSION_COOKIE_AGE if half_way["remember"] else 0)
            return redirect(half_way["next"])
    return TemplateResponse(request, "access/second_step.html", {"form": form})


def _checked(request: HttpRequest, user: User, form: CodeForm) -> Any:
    """Return the device that gave the code of ``form``, or say in it what is wrong."""
    code = form.cleaned_data["code"]
    until = second_factor.free_again_at(user, code)
    device = None if until else second_factor.check(user=user, code=code)
    if until:
        seconds = math.ceil((until - timezone.now()).total_seconds())
        form.add_error("code", WAIT.format(seconds=seconds))
    elif device is None:
        note("access.wrong_code", user=user, request=request)
        form.add_error("code", WRONG)
    return device


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def phone(request: HttpRequest) -> HttpResponse:
    """One's own second factor: enrol a phone, or change what is there."""
    if settings.SECOND_FACTOR == second_factor.OFF:
        return redirect("wagtailadmin_account")
    user: Any = request.user
    form = CodeForm(request.POST or None)
    form.fields["code"].widget.attrs.pop("autofocus", None)
    enrolled = second_factor.device_of(user)
    codes: list[str] | None = None
    if request.method == "POST" and form.is_valid():
        if enrolled is None:
            shown = second_factor.waiting_for(user, request.session.get(KEY, 0))
            if shown is None:
                form.add_error("code", OTHER_KEY)
            elif codes := second_factor.enrol(
                user=user, waiting=shown, code=form.cleaned_data["code"]
            ):
                enrolled = second_factor.device_of(user)
                _stay(request, user, enrolled)
            else:
                form.add_error("code", WRONG)
        elif _checked(request, user, form):
            if "take_away" in request.POST:
                second_factor.take_away(user=user, by=user)
                _stay(request, user, None)
                messages.success(request, "原来的手机已停用。现在登录只要密码；请尽快启用新手机。")
                return redirect("second_factor")
            codes = second_factor.new_codes(user=user)
    context = {
        "form": form,
        "codes": codes,
        "enrolled": enrolled,
        "left": second_factor.codes_left(user),
        "required": settings.SECOND_FACTOR == second_factor.REQUIRED,
        **({} if enrolled else _key(_waiting(request, user))),
        "page_title": "手机验证",
        "header_title": "手机验证",
        "header_icon": "lock",
    }
    return TemplateResponse(request, "access/phone.html", context)


def _waiting(request: HttpRequest, user: User) -> TOTPDevice:
    """Return a key that nobody has seen yet, for this session alone; a slip does not change it."""
    shown = second_factor.waiting_for(user, request.session.get(KEY, 0))
    if request.method == "POST" and shown:
        return shown
    device = second_factor.prepare(user)
    request.session[KEY] = device.pk
    return device


def _stay(request: HttpRequest, user: User, device: TOTPDevice | None) -> None:
    """Go on in this session while all others of the same account have ended."""
    update_session_auth_hash(request, user)
    if device:
        mark_verified(request, device)


def _key(device: TOTPDevice) -> dict[str, str]:
    """Return the key that a phone is to take in: as a picture, and to be typed."""
    url = device.config_url
    secret = url.partition("secret=")[2].partition("&")[0]
    return {
        "picture": segno.make(url, error="m").svg_data_uri(scale=5, border=2, light="#fff"),
        "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
    }


def _somebody(request: HttpRequest, pk: int) -> User:
    """Return a colleague, for who may change accounts; the admin's for the admin alone."""
    if not request.user.has_perm(MAY_CHANGE_USERS):
        raise PermissionDenied
    user = get_object_or_404(User, pk=pk)
    if user.is_superuser and not request.user.is_superuser:
        raise PermissionDenied
    return user


@never_cache
@require_http_methods(["GET", "POST"])
def take_away(request: HttpRequest, pk: int) -> HttpResponse:
    """Let somebody who lost phone and codes sign in by password alone."""
    user = _somebody(request, pk)
    if request.method == "POST":
        by: Any = request.user
        second_factor.take_away(user=user, by=by)
        messages.success(
            request, f"{user}的手机验证已停用，已登录的都退出了。请本人登录后重新启用。"
        )
        return redirect("wagtailusers_users:index")
    context = {"somebody": user, "page_title": "停用手机验证", "header_icon": "lock"}
    return TemplateResponse(request, "access/take_away.html", context)


@require_POST
def unlock(request: HttpRequest) -> HttpResponse:
    """Open the door again to a name that was shut out, or to all names from an address."""
    if not request.user.has_perm("access.view_security_log"):
        raise PermissionDenied
    if address := request.POST.get("address", ""):
        lockout.open_again(address=address)
        by: Any = request.user
        log(instance=by, action="access.unlock", user=by, data={"address": address})
        messages.success(request, f"从{address}现在可以再登录了。")
        return redirect(reverse("security_log"))
    name = request.POST.get("name", "")
    lockout.open_again(username=name)
    if user := User.objects.filter(username__iexact=name).first():
        log(instance=user, action="access.unlock", user=request.user)
    messages.success(request, f"“{name}”现在可以再登录了。")
    return redirect(reverse("security_log"))
