# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What people tell ActiveCampaign about its lists, recorded in Odoo."""

import re

from odoo import fields
from odoo.tools import email_normalize

from ..activecampaign.webhook_event import LONGEST_ID
from ..mapping.contact import SUBSCRIBED, UNSUBSCRIBED
from . import suppression
from .ignore import Ignore, Waits

COMPLAINT = re.compile(r"spam|abuse|complain", re.IGNORECASE)
"""ActiveCampaign has no event for complaints; its reasons say so where it tells them."""
PERSONS = ("public", "admin")
"""Sources behind which there is a human being (REF:webhooks)."""


def unsubscribed(event, _contact):
    """Record a withdrawal from the lists of the event, or from marketing in general."""
    people = _people(event)
    if not people:
        raise Ignore(event.env._("No partner has this contact's e-mail."))
    lists = _lists(event)
    if lists and not (lists := _news(event, people, lists)):
        raise Ignore(event.env._("Odoo has told ActiveCampaign so itself."))
    reason = event._value("unsubscribe", "reason")
    complaint = bool(COMPLAINT.search(reason))
    if complaint:
        lists = lists.browse()  # nobody complains of one list
    _record(event, people, "withdrawn", lists, text=reason or False)
    config = event.config_id
    effect = config.harm_effect if complaint else config.unsubscribe_effect
    why = "complained" if complaint else "unsubscribed"
    suppression.suppress(config, _emails(event, people), lists, effect, why)
    _remember(event, UNSUBSCRIBED)
    return people[:1]


def bounced(event, _contact):
    """An e-mail that is not there any more gets none; a full mailbox is only noted."""
    people = _people(event)
    if not people:
        raise Waits(event.env._("No partner is linked with this contact yet."))
    if event._value("bounce", "type").lower() == "hard":
        config, emails = event.config_id, _bounced_emails(event, people)
        suppression.suppress(
            config, emails, event.env["ac.metadata"], config.harm_effect, "bounced"
        )
        _stop_telling(event)
    return people[:1]


def _bounced_emails(event, people):
    """Return the address that is not there: the partner may have a better one by now."""
    email = email_normalize(event._value("contact", "email"))
    return [email] if email else _emails(event, people)


def subscribed(event, contact):
    """Take back what ActiveCampaign has said itself, when the person, or somebody for
    it, has subscribed again over there; never what was said in Odoo.

    :param contact: see `reread.Reading`: the event is only a hint
    :return: the people concerned, empty when nothing was said
    """
    there = (contact or {}).get("lists") or {}
    ids = [id_ for id_ in list_ids(event.payload) if there.get(id_) == SUBSCRIBED]
    people = _people(event)
    if not ids or not people or event._value("initiated_from") not in PERSONS:
        return people.browse()
    lists = _lists(event).filtered(lambda entry: entry.remote_id in ids)
    refused = lists.filtered(lambda entry: _is_refused(event, people, entry))
    granted = (lists - refused).filtered(lambda entry: _is_free(event, people, entry))
    _grant(event, people, granted)
    if lists - granted:
        event.message = event.env._("Somebody has said no in Odoo: that stays.")
    if refused and event._binding():  # it has to be said over there once more
        _remember(event, SUBSCRIBED, refused.mapped("remote_id"))
        event._binding().fingerprint = False
        people._ac_mark(["contact"])
    return people


def _is_refused(event, people, entry):
    """Whether Odoo, or another account, knows of a no to a list."""
    return bool(suppression.barred(event.config_id, people)) or any(
        not said._is_from(event.config_id) for said in _refusals(event, people, entry)
    )


def _is_free(event, people, entry):
    """Whether the event takes back all that ActiveCampaign has said of a list: no later
    no, and no complaint but by the person itself."""
    return all(
        said.date <= _moment(event)
        and (_is_own(event) or not COMPLAINT.search(said.text or ""))
        for said in _refusals(event, people, entry)
    )


def _refusals(event, people, entry):
    """Return every no that keeps any of the people off a list."""
    consents = event.env["ac.consent"]
    refusals = consents._refusals(event.config_id, people, entry.remote_id)
    return consents.union(*refusals.values())


def _is_own(event):
    return event._value("initiated_from") == "public"


def _last_words(event, people, entry):
    """Return ``{partner: what was said last of a list or in general}``."""
    consents = event.env["ac.consent"].sudo()
    said = consents._said(event.config_id, people)
    return {p: consents._decisive(said[p.id], entry.remote_id) for p in people}


def _grant(event, people, lists):
    """Record a yes where ActiveCampaign's no was the last word, or the first word of
    all was the person's own; take back what their no has done here."""
    own = _is_own(event)
    for entry in lists:
        last = _last_words(event, people, entry)
        new = [p for p, said in last.items() if _is_new(said, own)]
        _record(event, people.browse([p.id for p in new]), "granted", entry)
    if lists:
        others = _other_refusals(event, people)
        emails = _emails(event, people)
        suppression.lift(event.config_id, emails, lists, own, not others)
    if not event.env["ac.consent"].sudo()._barred(people):
        _remember(event, SUBSCRIBED, lists.mapped("remote_id"))


def _other_refusals(event, people):
    """Return what people have said of single lists that they are still off."""
    consents = event.env["ac.consent"].sudo()
    said = consents._said(event.config_id, people)
    decisive = [
        consents._decisive(of, id_) for of in said.values() for id_ in of if id_
    ]
    return [said for said in decisive if said.list_name and said.state == "withdrawn"]


def _is_new(said, own):
    return said.state == "withdrawn" or (own and not said)


def _record(event, people, state, lists, **values):
    for entry in lists or [lists]:
        event.env["ac.consent"]._record(
            people,
            state,
            "activecampaign",
            list_id=entry.id,
            config_id=event.config_id.id,
            date=_moment(event),
            **values,
        )


def _moment(event):
    return min(event.occurred_at or event.create_date, fields.Datetime.now())


def _emails(event, people):
    emails = {*people.mapped("email_normalized")}
    return sorted(
        {email_normalize(event._value("contact", "email")), *emails} - {False}
    )


def _people(event):
    """Return the linked partner, or whoever has the e-mail but no link yet."""
    if partner := event._partner():
        return partner
    email = email_normalize(event._value("contact", "email"))
    return event.env["res.partner"]._ac_with_email([email])


def _news(event, people, lists):
    """Return the lists without those that Odoo itself has taken the people off: a
    withdrawal that nobody spoke would outlive, say, an entry of the blacklist.

    :raise Waits: what Odoo is telling at the moment is not noted yet
    """
    if event._value("initiated_from") not in ("api", ""):  # polling knows nobody
        return lists
    link = event._binding()
    link.invalidate_recordset(["claim", "sent"])
    if link.claim:
        raise Waits(event.env._("The contact is being sent at the moment."))
    rules = event.env["ac.audience.rule"]._facts_of(event.config_id, people)
    known = [*event.config_id._lists_of(people, rules).values()]
    told = (link.sent or {}).get("lists") or {}
    return lists.filtered(
        lambda entry: (
            told.get(entry.remote_id) != UNSUBSCRIBED
            and any(of.get(entry.remote_id) != UNSUBSCRIBED for of in known)
        )
    )


def list_ids(payload):
    """Return the AC ids of an event's lists: ``list=1``, or ``list[][id]=1`` when the
    contact did it; 0 is none (captured deliveries, tables of the documentation)."""
    said = payload.get("list")
    entries = said.values() if isinstance(said, dict) else [said]
    ids = [entry.get("id") if isinstance(entry, dict) else entry for entry in entries]
    return [id_ for id_ in ids if isinstance(id_, str) and _is_id(id_)]


def _is_id(text):
    return text.isdecimal() and text.strip("0") != "" and len(text) <= LONGEST_ID


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


def _remember(event, status, ids=None):
    """AC knows what it has told us: it need not be told.

    :param ids: AC ids of lists, by default those of the event
    """
    ids = list_ids(event.payload) if ids is None else ids
    _tell_known(event, dict.fromkeys(ids, status))


def _stop_telling(event):
    """Nobody is taken off lists whose mails come back: ActiveCampaign has seen to it."""
    lists = (event._binding().sent or {}).get("lists") or {}
    _tell_known(event, dict.fromkeys(lists, UNSUBSCRIBED))


def _tell_known(event, lists):
    binding = event._binding()
    if binding and lists:
        sent = binding.sent or {}
        binding.sent = {**sent, "lists": {**(sent.get("lists") or {}), **lists}}
