"""Set the newsroom up; safe to run again."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from desk.founding import publish_sample, set_up


class Command(BaseCommand):
    """Make the paper's root, roles, review and first admin where they are missing."""

    help = "Make the paper's root, roles, review and first admin where they are missing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--admin", default="admin", help="name of the first admin account")
        parser.add_argument(
            "--sample", type=Path, metavar="FOLDER", help="publish this issue if there is none"
        )

    def handle(self, *args: Any, admin: str, sample: Path | None, **options: Any) -> None:
        """Set up, and print the admin's password the only time it can be known."""
        made = set_up(admin_name=admin)
        if made:
            self.stdout.write(
                f"管理员账号已建好（密码只显示这一次，请记下）：\n"
                f"  用户名 {made.name}\n  密码   {made.password}"
            )
        else:
            self.stdout.write("编辑部已就绪。")
        if sample and (issue := publish_sample(folder=sample)):
            self.stdout.write(f"样刊{issue}已载入并出版。")
