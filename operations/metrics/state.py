"""Read from the database and the disks how the paper is, each time somebody asks."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator

from django.conf import settings
from django.db import Error, connections
from django.db.models import Count, Max, Min
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from contributions import outbox
from contributions.models import Contribution
from following.mail import sending
from following.mail.models import Subscription
from issues.models import IssuePage
from operations.health.checks import places
from operations.health.heartbeats import PARTS
from operations.models import Heartbeat

__all__ = ["State"]


class State(Collector):
    """How long queues are, who is alive, how much room there is."""

    def collect(self) -> Iterator[Metric]:
        """Yield every number; those of the database only while it answers."""
        yield _disks()
        try:
            told = [each() for each in OF_DATABASE]
        except Error:
            told = []
        finally:
            # Each question comes in a thread of its own.
            for connection in connections.all(initialized_only=True):
                if not connection.in_atomic_block:
                    connection.close()
        yield _gauge("paper_database_up", "Whether the database answers.", float(bool(told)))
        for metrics in told:
            yield from metrics


def _gauge(name: str, text: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, text, value=value)


def _disks() -> GaugeMetricFamily:
    free = GaugeMetricFamily("paper_disk_free_bytes", "Free on a disk we write to.", labels=["at"])
    for place in places():
        if place.exists():
            free.add_metric([str(place)], shutil.disk_usage(place).free)
    return free


def _queues() -> list[Metric]:
    """Count what waits, for how long, and what failed, in each queue."""
    queues = sorted(name for name in settings.TASKS if name != "default")
    length = GaugeMetricFamily("paper_queue_length", "Tasks that wait.", labels=["queue"])
    oldest = GaugeMetricFamily(
        "paper_queue_oldest_seconds", "How long the oldest has waited.", labels=["queue"]
    )
    failed = GaugeMetricFamily(
        "paper_tasks_failed", "Tasks that failed and are still on record.", labels=["queue"]
    )
    now = timezone.now()
    for queue in queues:
        rows = DBTaskResult.objects.filter(backend_name=queue)
        waiting = rows.ready().aggregate(count=Count("pk"), first=Min("enqueued_at"))
        length.add_metric([queue], waiting["count"])
        first = waiting["first"] or now
        oldest.add_metric([queue], (now - first).total_seconds())
        failed.add_metric([queue], rows.filter(status=TaskResultStatus.FAILED).count())
    return [length, oldest, failed]


def _heartbeats() -> list[Metric]:
    age = GaugeMetricFamily(
        "paper_heartbeat_age_seconds", "Since a part was last alive.", labels=["part"]
    )
    now = timezone.now()
    for part, at in Heartbeat.objects.filter(part__in=PARTS).values_list("part", "at"):
        age.add_metric([part], (now - at).total_seconds())
    return [age]


def _mails() -> list[Metric]:
    failing = GaugeMetricFamily(
        "paper_mails_failing", "Mails (or issues to be mailed) that are tried again.", labels=["of"]
    )
    failing.add_metric(["contributions"], outbox.failing().count())
    failing.add_metric(["subscriptions"], sending.failing().count())
    return [failing]


def _newsroom() -> list[Metric]:
    published = IssuePage.objects.published().aggregate(last=Max("first_published_at"))["last"]
    readers = Subscription.objects.filter(confirmed_at__isnull=False).count()
    unread = Contribution.objects.unread().count()
    return [
        _gauge(
            "paper_last_publish_timestamp_seconds",
            "When the last issue came out.",
            published.timestamp() if published else 0,
        ),
        _gauge("paper_subscriptions", "Confirmed subscriptions by mail.", readers),
        _gauge("paper_contributions_waiting", "Contributions nobody has opened.", unread),
    ]


OF_DATABASE: tuple[Callable[[], list[Metric]], ...] = (_queues, _heartbeats, _mails, _newsroom)
