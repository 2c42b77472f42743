# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What was sent or said, without the values: enough to see what is wrong with it.

Letters become x, digits 9; what stays is the shape: which keys there are, what is
empty, how long a value is and where its spaces, signs and at-signs stand.
"""

import json
import re
import unicodedata

SECRET = re.compile(r"key|token|secret|passw|authori[sz]ation|cookie", re.IGNORECASE)
PLAIN_KEY = re.compile(r"[\w.\-]{1,64}")
E_MAIL = re.compile(r"[^\s<>\"'(),;:]+@[^\s<>\"'(),;:]*[^\s<>\"'(),;:.]")
HIDDEN = "•••"
MOST_ITEMS, MOST_LEVELS, LONGEST = 30, 8, 120


def masked(payload):
    """Return a payload as indented JSON with its shape and none of its values.

    :param payload: what `json.dumps` takes; keys are names of fields
    """
    return json.dumps(_masked(payload), indent=2, ensure_ascii=False)


def mask_text(text):
    """Return a sentence without e-mail addresses: ActiveCampaign repeats in its
    refusals what it was sent."""
    return E_MAIL.sub(lambda found: shape(found[0]), text or "")


def shape(text):
    """Return what a text looks like, as “Xxx 99”, cut at 120 characters."""
    seen = "".join(map(_sign, text[:LONGEST]))
    return seen if len(text) <= LONGEST else f"{seen}… ({len(text)})"


def _sign(char):
    """Return what stands for a character; what nobody sees is shown as “¿”."""
    kind = unicodedata.category(char)[0]
    if kind == "L":
        return "X" if char.isupper() else "x"
    return {"N": "9", "M": "x", "C": "¿"}.get(kind, char)


def _masked(value, level=0):
    if level > MOST_LEVELS:
        return HIDDEN
    if isinstance(value, dict):
        return _masked_fields(value, level)
    if isinstance(value, list | tuple):
        rest = len(value) - MOST_ITEMS
        items = [_masked(each, level + 1) for each in value[:MOST_ITEMS]]
        return items + ([f"… {rest}"] if rest > 0 else [])
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return _masked_number(value)
    return shape(str(value))


def _masked_fields(fields, level):
    shown = {}
    for key, value in list(fields.items())[:MOST_ITEMS]:
        name = str(key)
        name = name if PLAIN_KEY.fullmatch(name) else shape(name)
        hidden = SECRET.search(name) and value
        shown[name] = HIDDEN if hidden else _masked(value, level + 1)
    if len(fields) > MOST_ITEMS:
        shown["…"] = len(fields) - MOST_ITEMS
    return shown


def _masked_number(value):
    """Return a number of the same sign and length; 0 says as much as nothing."""
    return type(value)(re.sub(r"\d", "9", repr(value))) if value else value
