# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Why a record does not go to ActiveCampaign, as data."""

REASONS = [
    ("no_email", "No e-mail"),
    ("bad_email", "Malformed e-mail"),
    ("many_emails", "Several e-mails in one field"),
    ("long_email", "E-mail too long"),
    ("shared_email", "Another record has the same e-mail"),
    ("no_name", "No name"),
    ("shared_name", "Another company has the same name"),
    ("shared_key", "Another record has the same key"),
    ("no_contact", "Its partner is no contact in ActiveCampaign"),
    ("no_stage", "Left out by the stage mapping"),
    ("no_rate", "No exchange rate at its date"),
    ("negative", "ActiveCampaign takes no amount below zero"),
    ("not_confirmed", "Not confirmed"),
    ("not_in_ac", "Not in ActiveCampaign, and new ones are not wanted"),
    ("conflict", "Another object in ActiveCampaign has this e-mail or name"),
    ("deleted", "Deleted in Odoo"),
    ("archived", "Archived"),
    ("other_company", "Belongs to another company"),
    ("out_of_scope", "Outside the account's filter"),
    ("erased", "Erased at the person's own wish"),
    ("stopped", "The run was stopped"),
]


class Wait(Exception):
    """Raised for a record whose turn comes after another one that has just been marked."""


class Skip(Exception):
    """Raised by a mapping for a record that must not be sent.

    :param reason: a key of ``REASONS``
    :param detail: what a person needs to find it, free of secrets
    """

    def __init__(self, reason, detail=""):
        super().__init__(reason)
        self.reason = reason
        self.detail = detail
