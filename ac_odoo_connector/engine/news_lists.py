# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who has left a list over there, was bounced from it, or has joined it again."""

from ..mapping import event as spelled
from ..mapping.contact import SUBSCRIBED, UNSUBSCRIBED
from . import news
from .news import Finding


def unheard_members(env, config, page, list_id, status):
    """Return ``[(contact, link)]`` of a page whose status on the list is news.

    A bounce counts as heard when Odoo keeps the person off its lists anyway.
    """
    links = news.links(env, config, "contact", page.records)
    partners = news.partners(env, links.values())
    wanted = env["ac.consent"]._lists_of(config, partners)
    barred = env["ac.consent"]._barred(partners)
    gone = status != SUBSCRIBED
    unheard = []
    for contact in page.records:
        link = links.get(str(contact["id"]))
        if not link:
            continue
        told = ((link.sent or {}).get("lists") or {}).get(list_id)
        here = wanted.get(link.res_id, {}).get(list_id)
        off = UNSUBSCRIBED in (told, here) or (gone and link.res_id in barred)
        if off != gone:
            unheard.append((contact, link))
    return unheard


def of_members(unheard, rows, list_id, status):
    """Return the findings of `unheard_members`.

    :param rows: ``{AC contact id: row of contactLists}``, read for the news alone
    """
    findings = []
    for contact, link in unheard:
        about = ("contact", link.remote_id, link.res_id)
        if status == spelled.BOUNCED:
            event = spelled.of_bounce(contact)
            findings.append(Finding("bounced", *about, payload=event))
            continue
        row = rows.get(link.remote_id) or {}
        if str(row.get("status")) != str(status):
            continue  # changed since the page was read
        event = spelled.of_membership(contact, {**row, "list": list_id})
        joined = status == SUBSCRIBED
        kind = "list_joined" if joined else "list_left"
        findings.append(Finding(kind, *about, payload=event, otherwise=joined))
    return findings
