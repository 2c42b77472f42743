# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Counting and comparing both sides, to be able to say that they are equal.

Unlike the reconciliation an audit changes nothing: it counts, adds up, compares a random
sample value by value, and says what differs and why. One request or one chunk a step, its
position committed with what was found, so that it may be stopped anywhere.
"""

from . import audit_deals, audit_orders, audit_products, audit_sample, audit_tags
from .transaction import transaction

PHASES = {
    "tags": audit_tags,
    "deals": audit_deals,
    "products": audit_products,
    "orders": audit_orders,
    "sample": audit_sample,
}
"""Each has ``begin(config)``, the first position or None where the account has no such
object, and ``work(config, client, at)``, which returns an `audit_step.Step`."""


def first(config):
    """Return the position that an audit begins with; there is always a sample."""
    return _begin(config, list(PHASES))


def step(config, client):
    """Take the next step of the audit that is under way.

    :return: whether there is more to do
    :raise RepeatedPage: the server sends the same rows again and again
    """
    with transaction(config.env) as env:
        position = env["ac.audit.run"]._running(config).position
    if not position:
        return False
    phase = position["phase"]
    done = PHASES[phase].work(config, client, position["at"])
    with transaction(config.env) as env:
        run = env["ac.audit.run"]._running(config)
        if not run:  # a person has stopped it meanwhile
            return False
        after = {"phase": phase, "at": done.at}
        if done.at is None:
            run._forget_seen()
            after = _begin(run.config_id, list(PHASES)[list(PHASES).index(phase) + 1 :])
        run._note(done, after)
        return after is not None


def _begin(config, phases):
    for phase in phases:
        if at := PHASES[phase].begin(config):
            return {"phase": phase, "at": at}
    return None
