# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Deals that stand elsewhere, or that somebody has given another title or value."""

from ..mapping import event as spelled
from ..mapping.registry import fingerprint
from . import news
from .news import Finding


def moved_deals(env, config, page):
    """Return findings for linked deals that stand elsewhere than was last told or heard."""
    links = news.links(env, config, "deal", page.records)
    names = _names(links.values())
    findings = []
    for deal in page.records:
        link = links.get(str(deal["id"]))
        if link and _place_differs(link, deal):
            findings.append(_moved(link, deal, names, page))
    return findings


def different_deals(env, config, page):
    """Return findings for deals that were moved, or whose title or value somebody
    changed over there: those are Odoo's."""
    links = news.links(env, config, "deal", page.records)
    payloads = news.payloads(env, config, "deal", links.values())
    names = _names(links.values())
    findings = []
    for deal in page.records:
        link, payload = links.get(str(deal["id"])), payloads.get(str(deal["id"]))
        if link and _place_differs(link, deal):
            findings.append(_moved(link, deal, names, page))
        if link and payload and link.state == "synced":
            findings += _untold(link, deal, payload)
    return findings


def _place_differs(link, deal):
    place = link._deal_place()
    there = [str(deal.get(part)) for part in ("group", "stage", "status")]
    here = [str(place.get(part)) for part in ("group", "stage", "status")]
    return there != here


def _moved(link, deal, names, page):
    event = spelled.of_deal(deal, names)
    known = {"read_at": page.beside.get("read_at")}
    return Finding("deal_moved", "deal", link.remote_id, link.res_id, event, known)


def _untold(link, deal, payload):
    same = (
        str(deal.get("title")) == payload["title"]
        and str(deal.get("value")) == str(payload["value"])
        and str(deal.get("currency")).lower() == payload["currency"].lower()
    )
    unsent = link.fingerprint != fingerprint(payload)
    if same and not unsent:
        return []
    about = ("deal_untold", "deal", link.remote_id, link.res_id)
    return [Finding(*about, unsent=unsent, again=not same)]


def _names(links):
    """Return ``{("pipeline" or "stage", AC id): name}`` of one account; one query."""
    link = next(iter(links), None)
    found = link._place_names() if link else {}
    return {(kind, id_): name for (_config, kind, id_), name in found.items()}
