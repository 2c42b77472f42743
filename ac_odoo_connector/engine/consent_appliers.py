# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What people tell ActiveCampaign about its lists, recorded in Odoo."""

from odoo import fields
from odoo.tools import email_normalize

from ..mapping.contact import UNSUBSCRIBED
from .ignore import Ignore


def unsubscribed(event, _contact):
    """Record a withdrawal from the lists of the event, or from marketing in general."""
    people = _people(event)
    if not people:
        raise Ignore(event.env._("No partner has this contact's e-mail."))
    lists = _lists(event)
    if lists and not (lists := _news(event, people, lists)):
        raise Ignore(event.env._("Odoo has told ActiveCampaign so itself."))
    moment = min(event.occurred_at or event.create_date, fields.Datetime.now())
    text = event._value("unsubscribe", "reason") or False
    for list_ in lists or [lists]:
        event.env["ac.consent"]._record(
            people,
            "withdrawn",
            "activecampaign",
            list_id=list_.id,
            date=moment,
            text=text,
        )
    _remember(event)
    return people[:1]


def _people(event):
    """Return the linked partner, or whoever has the e-mail but no link yet."""
    if partner := event._partner():
        return partner
    email = email_normalize(event._value("contact", "email"))
    return event.env["res.partner"]._ac_with_email([email])


def _news(event, people, lists):
    """Return the lists without those that Odoo itself has just taken the people off:
    a withdrawal that nobody spoke would outlive, say, an entry of the blacklist."""
    if event._value("initiated_from") != "api":
        return lists
    known = event.env["ac.consent"]._lists_of(event.config_id, people).values()
    return lists.filtered(
        lambda entry: any(of.get(entry.remote_id) != UNSUBSCRIBED for of in known)
    )


def list_ids(payload):
    """Return the AC ids of an event's lists: ``list=1``, or ``list[][id]=1`` when the
    contact did it; 0 is none (captured deliveries, tables of the documentation)."""
    said = payload.get("list")
    entries = said.values() if isinstance(said, dict) else [said]
    ids = [entry.get("id") if isinstance(entry, dict) else entry for entry in entries]
    return [id_ for id_ in ids if isinstance(id_, str) and id_.isdigit() and int(id_)]


def _lists(event):
    """Return the entries of the event's lists; an unknown one is noted by its number
    until the metadata are fetched again."""
    metadata = event.env["ac.metadata"].with_context(active_test=False)
    wanted = list_ids(event.payload)
    found = metadata.search(
        [
            ("config_id", "=", event.config_id.id),
            ("kind", "=", "list"),
            ("remote_id", "in", wanted),
        ]
    )
    unknown = set(wanted) - set(found.mapped("remote_id"))
    metadata._store(event.config_id, "list", [{"id": id_} for id_ in unknown])
    return found | metadata.search(
        [
            ("config_id", "=", event.config_id.id),
            ("kind", "=", "list"),
            ("remote_id", "in", list(unknown)),
        ]
    )


def _remember(event):
    """AC knows what it has told us: it need not be told."""
    binding = event._binding()
    lists = dict.fromkeys(list_ids(event.payload), UNSUBSCRIBED)
    if binding and lists:
        sent = binding.sent or {}
        binding.sent = {**sent, "lists": {**(sent.get("lists") or {}), **lists}}
