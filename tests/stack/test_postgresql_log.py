"""What the paper says to PostgreSQL is not in PostgreSQL's log, not even when it fails."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import closing

import psycopg2
import pytest
from django.conf import settings

from bench.databases import Postgres

pytestmark = pytest.mark.stack

TELLING = "王某 13800000000"
TABLE = """
CREATE TABLE letter (name text UNIQUE, text varchar(20) NOT NULL CHECK (text <> 'x'));
GRANT ALL ON letter TO press
"""
# Each fails in a way of its own; the log tells the value in another place each time.
FAILING = {
    "duplicate key value": "INSERT INTO letter VALUES (%s, 'a'), (%s, 'b')",
    "null value": "INSERT INTO letter VALUES (%s, NULL)",
    "violates check constraint": "INSERT INTO letter VALUES (%s, 'x')",
    "value too long": "INSERT INTO letter VALUES ('a', %s || repeat('长', 20))",
    "canceling statement": "SET statement_timeout = 50; SELECT pg_sleep(5), %s",
    "does not exist": "SELECT text FROM contribution WHERE text LIKE %s",
    "in a function": "DO $$ BEGIN RAISE 'in a function' USING DETAIL = %s, HINT = %s; END $$",
}


@pytest.fixture(scope="module")
def cluster() -> Iterator[Postgres]:
    """A cluster with a role like the paper's, which may do nothing special."""
    database = Postgres()
    try:
        database.ask("CREATE ROLE press LOGIN", TABLE)
        yield database
    finally:
        database.close()


def logged(cluster: Postgres, statement: str) -> str:
    """Return what the cluster writes down while the role says something that fails."""
    log = cluster.place / "log"
    begun = log.stat().st_size
    with closing(psycopg2.connect(cluster.url.replace("paper@", "press@"))) as connection:
        connection.autocommit = True
        with pytest.raises(psycopg2.Error):
            connection.cursor().execute(statement, [TELLING] * statement.count("%s"))
    return log.read_bytes()[begun:].decode()


def test_a_statement_that_fails_leaves_no_value_in_the_log(cluster: Postgres) -> None:
    before = {said: logged(cluster, statement) for said, statement in FAILING.items()}
    assert all(TELLING in told for told in before.values())

    as_installed = ["--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", "--set", "role=press"]
    with (settings.BASE_DIR / "deploy/role.sql").open() as role:
        subprocess.run(["psql", cluster.url, *as_installed], stdin=role, check=True)

    for said, statement in FAILING.items():
        told = logged(cluster, statement)
        assert said in told  # that it failed is told
        assert TELLING not in told
        assert "STATEMENT:" not in told
        assert "DETAIL:" not in told


def test_installing_says_this_to_postgresql() -> None:
    script = (settings.BASE_DIR / "deploy/install.sh").read_text()
    made = script.partition("make_database() {")[2].partition("\n}")[0]
    assert "--set ON_ERROR_STOP=1" in made
    assert '--set role="$PAPER_USER" <deploy/role.sql' in made
