"""The commands' messages, ports, and what counts as a complaint of Odoo."""

import os
import socket
import subprocess
from pathlib import Path

import pytest

from workbench import ports
from workbench.odoo_log import complaints
from workbench.problem import Problem

SETUP = Path(__file__).parents[1] / "setup"


@pytest.fixture
def taken_port():
    with socket.socket() as server:
        server.bind((ports.HOST, 0))
        server.listen()
        yield server.getsockname()[1]


def run(name, *arguments, **variables):
    environment = {**os.environ, **variables}
    return subprocess.run(
        [SETUP / name, *arguments], env=environment, capture_output=True, text=True
    )


@pytest.mark.parametrize("name", ["test", "demo", "bench", "chaos", "simulator"])
def test_every_command_explains_itself(name):
    done = run(name, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert f"./setup/{name}" in done.stdout


def test_a_port_that_was_asked_for_and_is_taken(taken_port):
    done = run("simulator", "--port", str(taken_port))
    assert done.returncode == 1
    assert f"Port {taken_port} is taken" in done.stderr
    assert "What to do" in done.stderr and "Traceback" not in done.stderr


def test_a_cache_that_cannot_be_written(tmp_path):
    (tmp_path / "file").touch()
    done = run("test", "--layer", "lint", AC_WORKBENCH=str(tmp_path / "file" / "x"))
    assert done.returncode == 1
    assert "cannot be written" in done.stderr and "AC_WORKBENCH" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_usual_port_gives_way(taken_port):
    other = ports.choose(None, taken_port)
    assert other != taken_port and ports.is_free(other)
    assert ports.choose(None, other) == other
    assert ports.choose(other, taken_port) == other
    with pytest.raises(Problem, match="is taken"):
        ports.choose(taken_port, other)


def test_complaints_of_a_log():
    log = """2026-01-01 10:00:00,000 7 INFO db odoo.modules: all well WARNING
2026-01-01 10:00:00,001 7 WARNING db odoo.addons.ac_odoo_connector: hm
2026-01-01 10:00:00,002 7 WARNING db py.warnings: nodes.Node.traverse() is obsoleted
2026-01-01 10:00:00,003 7 ERROR db odoo.sql_db: bad query
Traceback (most recent call last):
  File "x.py"
"""
    lines = log.splitlines()
    assert complaints(log) == [lines[1], lines[3], lines[4]]
