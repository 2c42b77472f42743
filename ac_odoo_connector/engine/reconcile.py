# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Comparing everything that is linked, for what neither webhook nor poll has told.

One page a step, its position committed with what was found, so that it may be stopped
anywhere. What ActiveCampaign has changed becomes an event in the inbox, what Odoo has
to tell again a mark in the outbox: the rules of who owns what are those of every event.
Memory stays flat: what was seen is a row, not a list.
"""

from ..activecampaign import NotFound
from . import news_contacts, news_deals, poll_streams, walks
from .hearing import hear
from .news import Finding
from .transaction import transaction

GONE_PAGE = 50
PHASES = ("contacts", "gone_contacts", "lists", "deals", "gone_deals")


class Stopped(Exception):
    """A person has ended the reconciliation while a page was under way."""


def step(config, client):
    """Take the next page of the reconciliation that is under way.

    :return: whether there is more to do
    :raise RepeatedPage: the server sends the same rows again and again
    """
    with transaction(config.env) as env:
        record = env["ac.reconciliation"]._running(config)
        position = dict(record.position or {})
    if not record:
        return False
    try:
        return _WORK[position["phase"]](config, client, position)
    except Stopped:
        return False


def begin(config, phase):
    """Return the first position of a phase; None when there is none."""
    if phase != "lists":
        return phase and {"phase": phase}
    entries = config.env["ac.metadata"]._entries(config, "list")
    pairs = walks.pairs(entries.mapped("remote_id"), joined=True)
    return {"phase": phase, "pairs": pairs}


def _after(config, phase):
    phases = [p for p in PHASES if config.sync_deals or "deals" not in p]
    following = phases[phases.index(phase) + 1 :]
    return following[0] if following else None


def _contacts(config, client, position):
    page = walks.contacts(client, position, include=news_contacts.INCLUDE)
    again = walks.once_more(page.position, "contacts") if page.last else page.position
    with transaction(config.env) as env:
        record = _record(env, config)
        own = record.config_id
        findings = news_contacts.different_contacts(env, own, page, record.since)
        record._saw("contact", page.records)
        return _note(record, findings, again, len(page.records))


def _lists(config, client, position):
    pair = (position["pairs"] or [None])[0]
    page = walks.members(client, position)
    with transaction(config.env) as env:
        own = _record(env, config).config_id
        ids = poll_streams.members_unheard(env, own, page, pair)
    rows = poll_streams.memberships(client, ids, pair)
    with transaction(config.env) as env:
        record = _record(env, config)
        own = record.config_id
        findings = poll_streams.members_findings(env, own, page, pair, rows)
        return _note(record, findings, None if page.last else page.position)


def _deals(config, client, position):
    page = walks.deals(client, position)
    with transaction(config.env) as env:
        record = _record(env, config)
        findings = news_deals.different_deals(env, record.config_id, page)
        record._saw("deal", page.records)
        after = page.position
        if page.last:
            after = walks.once_more({**after, "found": record._seen("deal")}, "deals")
        return _note(record, findings, after, len(page.records))


def _gone(name):
    """Return the step that looks after the links that no page has shown."""

    def work(config, client, position):
        with transaction(config.env) as env:
            ids = _record(env, config)._unseen(name, GONE_PAGE)
        there = _still_there(client, name, ids)
        with transaction(config.env) as env:
            record = _record(env, config)
            links = record._links(name, [id_ for id_ in ids if id_ not in there])
            again = record.config_id.reconcile_deleted == "again"
            findings = [
                Finding(
                    f"{name}_deleted", name, link.remote_id, link.res_id, again=again
                )
                for link in links
            ]
            record._saw(name, [{"id": id_} for id_ in ids])
            return _note(record, findings, position if ids else None)

    return work


def _still_there(client, name, ids):
    """Ask for them by name: only what two answers lack is gone."""
    if name == "contact":
        found = client.contacts.list(**{"ids[]": ids}) if ids else ()
        return {str(contact["id"]) for contact in found}
    return {id_ for id_ in ids if _deal_is_there(client, id_)}


def _deal_is_there(client, deal_id):
    try:
        return bool(client.deals.get(deal_id).record)
    except NotFound:
        return False


def _record(env, config):
    """:raise Stopped: nothing is under way any more"""
    record = env["ac.reconciliation"]._running(config)
    if not record:
        raise Stopped
    return record


def _note(record, findings, position, looked_at=0):
    """Hear the findings and note them with the position; return whether it goes on.

    :param position: None at the end of a phase
    """
    config = record.config_id
    outcomes = hear(record.env, config, findings, "reconcile")
    if position is None:
        position = begin(config, _after(config, record.position["phase"]))
    record._note(outcomes, position, looked_at)
    return position is not None


_WORK = {
    "contacts": _contacts,
    "gone_contacts": _gone("contact"),
    "lists": _lists,
    "deals": _deals,
    "gone_deals": _gone("deal"),
}
