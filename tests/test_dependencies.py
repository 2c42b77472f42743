"""What the addon needs is said in three places, which have to agree."""

import ast
import re
import sys
from importlib.metadata import version
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
ADDON = ROOT / "ac_odoo_connector"
ODOOS = {"dateutil", "markupsafe", "odoo", "psycopg2"}
"""Packages without which there is no Odoo; the manifest need not name them."""
BESIDE = {"odoo-addon-queue-job", "pyopenssl"}
"""What is installed for the addon's sake and not imported by it."""


def parsed(lines):
    found = map(Requirement, lines)
    return {requirement.name.lower(): requirement for requirement in found}


def lines_of(path):
    lines = (line.strip() for line in path.read_text().splitlines())
    return [line for line in lines if line and not line.startswith("#")]


MANIFEST = parsed(
    ast.literal_eval((ADDON / "__manifest__.py").read_text())["external_dependencies"][
        "python"
    ]
)
REQUIRED = parsed(lines_of(ROOT / "requirements.txt"))
WORKBENCH = parsed(lines_of(ROOT / "setup" / "requirements.txt"))


def least(requirement):
    """Return the oldest release that a requirement allows."""
    (bound,) = [s.version for s in requirement.specifier if s.operator == ">="]
    return bound


def imported(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module


def test_what_is_imported_is_in_the_manifest():
    files = [p for p in ADDON.rglob("*.py") if "tests" not in p.parts]
    names = {name.split(".")[0] for path in files for name in imported(path)}
    assert names - sys.stdlib_module_names - ODOOS == MANIFEST.keys()


def test_each_has_a_minimum_in_both():
    assert REQUIRED.keys() - BESIDE == MANIFEST.keys()
    for name, needed in MANIFEST.items():
        assert REQUIRED[name].specifier.contains(least(REQUIRED[name]))
        assert needed.specifier.contains(least(REQUIRED[name])), name


def test_what_is_tested_with_is_allowed():
    for name, needed in MANIFEST.items():
        assert needed.specifier.contains(version(name)), name
        assert REQUIRED[name].specifier.contains(version(name)), name
        assert needed.specifier.contains(least(WORKBENCH[name])), name


def test_the_security_policy_names_the_same_minima():
    policy = (ROOT / "SECURITY.md").read_text()
    for name, needed in MANIFEST.items():
        row = f"| {name} | {least(needed)} | {least(REQUIRED[name])} |"
        assert row in policy, row


def test_one_oldest_python():
    """`pyproject.toml` installs nothing: it only says for which Python to write."""
    settings = (ROOT / "pyproject.toml").read_text()
    assert "[project]" not in settings and "dependencies" not in settings
    (minor,) = re.findall(r'^target-version = "py3(\d+)"$', settings, re.M)
    for name in ("README.md", "CONTRIBUTING.md"):
        assert f"Python 3.{minor} or later" in (ROOT / name).read_text()
