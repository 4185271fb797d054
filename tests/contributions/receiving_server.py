"""An application that says what ``receive`` made of a body, for a real server to run."""

import json
import os
from collections.abc import Callable, Iterable
from typing import Any

import django
from django.core.handlers.wsgi import WSGIRequest

os.environ["DJANGO_SETTINGS_MODULE"] = "hzgy.settings.test"
django.setup()

from contributions import receiving  # noqa: E402 - after the settings
from contributions.receiving import BodyRefused, receive  # noqa: E402

receiving.PATIENCE_SECONDS = 2.0


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    request = WSGIRequest(environ)
    report: dict[str, Any] = {"status": 200}
    try:
        receive(request)
    except BodyRefused as refusal:
        report["status"] = refusal.status
    report["fields"] = request.POST.dict()
    report["files"] = {name: file.size for name, file in request.FILES.items()}
    request.close()
    if told := os.environ.get("REPORT_TO"):
        with open(told, "a") as reports:
            reports.write(json.dumps(report) + "\n")
    body = json.dumps(report).encode()
    start_response(
        f"{report['status']} Told",
        [("Content-Type", "application/json"), ("Content-Length", str(len(body)))],
    )
    return [body]
