"""Who sees how the paper does: monitors, numbers, reports of errors, the log."""

import os
from pathlib import Path

from .environment import env

# Who is told at /healthz what is wrong, and when the disk counts as full (docs/operating.md).
HEALTH_NETWORKS = env.list("HEALTH_NETWORKS", default=["127.0.0.0/8", "::1/128"])
# Where the processes that serve count together, for `serve_metrics`; nowhere unless set.
METRICS_DIR = env.str("METRICS_DIR", default="")
if METRICS_DIR:
    Path(METRICS_DIR).mkdir(parents=True, exist_ok=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = METRICS_DIR  # read when its library is imported
DISK_LEAST_FREE_MB = env.int("DISK_LEAST_FREE_MB", default=500)

# Who hears of errors, by mail or in a Sentry (docs/operating.md).
ADMINS = [("", address) for address in env.list("ERRORS_TO", default=[])]
SENTRY_DSN = env.str("SENTRY_DSN", default="")

# What goes wrong is said on stderr, which gunicorn and systemd keep: as lines, or as JSON.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "operations.logs.LineFormatter"},
        "json": {"()": "operations.logs.JsonFormatter"},
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": env.str("LOG_FORMAT", default="line"),
        },
        "error_mails": {"class": "operations.reporting.ErrorMails"},
    },
    "root": {"handlers": ["stderr", "error_mails"], "level": "WARNING"},
    "loggers": {
        "django.request": {"level": "ERROR"},  # a 404 is no event
        # Django would mail it, with what was posted, as soon as there are ADMINS.
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
    },
}
