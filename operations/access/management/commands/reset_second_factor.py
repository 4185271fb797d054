"""Let an account sign in by password alone: for when the admin's own phone is gone."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from operations.access.lockout import open_again
from operations.access.second_factor import take_away


class Command(BaseCommand):
    help = "停用一个账号的手机验证，并解除登录暂停 / take an account's second factor and lock away"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="用户名 / the user name")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["name"]).first()
        if user is None:
            raise CommandError(f"没有这个账号：{options['name']} / no such account")
        take_away(user=user, by=None)
        open_again(username=user.get_username())
        self.stdout.write(f"{user.get_username()}：手机验证已停用，登录暂停已解除。")
