# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Fields that must not replace what is over there: look once, remember the answer."""

from dataclasses import replace


def look(client, plan, held):
    """Return the plan without the values that ActiveCampaign's own go before.

    :param held: ``held(client, plan) -> {AC field id: value}`` or None when the object
        is not there yet
    """
    if not plan.cautious:
        return plan
    values = held(client, plan)
    if values is None:
        return plan
    kept = {
        ac_id
        for ac_id, policy in plan.cautious.items()
        if policy == "never" or values.get(ac_id) not in (None, "", [])
    }
    return replace(plan, dropped=plan.dropped | kept)
