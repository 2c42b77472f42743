# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Contacts over there that differ from their partners, or that nobody knows here."""

from ..mapping import event as spelled
from ..mapping.registry import fingerprint
from . import news
from .news import Finding

PARTS = ("fieldValues", "contactLists")
"""What a list of contacts brings along where the account looks at ``include``; it is
documented for other lists only."""
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
    findings = []
    for contact in page.records:
        id_ = str(contact["id"])
        if link := links.get(id_):
            found = _difference(link, contact, payloads.get(id_), heard.get(id_), page)
        else:
            found = _unknown(contact, since, heard.get(id_), page)
        findings += [found] if found else []
    return findings


def _difference(link, contact, payload, heard, page):
    """Return what is to be done about one linked contact, None when nothing."""
    about = ("contact", link.remote_id, link.res_id)
    if link.state != "synced":  # on its way, or a person has to act
        return None
    theirs, ours = _core(contact), _core(payload or contact)
    event = spelled.of_contact(contact, known=True)
    known = _complete(contact, page.beside)
    in_step = payload is None or link.fingerprint == fingerprint(payload)
    if theirs == ours:
        moved = _later(contact.get("udate"), link.synced_at, heard)
        if moved:
            return Finding("contact_changed", *about, payload=event, known=known)
        return None if in_step else Finding("contact_untold", *about, unsent=True)
    if not any(
        there for there, here in zip(theirs, ours, strict=True) if there != here
    ):
        return Finding("contact_untold", *about, again=True)  # emptied over there
    return Finding(
        "contact_changed",
        *about,
        payload=event,
        known=known,
        unsent=not in_step,
        otherwise=True,
    )


def _unknown(contact, since, heard, page):
    about = ("contact", str(contact["id"]), 0)
    made = news.moment(contact.get("cdate"))
    if heard or not made or made < since:
        return Finding("contact_unknown", *about)
    event = spelled.of_contact(contact, known=False)
    known = _complete(contact, page.beside)
    return Finding("contact_new", *about, payload=event, known=known)


def _core(contact):
    """Return what both sides hold of everybody; where a name is cut in two is AC's."""
    name = f"{contact.get('firstName') or ''} {contact.get('lastName') or ''}"
    return (
        name.strip(),
        (contact.get("email") or "").lower(),
        contact.get("phone") or "",
    )


def _complete(contact, beside):
    """Return the contact as `reread` would, with its ``fields`` and ``lists``; None
    where the answer did not bring them along."""
    if not all(name in beside for name in PARTS):
        return None
    id_ = str(contact["id"])
    values, lists = (
        [r for r in beside[p] if str(r.get("contact")) == id_] for p in PARTS
    )
    return {
        **contact,
        "fields": {str(row["field"]): str(row.get("value") or "") for row in values},
        "lists": {str(row["list"]): int(row["status"] or 0) for row in lists},
    }


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
