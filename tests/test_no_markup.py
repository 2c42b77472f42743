"""What came from outside is never taken for HTML: nothing in the addon could do so.

Text that is escaped where it is shown needs no trust in where it came from.
"""

import ast
import re
from pathlib import Path

ADDON = Path(__file__).parents[1] / "ac_odoo_connector"
PYTHON = sorted(p for p in ADDON.rglob("*.py") if "tests" not in p.parts)
SCREENS = sorted([*ADDON.rglob("*.xml"), *ADDON.rglob("static/src/**/*.js")])
AS_HTML = re.compile(
    r"""widget=["']html|t-raw|t-out=["'][^"']*(?:markup|Markup)|\bmarkup\(|innerHTML
    |outerHTML|insertAdjacentHTML|document\.write|\beval\(|new\ Function""",
    re.VERBOSE,
)
NETWORK = {"requests", "urllib3", "http", "httpx", "ftplib", "smtplib", "socket"}


def test_there_is_something_to_look_at():
    assert len(PYTHON) > 200 and len(SCREENS) > 50


def calls(path):
    """Yield the calls of a file as ``(name, call, the expression around it)``."""
    tree = ast.parse(path.read_text())
    around = {c: node for node in ast.walk(tree) for c in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            yield name, node, around.get(node)


def test_only_our_own_words_are_markup():
    assert [f"{p.name}:{n}" for p in PYTHON for n in odd_markup(p)] == []


def odd_markup(path):
    """Yield the lines where a text that is no literal becomes HTML."""
    for name, call, around in calls(path):
        literal = call.args and isinstance(call.args[0], ast.Constant)
        stripped = getattr(around, "attr", "") == "striptags"
        if name in ("Markup", "markup") and not (literal or stripped):
            yield call.lineno
        if name == "Html" and isinstance(call.func, ast.Attribute):
            yield call.lineno  # a field


def test_no_screen_shows_text_as_html():
    assert [p.name for p in SCREENS if AS_HTML.search(p.read_text())] == []


def imported(path):
    """Yield the modules that a file imports, as lists of names."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".") for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield (node.module or "").split(".")


def test_nothing_opens_an_address_but_the_one_door():
    """A link that an event names is shown, never followed."""
    doors = {p.name for p in PYTHON if any(map(opens, imported(p)))}
    assert doors == {"hosts.py", "transport.py"}


def opens(module):
    if module[:2] == ["http", "cookiejar"]:
        return False
    return module[0] in NETWORK or module[:2] == ["urllib", "request"]
