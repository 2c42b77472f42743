# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Objects that many go in one request by their own keys: orders and products."""

import re

from odoo.tools import split_every

from ..activecampaign import Rejected, ServerError
from . import order_push, outbox, product_push
from .outbox import Outcome
from .plan import Plan, as_json
from .transaction import transaction

DELIVER = {
    "order": order_push.deliver_together,
    "product": product_push.deliver_together,
}
"""``deliver_together(config, client, plans)`` sends them in one request and returns
``{binding id: AC id}``."""
GOES = {"order": order_push.goes_together}
"""``goes_together(config, plan)``: whether one can go with others at all."""
TOLD = {"order": order_push.told}
"""``told(plan)``: what to remember of one that has been sent."""
SIZE = 100
"""Objects in one request; AC names no limit, only one of 15,000 grammar tokens, and
variables are no grammar."""
CHUNKS = dict.fromkeys(DELIVER, 2 * SIZE)
"""Records that are claimed at once, by object: full requests, no remainder."""
_NAMED = re.compile(r"store(?:OrderId|PrimaryId)-(\d+)(?!\d)")
"""A bad row in GraphQL's answer (WOO: "…-storeOrderId-<id>…")."""


def send(config, client, token, plans):
    """Send plans in batches and settle them.

    :return: the plans that must be tried alone: deleted records, those that failed
        before or that ActiveCampaign has refused, those that can only go alone
    """
    goes = GOES.get(plans[0].object, _always)
    alone = [p for p in plans if p.delete or p.refused or not goes(config, p)]
    kept = {plan.binding for plan in alone}
    rest = (plan for plan in plans if plan.binding not in kept)
    for part in split_every(SIZE, rest, list):
        alone += _send_part(config, client, token, part)
    return alone


def _always(_config, _plan):
    return True


def _send_part(config, client, token, plans):
    """Send one batch; named rows are taken out and the others go together again.

    :return: the plans that have not been accepted
    """
    refused = []
    while plans:
        try:
            ids = DELIVER[plans[0].object](config, client, plans)
        except Rejected as error:
            bad = _named(plans, error.rows)
            if not bad:
                return refused + plans
            refused += bad
            keys = {plan.identity for plan in bad}
            plans = [plan for plan in plans if plan.identity not in keys]
        except ServerError:
            return refused + plans
        else:
            _settle(config, token, plans, ids)
            break
    return refused


def _named(plans, rows):
    """Return the plans that the rows of a refusal name by their own keys."""
    keys = {key for row, _reason in rows for key in _NAMED.findall(str(row))}
    return [plan for plan in plans if plan.identity in keys]


def _settle(config, token, plans, ids):
    told = TOLD.get(plans[0].object, Plan.told_after)
    outcomes = [
        Outcome(
            plan.binding,
            "synced",
            remote_id=ids[plan.binding],
            fingerprint=plan.fingerprint,
            sent=as_json(told(plan)),
        )
        for plan in plans
    ]
    with transaction(config.env) as env:
        outbox.settle(env, token, outcomes)
