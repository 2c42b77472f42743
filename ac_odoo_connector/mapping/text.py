# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Pure rules for text on its way to ActiveCampaign."""

import re
import unicodedata

from .skip import Skip

NAME_LENGTH = 100
"""Characters that a contact's first or last name may have (SPEC of the product;
the API's own limit is not documented)."""

LONGEST = 20_000
"""Characters of a value that are looked at when it has no limit of its own."""

EMAIL_LENGTH = 254
"""RFC 5321: the longest address that can be delivered to."""

_TAG = re.compile(r"</?[A-Za-z][^<>]*>|<!--(?:(?!-->|<!--).)*-->", re.DOTALL)
_SPACE = re.compile(r"\s+")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
"""Controls and lone surrogates (categories Cc and Cs): emoji and Arabic need the rest."""
_DISPLAYED = re.compile(r"^[^<>@]*<([^<>]*)>$")  # Jane Doe <jane@example.com>
_EMAIL = re.compile(
    r"[a-z0-9!#$%&'*+/=?^_`{|}~\u0080-\U0010ffff-]+"
    r"(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~\u0080-\U0010ffff-]+)*"
    r"@(?:[a-z0-9\u0080-\U0010ffff](?:[a-z0-9\u0080-\U0010ffff-]*"
    r"[a-z0-9\u0080-\U0010ffff])?\.)+[a-z0-9\u0080-\U0010ffff-]{2,63}"
)


def clean(value, length=None):
    """Return `value` as one line: no HTML, no control characters, NFC, cut.

    Emoji and every script stay as they are; `length` counts code points. Text of which
    nothing can be seen is none.
    """
    raw = (value or "")[: 20 * length if length else LONGEST]
    if _is_plain(raw):  # most are, and every record has several
        return " ".join(raw.split())[:length].rstrip()
    text = unicodedata.normalize("NFC", _TAG.sub(" ", raw))
    text = _SPACE.sub(" ", _UNPRINTABLE.sub(" ", text))
    text = text.strip()[:length].rstrip()
    return text if any(map(_visible, text)) else ""


def _is_plain(raw):
    """Whether nothing but blanks can be wrong with a text."""
    return raw.isascii() and raw.isprintable() and "<" not in raw


def _visible(char):
    return unicodedata.category(char) not in ("Cf", "Zs")


def email(value):
    """Return the one address in `value`, trimmed and in lower case.

    :raise Skip: no, a malformed, a too long or more than one address
    """
    raw = unicodedata.normalize("NFC", (value or "")[:1000])
    text = _SPACE.sub(" ", raw).strip().lower()
    text = _DISPLAYED.sub(r"\1", text).strip()
    if not text:
        raise Skip("no_email")
    if text.count("@") > 1:
        raise Skip("many_emails", text[:80])
    if len(text) > EMAIL_LENGTH or len(text.partition("@")[0]) > 64:
        raise Skip("long_email", text[:80])
    if not _EMAIL.fullmatch(text):
        raise Skip("bad_email", text[:80])
    return text


def split_name(value):
    """Return ``(first, last)`` of a person's name, each within AC's length.

    The first word is the first name; "Last, First" is understood.
    """
    name = clean(value, 2 * NAME_LENGTH + 2)
    last, comma, first = name.partition(", ")
    if not comma:
        first, _, last = name.partition(" ")
    return first[:NAME_LENGTH].rstrip(), last[:NAME_LENGTH].rstrip()
