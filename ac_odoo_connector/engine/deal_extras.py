# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What hangs on a deal: one note with the order's lines, the secondary contacts."""

from contextlib import suppress

from ..activecampaign import NotFound, Rejected, UncertainOutcome
from ..mapping.deal_note import is_ours
from ..mapping.registry import fingerprint


def tell(client, plan, deal_id, is_new):
    """Send what AC has not been told; return the parts of `told`.

    :param is_new: the deal was made a moment ago, so nothing hangs on it yet
    """
    note = _tell_note(client, plan, deal_id, is_new)
    return {"note": note, "secondary": _tell_contacts(client, plan, deal_id)}


def _tell_note(client, plan, deal_id, is_new):
    """Write or rewrite the one note; return ``{"id", "text": fingerprint}`` or {}.

    A note is not deleted when its lines are gone or the option is switched off.
    """
    text, told = plan.payload.get("note"), plan.told.get("note") or {}
    if not text or told.get("text") == fingerprint(text):
        return told
    note_id = told.get("id")
    if not (note_id or is_new):
        note_id = _find_note(client, deal_id)
    note_id = _write_note(client, deal_id, note_id, text)
    return {"id": note_id, "text": fingerprint(text)}


def _write_note(client, deal_id, note_id, text):
    if note_id:
        with suppress(NotFound):  # somebody has deleted the note
            client.deal_notes.update(deal_id, note_id, text)
            return note_id
    try:
        made = client.deal_notes.create(deal_id, text).id
    except UncertainOutcome:
        made = _find_note(client, deal_id)
        if not made:
            raise
    return made or _find_note(client, deal_id)


def _find_note(client, deal_id):
    """Return the id of our note on a deal, or None: of a try whose answer was lost."""
    for note in client.deal_notes.list(deal_id):
        if is_ours(note.get("note")):
            return str(note["id"])
    return None


def _tell_contacts(client, plan, deal_id):
    """Add the contacts that are new, remove those that are gone; return all of now."""
    wanted = plan.payload.get("secondary", [])
    known = plan.told.get("secondary") or []
    for contact in sorted(set(known) - set(wanted)):
        _remove(client, deal_id, contact)
    for contact in wanted:
        if contact not in known:
            _add(client, deal_id, contact)
    return wanted


def _add(client, deal_id, contact):
    try:
        client.contact_deals.create(
            {"contact": int(contact), "deal": int(deal_id)}, idempotent=True
        )
    except Rejected as error:
        if "already associated" not in error.text:  # OAS create-a-secondary-contact
            raise


def _remove(client, deal_id, contact):
    with suppress(NotFound):  # the contact is gone, and with it all its deals
        for row in client.contacts.related(contact, "contactDeals"):
            if str(row.get("deal")) == str(deal_id):
                client.contact_deals.delete(row["id"])
