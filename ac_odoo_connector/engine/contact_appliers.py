# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A contact was added or changed over there."""

from ..mapping import text
from . import adopt, consent_appliers, inbox, pull
from .ignore import Ignore, Waits


def known_partner(event):
    """Return the partner of an event that says nothing about who the contact is.

    :raise Waits: no partner is linked with the contact yet
    """
    partner = event._partner()
    if not partner:
        _ask_for_partner(event)
        raise Waits(event.env._("No partner is linked with this contact yet."))
    return partner


def _ask_for_partner(event):
    """Where the account makes partners of unknown contacts, have this one read: what
    it is must come from the account itself."""
    if event.config_id.unknown_contact == "create" and event.remote_contact_id:
        contact = {"id": event.remote_contact_id}
        asked = {"type": "update", "contact": contact, "initiated_from": "odoo"}
        moment = event._value("date_time")
        inbox.store(event.env, event.config_id, {**asked, "date_time": moment})


def updated(event, contact):
    """Take over what has changed in ActiveCampaign, by who owns each value."""
    if not contact:
        raise Ignore(event.env._("The contact was deleted in ActiveCampaign."))
    partner, link = event._partner(), event._binding()
    if not partner:
        partner, link = adopt.linked(event, contact)
    problems = pull.take_over(event.config_id, partner, link, contact)
    if problems:
        event.message = text.clean("; ".join(problems), 500)
    return partner


def contact_added(event, contact):
    """Take a contact over that was added, and what it has said of a list (`subscribe`
    is also sent when a known contact joins one; it has no list when none is involved).
    """
    people = consent_appliers.subscribed(event, contact)
    try:
        return updated(event, contact)
    except Waits:
        if not people or event._partner():
            raise
        return people[:1]  # nobody to link, but somebody was heard
