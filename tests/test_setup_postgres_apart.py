"""A PostgreSQL server of one run's own that crashes and loses nothing."""

import os

import psycopg2
import pytest

from workbench import database, postgres, postgres_apart


@pytest.fixture
def shared(tmp_path, monkeypatch):
    """The workbench's own server in a cache of this test's own, with a database."""
    for name in ("PGHOST", "PGUSER", "PGPORT", "PGPASSWORD", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AC_WORKBENCH", str(tmp_path))
    with postgres.running():
        database.create("ac_shop", None)
        sql("CREATE TABLE sold (name text)")
        sell("before")
        yield os.environ["PGHOST"]


def sql(query, *values):
    connection = postgres.connect("ac_shop")
    try:
        with connection.cursor() as cursor:
            cursor.execute(query, values)
            return cursor.fetchall() if cursor.description else None
    finally:
        connection.close()


def sell(name):
    sql("INSERT INTO sold VALUES (%s)", name)


def sold():
    return [name for (name,) in sql("SELECT name FROM sold ORDER BY ctid")]


def test_what_is_committed_survives_a_crash(shared):
    with postgres_apart.moved("ac_shop") as server:
        sell("apart")
        connection = postgres.connect("ac_shop")
        server.crash()
        with pytest.raises(psycopg2.Error), connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        server.start()
        assert sold() == ["before", "apart"]


def test_the_other_server_goes_on_undisturbed(shared):
    connection = postgres.connect("ac_shop")
    with postgres_apart.moved("ac_shop") as server:
        assert os.environ["PGHOST"] != shared
        sell("apart")
        server.crash()
        server.start()
    assert os.environ["PGHOST"] == shared
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    connection.close()
    assert sold() == ["before"]


def test_nothing_is_left_when_it_is_left_crashed(shared):
    with postgres_apart.moved("ac_shop") as server:
        server.crash()
    assert not server.data.parent.exists()
    assert sold() == ["before"]
