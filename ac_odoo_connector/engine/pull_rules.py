# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What an account takes over of a contact, and what AC's texts mean in a partner."""

from dataclasses import dataclass

from ..mapping import text
from ..mapping.registry import OBJECTS
from ..mapping.skip import Skip
from ..mapping.value import MappingError

CONTACT = OBJECTS["contact"]
REFUSALS = (MappingError, Skip)
"""Why a value of ActiveCampaign cannot be taken over."""


@dataclass(frozen=True)
class Rules:
    """What an account takes over: `owners` ``{unit: direction}``, `labels` ``{unit:
    str}``, `mappings` ``{AC field id: CompiledMapping}`` of the custom fields."""

    owners: dict
    labels: dict
    mappings: dict


def rules_of(config):
    """Return the `Rules` of an account; read once in a transaction."""
    known = config.env.cr.cache.setdefault("ac_pull_rules", {})
    if config.id not in known:
        known[config.id] = _read_rules(config)
    return known[config.id]


def _read_rules(config):
    resolved = config.env["ac.field.mapping"]._resolve(config, CONTACT, "from_ac")
    mappings = {each.ac_id: each for each in resolved if each.back}
    owners, labels = config._owner_of_units(), config._unit_labels()
    for ac_id, mapping in mappings.items():
        alone = mapping.direction == "from_ac" or mapping.policy != "always"
        owners[ac_id] = "from_ac" if alone else "both"
        labels[ac_id] = mapping.label
    return Rules(owners, labels, mappings)


def shared_units(config, object_name):
    """Return the units that both sides may change: contacts alone have any."""
    owners = rules_of(config).owners if object_name == "contact" else {}
    return frozenset(unit for unit, owner in owners.items() if owner == "both")


def why_not(config, partner):
    """Return why an account may not write a partner, None when it may."""
    company, own = config.sudo().company_id, partner.sudo().company_id
    if company and own and own != company:
        return partner.env._("The partner belongs to another company by now.")
    if any(not user.share for user in partner.sudo().user_ids):
        return partner.env._("The partner is a user of Odoo: only Odoo changes it.")
    return None


def as_values(rules, partner, unit, theirs, merged):
    """Return ``{field: value}`` of the partner that AC's text of a unit means.

    :param merged: what is taken over with it
    :raise MappingError: it does not fit the field
    :raise Skip: it is no e-mail
    """
    if unit == "name":
        return {"name": text.clean(theirs)}
    if unit == "email":
        return {"email": text.email(theirs)}
    if unit == "phone":
        return {_phone_field(partner): text.clean(theirs)}
    return rules.mappings[unit].back(theirs, partner, merged)


def _phone_field(partner):
    """AC's one phone is the mobile of those who have no other."""
    only = "mobile" in partner._fields and partner.mobile and not partner.phone
    return "mobile" if only else "phone"


def in_words(env, error):
    if isinstance(error, Skip):
        return env._("“%s” is no e-mail address.", error.detail)
    return str(error)
