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
from .transaction import transaction


def settle(config, client, plan):
    """Return the plan without the units that ActiveCampaign has changed meanwhile.

    Costs one request, and only where something is told that both sides own.
    """
    shared = plan.shared & plan.news.keys()
    if not shared or plan.unsure or "common" not in plan.told:
        return plan
    contact = reread.contact(client, plan.remote_id)
    if not contact:
        return plan  # it is gone: telling it says so
    theirs, common = agreement.units(contact), plan.told["common"]
    changed = {
        unit
        for unit in shared
        if theirs.get(unit)
        and agreement.changed(common.get(unit), plan.news[unit], theirs[unit])
        == agreement.BOTH
    }
    if not changed or _ours_is_later(config, plan, contact):
        return plan
    _have_heard(config, contact)
    return replace(plan, withheld=plan.withheld | changed)


def _ours_is_later(config, plan, contact):
    """Whether the account's policy gives way to Odoo's value, as in `pull`."""
    theirs = news.moment(contact.get("udate"))
    later = theirs and theirs.replace(microsecond=0) > plan.changed_at
    return config.conflict_policy == "latest" and not later


def _have_heard(config, contact):
    """Store an event of its own: that of the change may be lost, or heard already."""
    event = {
        "type": "update",
        "date_time": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "initiated_from": "odoo",
        "contact": person(contact),
    }
    with transaction(config.env) as env:
        inbox.store(env, config, event)
