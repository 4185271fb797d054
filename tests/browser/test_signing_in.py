"""The second step, as somebody at the desk takes it; the policy of the admin forbids none of it."""

from __future__ import annotations

import base64
import re

from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice
from playwright.sync_api import expect

from tests.factories import make_user


def test_enrolling_a_phone_and_signing_in_with_it(desk) -> None:
    make_user("编辑", username="editor")
    page = desk("editor")
    page.goto("/admin/phone/")
    picture = page.get_by_alt_text(re.compile("二维码"))
    assert picture.evaluate("image => image.complete && image.naturalWidth > 100")
    key = base64.b32decode(page.locator(".access__secret").inner_text().replace(" ", ""))
    page.get_by_label("验证码").fill(f"{TOTP(key).token():06}")
    page.get_by_role("button", name="启用手机验证").click()
    codes = page.locator(".access__codes code")
    expect(codes).to_have_count(10)
    code = codes.first.inner_text()
    page.get_by_role("link", name="抄好了").click()
    page.wait_for_url("**/admin/")

    other = desk("")
    for given, where in (("x", "**/second-step/"), (code, "**/admin/")):
        if "second-step" not in other.url:
            other.fill("[name=username]", "editor")
            other.fill("[name=password]", "x")
            other.keyboard.press("Enter")
            other.wait_for_url("**/second-step/")
        other.get_by_label("验证码").fill(given)
        with other.expect_navigation():
            other.get_by_role("button", name="登录").click()
        if given == "x":
            expect(other.get_by_role("alert")).to_contain_text("验证码不对")
            TOTPDevice.objects.update(throttling_failure_count=0)
            other.wait_for_timeout(1500)  # the first slip costs a second
        other.wait_for_url(where)
