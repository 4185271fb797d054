"""Who may not do it with contributions does not, by whatever door."""

from __future__ import annotations

import pytest
from wagtail.log_actions import registry as log_registry

from contributions import triage
from contributions.triage import TriageRefused
from tests.contributions.factories import make_contribution
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_who_may_not_read_leaves_it_unread() -> None:
    contribution = make_contribution()
    with pytest.raises(TriageRefused, match="没有看来稿的权限"):
        triage.read(contribution=contribution, by=make_user())
    contribution.refresh_from_db()
    assert contribution.unread
    assert not log_registry.get_logs_for_instance(contribution).exists()
