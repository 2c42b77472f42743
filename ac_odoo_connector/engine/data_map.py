# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What flows between Odoo and an account, why, and how long it is kept.

Made of the registry, the field mappings and the rules of retention, so that it cannot say
anything else than what happens.
"""

from odoo.tools import LazyTranslate

from ..mapping.agreement import UNITS
from ..mapping.registry import OBJECTS
from .retention import RULES
from .subject import HOLDINGS

_lt = LazyTranslate(__name__)

PURPOSES = {
    "contact": _lt("E-mail marketing to people who agreed to it"),
    "account": _lt("Knowing which company a contact belongs to"),
    "product": _lt("Products in marketing e-mails; no personal data"),
    "deal": _lt("Following up sales"),
    "order": _lt("Marketing by what was bought or left in the cart"),
}
INCOMING = {
    "webhook_contacts": _lt("Changes, tags, subscriptions and withdrawals of contacts"),
    "webhook_engagement": _lt("Opens, clicks, replies, forwards and bounces"),
    "webhook_deals": _lt("Changes of deals, their notes and tasks"),
    "webhook_accounts": _lt("Changes of companies"),
}
"""What ActiveCampaign reports, by the account's switch."""
PART_OF = {
    "ac.audit.line": "ac.audit.run",
    "ac.reconciliation.line": "ac.reconciliation",
}
"""What goes with something else."""
FOR_GOOD = {
    "ac.trail": _lt("Audit trail: who changed what in Odoo"),
    "ac.erased": _lt("Digest of the e-mail of people who were erased"),
}


def flows(config):
    """Return what flows: ``[{"object", "odoo", "there", "direction", "purpose"}]``."""
    rows = []
    for row in config._objects():
        rows += _watched(config, row) + _mapped(config, row)
    return rows + _heard(config)


def _watched(config, row):
    """One line per field of Odoo that the registry reads."""
    model = config.env[row.model]
    labels = model.sudo().fields_get(sorted(row.watched), ["string"])
    there = config.env._("Object “%s” and what hangs on it", row.label)
    owners = config._owner_of_units() if row.name == "contact" else {}
    return [
        _line(
            config,
            row.name,
            f"{labels[name]['string']} ({name})",
            there,
            owners.get(name, "to_ac") if name in UNITS else "to_ac",
        )
        for name in sorted(labels)
    ]


def _mapped(config, row):
    """One line per field mapping of the account."""
    mappings = config.env["ac.field.mapping"].search(
        [("object", "=", row.name), ("config_id", "in", (False, config.id))]
    )
    return [
        _line(config, row.name, each.source_text or "", each.ac_field, each.direction)
        for each in mappings
    ]


def _heard(config):
    env = config.env
    return [
        {
            "object": env._("Event"),
            "odoo": env._("Inbox, timeline and engagement"),
            "there": env._(words),
            "direction": _direction(config, "from_ac"),
            "purpose": env._("Knowing who is interested; obeying withdrawals"),
        }
        for switch, words in INCOMING.items()
        if config[switch]
    ]


def _line(config, name, odoo, there, direction):
    return {
        "object": OBJECTS[name].label,
        "odoo": odoo,
        "there": there,
        "direction": _direction(config, direction),
        "purpose": config.env._(PURPOSES[name]),
    }


def _direction(config, code):
    field = config.env["ac.field.mapping"]._fields["direction"]
    return dict(field._description_selection(config.env))[code]


def kept(config):
    """Return where it is kept and how long: ``[{"what", "model", "how_long"}]``."""
    models = {**HOLDINGS, **FOR_GOOD}
    return [
        {
            "what": config.env._(what),
            "model": model,
            "how_long": _how_long(config, model),
        }
        for model, what in models.items()
        if model in config.env
    ]


def _how_long(config, model):
    """Return the days of all the rules for a model, the shortest first."""
    names = {rule.days for rule in RULES if rule.model == PART_OF.get(model, model)}
    if names:
        labels = {name: config._fields[name] for name in names}
        days = sorted((config[name], name) for name in names)
        return "; ".join(
            config.env._(
                "%(setting)s: %(days)s",
                setting=labels[name]._description_string(config.env),
                days=count,
            )
            for count, name in days
        )
    if model == "ac.erased":
        return config.env._("For good, or the person could come back")
    return config.env._("As long as the partner, or until the person is erased")
