# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Whether two values mean the same although the two sides spell them differently."""

import re
from decimal import Decimal

from ..activecampaign import webhook_timestamp

_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d.*")


def same(here, there):
    """Return whether values of a payload and of an answer mean the same.

    Numbers may be texts, texts differ by blanks, several values by their order and the
    bars between them, a date may have a time; what is empty has many names.
    """
    if isinstance(here, bool) or isinstance(there, bool):
        return _truth(here) == _truth(there)
    if isinstance(here, list | tuple) or isinstance(there, list | tuple):
        return _texts(here) == _texts(there)
    ours, theirs = _text(here), _text(there)
    return any(read(ours) == read(theirs) for read in (_parts, _number)) or (
        _same_moment(ours, theirs)
    )


def _truth(value):
    return str(value).lower() in ("true", "1")


def _texts(values):
    return sorted(_text(value) for value in values or ())


def _text(value):
    return " ".join(str("" if value is None else value).split())


def _parts(text):
    return sorted(filter(None, text.split("||")))


def _number(text):
    """Return the number that a text is, else the text; "007" is no number."""
    return Decimal(text) if _NUMBER.fullmatch(text) else text


def _same_moment(ours, theirs):
    if _MOMENT.fullmatch(ours) and _MOMENT.fullmatch(theirs):
        return webhook_timestamp(ours) == webhook_timestamp(theirs)
    dates = [_DATE.match(text) for text in (ours, theirs)]
    return all(dates) and dates[0][0] == dates[1][0]
