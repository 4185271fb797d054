"""Serve numbers for Prometheus, on a port of their own."""

from __future__ import annotations

import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.multiprocess import MultiProcessCollector

from operations.metrics.state import State


def registry() -> CollectorRegistry:
    """Return all there is to tell: the state, and what the processes that serve counted."""
    told = CollectorRegistry()
    told.register(State())
    if settings.METRICS_DIR:
        MultiProcessCollector(told, path=settings.METRICS_DIR)
    return told


class Command(BaseCommand):
    """Answer Prometheus until a signal comes."""

    help = "Serve numbers for Prometheus, to this machine only unless told otherwise."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take where to listen."""
        parser.add_argument("--address", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=9108)

    def handle(self, *args: Any, address: str, port: int, **options: Any) -> None:
        """Serve until a signal comes."""
        ended = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: ended.set())
        server, thread = start_http_server(port, address, registry())
        self.stdout.write(f"http://{address}:{server.server_port}/metrics")
        self.stdout.flush()
        ended.wait()
        server.shutdown()
        thread.join()
