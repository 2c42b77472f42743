# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Errors as people read them; paths and traces belong to the error log."""

from ..activecampaign import ActiveCampaignError
from ..mapping.value import MappingError
from .masking import mask_text


def in_words(error):
    """Return what happened and what to do, without method, path, payload or e-mail."""
    if isinstance(error, MappingError):
        return str(error)
    if not isinstance(error, ActiveCampaignError):
        return f"The record could not be read ({type(error).__name__})."
    status = f"HTTP {error.status}" if error.status else ""
    text = mask_text(error.text).rstrip(". ")
    what = ": ".join(part for part in (status, text) if part)
    return f"{what}. {error.hint}" if what else error.hint
