# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Contacts as they are now: a webhook is a hint, the account has the truth."""

from ..activecampaign import SkippableError


def contacts(client, ids):
    """Return ``{AC id: contact}``; those that are gone over there are left out."""
    found = {}
    for contact_id in sorted(ids):
        try:
            found[contact_id] = client.contacts.get(contact_id).record
        except SkippableError:  # deleted since, or no contact at all
            continue
    return found
