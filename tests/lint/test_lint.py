"""The linters, each as one test."""

import re
import subprocess
import sys

import pytest

COMMANDS = {
    "ruff check": ["ruff", "check", "."],
    "ruff format": ["ruff", "format", "--check", "."],
    "pylint-odoo": ["pylint", "--rcfile=pyproject.toml", "ac_odoo_connector"],
}


@pytest.mark.parametrize("name", COMMANDS)
def test_clean(name, pytestconfig):
    command = [sys.executable, "-m", *COMMANDS[name]]
    done = subprocess.run(
        command, cwd=pytestconfig.rootpath, capture_output=True, text=True
    )
    assert done.returncode == 0, f"\n{done.stdout}{done.stderr}"


def test_odoo_finds_all_tests(pytestconfig):
    """Odoo's own runner takes what the package imports, and nothing else."""
    folder = pytestconfig.rootpath / "ac_odoo_connector" / "tests"
    imported = set(re.findall(r"\btest_\w+", (folder / "__init__.py").read_text()))
    assert imported == {file.stem for file in folder.glob("test_*.py")}
