# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Filters that people write, with *today* in them."""

import ast
import datetime as python
from types import SimpleNamespace

from dateutil.relativedelta import relativedelta

from odoo.tools.safe_eval import safe_eval

TEMPLATES = ("format", "format_map")
"""Methods of text that follow any attribute their text names, past `safe_eval`: from a
function to its module, and from there to the environment, where the keys are."""


class Moment(python.datetime):
    """What Odoo's domain editor calls a datetime: it knows its way to UTC.

    The server's own clock is UTC (Odoo sets it so), hence there is nothing to do.
    """

    def to_utc(self):
        return self


def read(text):
    """Return the domain (a list) that `text` means at this moment.

    The names are those that Odoo's domain editor writes (web: core/py_js).

    :raise Exception: whatever is wrong with it; the text comes from a person
    """
    _check_no_template(text or "[]")
    domain = safe_eval(text or "[]", _names(Moment.now()))
    if not isinstance(domain, list):
        raise ValueError(f"{text} is no list of conditions.")
    return domain


def _check_no_template(text):
    tree = ast.parse(text.strip(), mode="eval")
    attributes = [node.attr for node in ast.walk(tree) if hasattr(node, "attr")]
    if used := [name for name in attributes if name in TEMPLATES]:
        raise ValueError(f"“{used[0]}” cannot be used here.")


def _names(now):
    today = now.date()
    return {
        "context_today": lambda: today,
        "current_date": str(today),
        "datetime": SimpleNamespace(
            date=python.date,
            datetime=Moment,
            time=python.time,
            timedelta=python.timedelta,
        ),
        "now": now.strftime("%Y-%m-%d %H:%M:%S"),
        "relativedelta": relativedelta,
        "today": str(today),
    }
