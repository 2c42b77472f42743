# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who has left a list over there, was bounced from it, or has joined it again."""

from ..mapping import event as spelled
from ..mapping.contact import SUBSCRIBED, UNSUBSCRIBED
from . import news, suppression
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


def of_members(env, config, unheard, rows, list_id, status):
    """Return the findings of `unheard_members`.

    Who has joined again is taken off where Odoo knows of a no; what only ActiveCampaign
    has said may have been taken back there, and is reported.

    :param rows: ``{AC contact id: row of contactLists}``, read for the news alone
    """
    links = [link for _contact, link in unheard] if status == SUBSCRIBED else []
    kept_off = _kept_off(env, config, news.partners(env, links), list_id)
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
        kind = "list_joined" if status == SUBSCRIBED else "list_left"
        again = link.res_id in kept_off
        findings.append(Finding(kind, *about, payload=event, otherwise=again))
    return findings


def _kept_off(env, config, partners, list_id):
    """Return the ids of the people whom Odoo's word, or another account's, keeps off."""
    own = env["ac.odoo.config"].browse(config.id)
    refusals = env["ac.consent"]._refusals(own, partners, list_id)
    return suppression.barred(own, partners) | {
        partner_id
        for partner_id, entries in refusals.items()
        if any(not said._is_from(own) for said in entries)
    }
