"""The workbench's own PostgreSQL, and databases on it."""

import os
import subprocess
import sys
import textwrap

import psycopg2
import pytest

from workbench import database, postgres
from workbench.problem import Problem


@pytest.fixture
def own_server(tmp_path, monkeypatch):
    """No server in the environment, and a cache of this test's own."""
    for name in ("PGHOST", "PGUSER", "PGPORT", "PGPASSWORD", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AC_WORKBENCH", str(tmp_path))


@pytest.fixture
def server(own_server):
    with postgres.running() as description:
        yield description


def names():
    return set(database._names(""))


def test_it_runs_for_as_long_as_somebody_uses_it(own_server):
    code = """
        import sys
        from workbench import postgres
        with postgres.running():
            print("up", flush=True)
            sys.stdin.readline()
            postgres.connect().close()
        print("left", flush=True)
        """
    other = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert other.stdout.readline() == "up\n"
    with postgres.running():
        socket = os.environ["PGHOST"]
    assert "PGHOST" not in os.environ
    answer, _ = other.communicate("go on\n")
    assert (answer, other.returncode) == ("left\n", 0)
    with pytest.raises(psycopg2.OperationalError):
        psycopg2.connect(dbname="postgres", user=postgres.USER, host=socket)


def test_a_long_path_of_the_cache(own_server, tmp_path, monkeypatch):
    deep = tmp_path / ("a" * 60) / ("b" * 60)
    deep.mkdir(parents=True)
    monkeypatch.setenv("AC_WORKBENCH", str(deep))
    with postgres.running() as description:
        assert "PostgreSQL" in description


def test_template_and_clone_with_files(server):
    made = []

    def fill(name):
        made.append(name)
        database.filestore(name).mkdir(parents=True)
        (database.filestore(name) / "file").write_text("content")

    for _twice in range(2):
        assert database.template("ac_t", None, fill) == "ac_t"
    database.create("ac_clone", "ac_t")
    assert made == ["ac_t_making"]
    assert {"ac_t", "ac_clone"} <= names() and "ac_t_making" not in names()
    assert (database.filestore("ac_clone") / "file").read_text() == "content"
    database.drop("ac_clone")
    assert "ac_clone" not in names() and not database.filestore("ac_clone").exists()


def test_a_template_whose_making_failed_is_made_again(server):
    def fail(name):
        database.filestore(name).mkdir(parents=True)
        raise Problem("the installation failed")

    with pytest.raises(Problem):
        database.template("ac_t", None, fail)
    assert "ac_t" not in names()
    database.template("ac_t", None, lambda name: None)
    assert "ac_t" in names() and not database.filestore("ac_t").exists()


def test_databases_of_ended_runs_are_dropped(server):
    ended = subprocess.Popen(["true"])
    ended.wait()
    abandoned = database.run_name(1).replace(str(os.getpid()), str(ended.pid))
    for name in (abandoned, database.run_name(1)):
        database.create(name, None)
    database.drop_abandoned()
    assert database.run_name(1) in names() and abandoned not in names()


def test_old_templates_are_dropped(server):
    for number in range(5):
        database.create(f"ac_addon_{number}", None)
    database.prune("ac_addon_", keep=2)
    assert {n for n in names() if n.startswith("ac_addon")} == {
        "ac_addon_3",
        "ac_addon_4",
    }


def test_url():
    assert postgres.from_url("postgresql://me:p%40ss@db.example.com:6543/x") == {
        "PGHOST": "db.example.com",
        "PGPORT": "6543",
        "PGUSER": "me",
        "PGPASSWORD": "p@ss",
    }
    assert postgres.from_url("postgresql:///x?host=/run/pg")["PGHOST"] == "/run/pg"


def test_the_user_postgres_is_refused(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://postgres@127.0.0.1:1/x")
    for name in ("PGHOST", "PGUSER", "PGPORT"):
        monkeypatch.setenv(name, "replaced by the URL")
    with pytest.raises(Problem, match="Odoo refuses"):
        with postgres.running():
            pass
