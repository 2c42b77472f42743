# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Filters that people write, with *today* in them."""

import datetime as python
from types import SimpleNamespace

from dateutil.relativedelta import relativedelta

from odoo.tools.safe_eval import safe_eval


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
    domain = safe_eval(text or "[]", _names(Moment.now()))
    if not isinstance(domain, list):
        raise ValueError(f"{text} is no list of conditions.")
    return domain


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
