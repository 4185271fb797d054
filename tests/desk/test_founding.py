"""Setting up again fills what an upgrade brings, and gives nothing back that an admin took."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group

from desk.founding import ROLES, set_up

pytestmark = pytest.mark.django_db


def held_by(role: str) -> set[str]:
    return set(
        Group.objects.get(name=role)
        .permissions.filter(content_type__app_label="contributions")
        .values_list("codename", flat=True)
    )


@pytest.mark.parametrize("role", sorted(ROLES))
def test_each_role_may_do_with_contributions_what_the_table_says(
    unfounded: None, role: str
) -> None:
    set_up()
    assert held_by(role) == set(ROLES[role]["contributions"])


def test_an_upgrade_gives_the_roles_what_nobody_has_yet() -> None:
    for group in Group.objects.all():
        group.permissions.remove(*group.permissions.filter(content_type__app_label="contributions"))
    set_up()
    assert held_by("编辑") == set(ROLES["编辑"]["contributions"])


def test_what_an_admin_took_from_a_role_is_not_given_back() -> None:
    editors = Group.objects.get(name="编辑")
    editors.permissions.remove(*editors.permissions.filter(content_type__app_label="contributions"))
    set_up()
    assert held_by("编辑") == set()
