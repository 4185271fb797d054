"""Where the paper's data is: database, standby, short memory, queues."""

from typing import Any

import environ

from .environment import VAR_DIR, env


def database(url: str) -> dict[str, Any]:
    """Return Django's settings for the database at ``url``.

    SQLite gets what several writers need: a journal that readers do not block (WAL), a wait
    instead of an error while others write (a minute: those who wait do not queue, and twenty on a
    busy machine were seen to need more than twenty seconds), and transactions that take the write
    lock at their beginning, since one that asks for it half-way fails at once ("database is
    locked"). What is committed is on the disk (synchronous=FULL): a receipt is given for it. What
    is erased is overwritten (secure_delete).

    PostgreSQL that does not answer is given up soon, and so is a page's statement that takes long
    (STATEMENT_SECONDS, which hzgy.wsgi sets; commands may take their time). What is prepared is
    planned once, for whatever values (newsroom.planned), and connections stay for long enough that
    it is asked again. A paper lies in memory, where a row here and there costs what the next row
    does; PostgreSQL, which reckons with a disk that turns, would read every page of the archive for
    a year of it.
    """
    settings: dict[str, Any] = environ.Env.db_url_config(url)
    if settings["ENGINE"] == "django.db.backends.sqlite3":
        # While nobody has it open, SQLite takes its journal away; on a full disk it could not make
        # it again, and nobody could read.
        settings["CONN_MAX_AGE"] = None
        settings["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 60,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                "PRAGMA secure_delete=ON;"
            ),
        }
    else:
        settings["CONN_MAX_AGE"] = 600
        settings["CONN_HEALTH_CHECKS"] = True
        milliseconds = env.int("STATEMENT_SECONDS", default=0) * 1000
        settings["OPTIONS"] = {
            "connect_timeout": 5,
            # A machine that vanished is noticed within half a minute.
            **{"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3},
            "tcp_user_timeout": 30_000,
            "options": (
                f"-c statement_timeout={milliseconds} -c random_page_cost=1.1 -c jit=off"
                " -c plan_cache_mode=force_generic_plan"
            ),
            **settings.get("OPTIONS", {}),
        }
    return settings


DATABASES = {"default": database(env("DATABASE_URL", default=f"sqlite:///{VAR_DIR}/db.sqlite3"))}
# A standby that readers' pages are read from, and how much older than the primary they may be.
if replica := env("DATABASE_REPLICA_URL", default=""):
    DATABASES["replica"] = database(replica) | {
        # One that hangs is to be known as away soon.
        "OPTIONS": {"connect_timeout": 2, "tcp_user_timeout": 3000},
        "TEST": {"MIRROR": "default"},
    }
    DATABASE_ROUTERS = ["operations.replica.router.ReaderRouter"]
DATABASE_REPLICA_MOST_SECONDS = env.int("DATABASE_REPLICA_MOST_SECONDS", default=5)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The form's limits count in it: several processes or machines need one cache between them.
CACHES = {"default": env.cache_url("CACHE_URL", default="locmemcache://?max_entries=100000")}
if CACHES["default"]["BACKEND"] == "django.core.cache.backends.redis.RedisCache":
    CACHES["default"]["BACKEND"] = "operations.caching.PatientRedisCache"

# Wagtail's own tasks (search index, …) run at once: queued, the search would go stale without a
# worker. Ours that may wait or fail, such as mail, are queued in the database.
TASKS = {
    "default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"},
    "background": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []},
    # Of their own, so that no mail waits while a back number is typeset.
    "editions": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []},
    # Nor any mail to the newsroom or to a sender while an issue goes out to its subscribers.
    "subscriptions": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []},
    # And readers see a correction at once, whatever else is going on.
    "front": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []},
}
