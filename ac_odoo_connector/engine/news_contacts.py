# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Contacts over there that differ from their partners, or that nobody knows here."""

from ..mapping import agreement
from ..mapping import event as spelled
from ..mapping.registry import fingerprint
from . import news
from .news import Finding
from .pull_rules import rules_of
from .reread import PARTS, complete

INCLUDE = ",".join(PARTS)


def changed_contacts(env, config, page):
    """Return a finding for every contact of a page: each has changed over there."""
    links = news.links(env, config, "contact", page.records)
    return [_changed(contact, links, page) for contact in page.records]


def _changed(contact, links, page):
    id_ = str(contact["id"])
    link = links.get(id_)
    return Finding(
        "contact_changed" if link else "contact_new",
        "contact",
        id_,
        link.res_id if link else 0,
        spelled.of_contact(contact, bool(link)),
        _complete(contact, page.beside),
    )


def different_contacts(env, config, page, since):
    """Return findings for the contacts of a page that differ from their partners, that
    changed after they were last told or heard, and for those that are new here.

    :param since: contacts made before this moment and unknown here are only counted
    """
    links = news.links(env, config, "contact", page.records)
    heard = _heard(env, config, [str(c["id"]) for c in page.records])
    payloads = news.payloads(env, config, "contact", links.values())
    owners = rules_of(env["ac.odoo.config"].browse(config.id)).owners
    findings = []
    for contact in page.records:
        id_ = str(contact["id"])
        if link := links.get(id_):
            ours, before = payloads.get(id_), heard.get(id_)
            found = _difference(link, contact, ours, before, page, owners)
        else:
            found = _unknown(contact, since, heard.get(id_), page)
        findings += [found] if found else []
    return findings


def _difference(link, contact, payload, heard, page, owners):
    """Return what is to be done about one linked contact, None when nothing.

    Each value by its owner, against what both sides last agreed on.
    """
    about = ("contact", link.remote_id, link.res_id)
    if link.state != "synced":  # on its way, or a person has to act
        return None
    known = _complete(contact, page.beside)
    sides = _Sides(link, known or contact, payload, owners)
    unread = not known and _later(contact.get("udate"), link.synced_at, heard)
    if sides.unheard() or unread:
        event = spelled.of_contact(contact, known=True)
        unsent = sides.has_unsent
        return Finding(
            "contact_changed", *about, payload=event, known=known, unsent=unsent
        )
    if units := sides.untold():
        return Finding("contact_untold", *about, units=tuple(units))
    return Finding("contact_untold", *about, unsent=True) if sides.has_unsent else None


class _Sides:
    """What a contact and its partner hold, value by value; see `mapping.agreement`."""

    def __init__(self, link, contact, payload, owners):
        self.contact, self.theirs = contact, agreement.units(contact)
        self.ours = agreement.units(payload) if payload else {}
        self.owners = owners
        self.common = (link.sent or {}).get("common", {})
        self.has_unsent = bool(payload) and link.fingerprint != fingerprint(payload)

    def unheard(self):
        """Return the units that ActiveCampaign has changed and may change."""
        return [
            unit
            for unit, owner in self.owners.items()
            if owner != "to_ac" and self.theirs.get(unit) and not self._is_heard(unit)
        ]

    def _is_heard(self, unit):
        theirs = self.theirs[unit]
        same = theirs == self.ours.get(unit)
        return same or agreement.is_heard(self.common.get(unit), theirs)

    def untold(self):
        """Return the units that were told and are not there any more, and those that
        only Odoo may change."""
        return [
            unit
            for unit, owner in self.owners.items()
            if owner != "from_ac" and self.ours.get(unit) and not self._is_there(unit)
        ]

    def _is_there(self, unit):
        if unit not in self.theirs and "fields" not in self.contact:
            return True  # nobody has looked
        ours, theirs = self.ours[unit], self.theirs.get(unit, "")
        state = self.common.get(unit)
        agreed = agreement.is_told(state, ours) and agreement.is_heard(state, theirs)
        return ours == theirs or agreed


def _unknown(contact, since, heard, page):
    about = ("contact", str(contact["id"]), 0)
    made = news.moment(contact.get("cdate"))
    if heard or not made or made < since:
        return Finding("contact_unknown", *about)
    event = spelled.of_contact(contact, known=False)
    known = _complete(contact, page.beside)
    return Finding("contact_new", *about, payload=event, known=known)


def _complete(contact, beside):
    """Return the contact as `reread` does; None where the answer did not bring its parts."""
    if not all(name in beside for name in PARTS):
        return None
    id_ = str(contact["id"])
    rows = ([r for r in beside[p] if str(r.get("contact")) == id_] for p in PARTS)
    return complete(contact, beside.get("read_at"), *rows)


def _heard(env, config, contact_ids):
    """Return ``{AC id: moment}`` of the newest event about each contact itself."""
    env.cr.execute(
        """
        SELECT remote_contact_id, max(COALESCE(occurred_at, create_date))
        FROM ac_event WHERE config_id = %s AND remote_contact_id = ANY(%s)
            AND type IN ('update', 'subscribe') GROUP BY remote_contact_id
        """,
        (config.id, contact_ids),
    )
    return dict(env.cr.fetchall())


def _later(udate, told, heard):
    changed = news.moment(udate)
    known = max(filter(None, (told, heard)), default=None)
    return bool(changed and known and changed > known)
