# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a person has chosen where both sides have changed a value."""

import logging

from odoo.exceptions import UserError

from ..mapping import agreement
from ..mapping.contact import said
from . import pull
from .marks import LIVE
from .pull_rules import REFUSALS, as_values, in_words, rules_of
from .wake import wake_after_commit

_logger = logging.getLogger(__name__)


def take_one(config, partner, link, unit, theirs):
    """Write one value of AC to its partner, because a person has chosen it.

    :raise UserError: it does not fit the field
    """
    rules = rules_of(config)
    try:
        partner.write(as_values(rules, partner, unit, theirs, {}))
    except (KeyError, *REFUSALS) as error:
        raise UserError(in_words(partner.env, error)) from error
    ours = said(partner, rules.mappings.values())
    state = {unit: agreement.agreed(ours.get(unit, ""), theirs)}
    common = (link.sent or {}).get("common", {}) | state
    pull.remember(link, common, {unit: theirs}, state)


def renew(config, conflicts):
    """Note what Odoo holds now: it may be saved again before anybody has decided.

    A value that cannot be told, or is not mapped any more, stays as it was noted.
    """
    mappings = rules_of(config).mappings.values()
    for conflict in conflicts.with_context(lang=None):
        try:
            ours = said(conflict.partner_id, mappings)
        except Exception as error:  # one bad record must not hurt its neighbours
            _logger.warning("%s not read: %s", conflict, type(error).__name__)
            continue
        now = ours.get(conflict.unit)
        if now not in (None, conflict.odoo_value or ""):
            conflict.odoo_value = now
            conflict.odoo_changed_at = conflict.partner_id.write_date


def tell_again(links, units, heard=None):
    """Have Odoo's values of some units told again, whatever was told before.

    What was heard stays heard, or the next event would take Odoo's value for nobody's.

    :param links: `ac.binding` records of contacts
    :param heard: ``{unit: AC's value}`` that a person has decided against
    """
    heard = heard or {}
    for link in links:
        sent = link.sent or {}
        common = dict(sent.get("common", {}))
        common |= {u: agreement.untold(common.get(u), heard.get(u)) for u in units}
        link.write(
            {
                "sent": {**sent, "common": common},
                "fingerprint": False,
                "state": "pending",
                "priority": LIVE,
            }
        )
    wake_after_commit(links.env, links.config_id.ids, "push")
