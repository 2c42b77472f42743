# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What ActiveCampaign has changed as well, and Odoo has not heard of yet.

A push would replace it without anybody having seen it. So a value that both sides own
is looked at before it is told; one that has changed over there is left alone, and an
event has the inbox decide, as it decides about every change.
"""

from dataclasses import replace
from datetime import datetime, timezone

from ..mapping import agreement
from ..mapping.event import person
from . import inbox, news, reread
from .outbox import Outcome
from .transaction import transaction

CHANGED_THERE = (agreement.THEIRS, agreement.BOTH)
"""Theirs alone where everything is told again, because an import was in vain."""


def settle(config, client, plan):
    """Return the plan without the units that ActiveCampaign has changed meanwhile.

    Costs one request, and only where something is told that both sides own.
    """
    if not _shared_news(plan):
        return plan
    contact = reread.contact(client, plan.remote_id)
    return _without_changed(config, [plan], {plan.remote_id: contact})[0]


def settle_many(config, client, plans):
    """Do the same for an import; one request for a hundred contacts.

    :return: (plans, outcomes of those that cannot be read); whom there was no time to
        look at is in neither
    """
    units = {plan.remote_id: news for plan in plans if (news := _shared_news(plan))}
    of_contact = all(news <= agreement.UNITS.keys() for news in units.values())
    reading = reread.Reading(units, parts=() if of_contact else ("fieldValues",))
    reading.run(client)
    unread = reading.left | reading.failed.keys()
    failed = [
        Outcome(plan.binding, "failed", error=reading.failed[plan.remote_id])
        for plan in plans
        if plan.remote_id in reading.failed
    ]
    read = [plan for plan in plans if plan.remote_id not in unread]
    return _without_changed(config, read, reading.found), failed


def _shared_news(plan):
    """Return the units to be told that both sides own, of a linked contact."""
    if not plan.remote_id or "common" not in plan.told:
        return frozenset()
    return plan.shared & plan.news.keys()


def _without_changed(config, plans, contacts):
    """Withhold what both sides have changed, and store the events that settle it.

    :param contacts: ``{AC id: contact}``; whoever is gone is told, which says so
    """
    settled, heard = [], []
    for plan in plans:
        contact = contacts.get(plan.remote_id)
        changed = contact and _changed(config, plan, contact)
        if changed:
            heard.append(contact)
            plan = replace(plan, withheld=plan.withheld | changed)
        settled.append(plan)
    if heard:
        _have_heard(config, heard)
    return settled


def _changed(config, plan, contact):
    theirs, common = agreement.units(contact), plan.told["common"]
    changed = {
        unit
        for unit in _shared_news(plan)
        if theirs.get(unit)
        and agreement.changed(common.get(unit), plan.news[unit], theirs[unit])
        in CHANGED_THERE
    }
    return changed if changed and not _ours_is_later(config, plan, contact) else set()


def _ours_is_later(config, plan, contact):
    """Whether the account's policy gives way to Odoo's value, as in `pull`."""
    theirs = news.moment(contact.get("udate"))
    later = theirs and theirs.replace(microsecond=0) > plan.changed_at
    return config.conflict_policy == "latest" and not later


def _have_heard(config, contacts):
    """Store events of their own: those of the changes may be lost, or heard already."""
    with transaction(config.env) as env:
        for contact in contacts:
            event = {
                "type": "update",
                "date_time": datetime.now(timezone.utc).isoformat(timespec="seconds"),
                "initiated_from": "odoo",
                "contact": person(contact),
            }
            inbox.store(env, config, event)
