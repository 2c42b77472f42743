# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Objects that many go in one request by their own keys: orders and products."""

from odoo.tools import split_every

from ..activecampaign import Rejected, ServerError
from . import order_push, outbox, product_push
from .outbox import Outcome
from .plan import as_json
from .transaction import transaction

DELIVER = {
    "order": order_push.deliver_together,
    "product": product_push.deliver_together,
}
"""``deliver_together(config, client, plans)`` sends them in one request and returns
``{binding id: AC id}``."""
SIZE = 100
"""Objects in one request; AC names no limit, only one of 15,000 grammar tokens."""


def send(config, client, token, plans):
    """Send plans in batches and settle them.

    :return: the plans that must be tried alone: deleted records, those that failed
        before, and all of a batch that was refused
    """
    alone = [plan for plan in plans if plan.delete or plan.refused]
    for part in split_every(SIZE, [plan for plan in plans if plan not in alone]):
        alone += _send_part(config, client, token, list(part))
    return alone


def _send_part(config, client, token, plans):
    try:
        ids = DELIVER[plans[0].object](config, client, plans)
    except (Rejected, ServerError):
        return plans
    outcomes = [
        Outcome(
            plan.binding,
            "synced",
            remote_id=ids[plan.binding],
            fingerprint=plan.fingerprint,
            sent=as_json(plan.told_after()),
        )
        for plan in plans
    ]
    with transaction(config.env) as env:
        outbox.settle(env, token, outcomes)
    return []
