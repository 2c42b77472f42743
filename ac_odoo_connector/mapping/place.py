# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Addresses as text, and names of places that people spell in many ways."""

import unicodedata

from . import text


def key(name):
    """Return what two spellings of one place have in common.

    Case, accents, spaces and punctuation do not count: "U.S.A." is "usa" and
    "Côte d’Ivoire" is "cote d'ivoire".
    """
    letters = unicodedata.normalize("NFKD", (name or "").casefold())
    return unicodedata.normalize("NFC", "".join(c for c in letters if _counts(c)))


def _counts(char):
    """Letters and digits, and the vowel signs that make up Indic scripts."""
    category = unicodedata.category(char)
    return category[0] in "LN" or category == "Mc"


def one_line(street="", street2="", zip_="", city="", state="", country=""):
    """Return an address as "Street 1, Floor 2, 12345 Town, State, Country".

    Parts that are empty are left out.
    """
    town = f"{text.clean(zip_)} {text.clean(city)}".strip()
    parts = (street, street2, town, state, country)
    return ", ".join(part for part in map(text.clean, parts) if part)
