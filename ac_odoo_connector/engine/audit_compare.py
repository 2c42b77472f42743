# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One record of both sides, unit by unit: what the mapping says and what is held.

A unit is compared where Odoo has a say in it: not what ActiveCampaign alone owns, nor
what a field's policy leaves alone, nor an empty value that Odoo never filled.
"""

from dataclasses import dataclass, field

from ..mapping import agreement
from ..mapping import event as spelled
from ..mapping.contact import SUBSCRIBED, UNSUBSCRIBED
from ..mapping.order_rest import as_rest
from ..mapping.registry import OBJECTS
from . import audit_deal_rows
from .audit_same import same
from .audit_step import (
    CONFLICT,
    LOST,
    UNHEARD,
    UNSENT,
    Found,
    cause_of,
    touched,
    veiled,
)
from .pull_rules import rules_of as pull_rules

CORE = {
    "account": ("name", "accountUrl", "owner"),
    "deal": ("title", "value", "currency", "contact", "owner"),
    "order": (
        *("email", "orderNumber", "currency", "normalizedStatus", "storeStatus"),
        *("finalAmount", "taxAmount", "shippingAmount", "discountsAmount"),
    ),
    "product": (
        *("storeBaseProductId", "baseProductName", "baseProductDescription"),
        *("baseProductUrl", "variantSku", "variantName", "variantUrl"),
        *("variantPriceAmount", "variantPriceCurrency", "categories", "tags", "upc"),
        *("stockStatus", "isVisible", "isDeleted"),
    ),
}
"""What of a payload is compared as it is; custom fields follow."""
REST = ("email", "orderNumber", "currency", "totalPrice", "taxAmount", "shippingAmount")
PERSONAL = frozenset({"email"})
ANY_CASE = frozenset({"email", "currency"})


@dataclass(frozen=True)
class Rules:
    """What the units of an object are called and who owns them."""

    labels: dict
    owners: dict = field(default_factory=dict)
    conflicts: dict = field(default_factory=dict)
    places: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Unit:
    """One value of both sides; `equal` if they mean the same."""

    name: str
    here: object
    there: object
    equal: bool


def rules_of(env, config, name, links):
    """Return the `Rules` of a chunk; constant queries."""
    config = env["ac.odoo.config"].browse(config.id)
    mappings = env["ac.field.mapping"]._resolve(config, OBJECTS[name])
    labels = {mapping.ac_id: mapping.label for mapping in mappings}
    if name == "deal":
        return Rules(labels, places=audit_deal_rows.place_names(env, config))
    if name != "contact":
        return Rules(labels)
    partners = env["res.partner"].browse(links.mapped("res_id"))
    rules = pull_rules(config)
    return Rules(
        labels=labels,
        owners=rules.owners,
        conflicts=env["ac.conflict"]._units_of(config, partners),
    )


def units(name, link, payload, there, rules):
    """Return the `Unit` of every value that can be compared."""
    if name == "contact":
        return _contact_units(link, payload, there, rules)
    if name == "order" and "connectionid" in there:
        return _rest_units(payload, there)
    found = {
        key: (payload[key], there.get(key)) for key in CORE[name] if key in payload
    }
    fields = there.get("fields", {})
    found |= {id_: (v, fields.get(id_)) for id_, v in payload.get("fields", {}).items()}
    compared = [
        Unit(key, here, held, same(_spelled(key, here), _spelled(key, held)))
        for key, (here, held) in found.items()
        if _has_say(link, key, here)
    ]
    return compared + (_place_units(link, payload, there) if name == "deal" else [])


def _has_say(link, key, here):
    told = link.sent or {}
    if key in told.get("looked_at", ()):
        return False
    return here not in ("", None, []) or key in told.get("filled", ())


def _spelled(key, value):
    return str(value or "").lower() if key in ANY_CASE else value


def _rest_units(payload, there):
    """An order that went by REST is compared as REST spells it: in cents."""
    here = as_rest(payload, 0, 0, "HISTORICAL", "")
    return [
        Unit(key, here[key], there.get(key), same(here[key], there.get(key)))
        for key in REST
    ]


def _place_units(link, payload, there):
    """A deal may stand where a person has put it, if Odoo has heard of it."""
    known = link._deal_place() or payload
    here = [str(known.get(part) or "") for part in ("group", "stage", "status")]
    held = [str(there.get(part) or "0") for part in ("group", "stage", "status")]
    here[2] = here[2] or "0"
    if not here[1]:  # a new deal begins where the pipeline begins
        here[1] = held[1]
    return [Unit("place", here, held, here == held)]


def _contact_units(link, payload, there, rules):
    told = link.sent or {}
    common = told.get("common", {})
    ours, theirs = agreement.units(payload), agreement.units(there)
    found = []
    for unit, here in ours.items():
        keys = agreement.keys_of(unit)
        if rules.owners.get(unit) == "from_ac" or not any(
            _has_say(link, key, here) for key in keys
        ):
            continue
        held = theirs.get(unit, "")
        state = common.get(unit)
        agreed = agreement.is_told(state, here) and agreement.is_heard(state, held)
        found.append(Unit(unit, here, held, agreed or same(here, held)))
    return found + _tag_units(payload, there) + _list_units(payload, there)


def _tag_units(payload, there):
    """What other tags a contact carries is nobody's business."""
    found = []
    for name in payload["tags"]:
        there_too = name.lower() in there["tags"]
        found.append(Unit(f"tag {name}", name, name if there_too else "", there_too))
    return found


def _list_units(payload, there):
    """Who is to be off a list is also where the list does not know him."""
    found = []
    for id_, wanted in payload["lists"].items():
        held = there["lists"].get(id_)
        equal = held == SUBSCRIBED if wanted == SUBSCRIBED else held != SUBSCRIBED
        found.append(Unit(f"list {id_}", wanted, held or "", equal))
    return found


def findings(name, link, units, there, unsent, rules):
    """Yield a `Found` for every unit that differs."""
    for unit in units:
        if not unit.equal:
            yield _found(name, link, unit, there, unsent, rules)


def _found(name, link, unit, there, unsent, rules):
    cause, event = cause_of(link.state, UNSENT if unsent else LOST), None
    if unit.name in rules.conflicts.get(link.res_id, ()):
        cause = CONFLICT
    elif cause == LOST and _changed_there(name, link, unit, rules):
        cause, event = UNHEARD, _event(name, link, unit, there, rules)
    here, held = _words(name, unit, rules)
    kind = unit.name.partition(" ")[0]
    label = rules.labels.get(unit.name, kind)
    about = (name, link.remote_id, link.res_id)
    return Found(*about, cause, label, unit.name, here, held, event, sampled=True)


def _changed_there(name, link, unit, rules):
    """Whether ActiveCampaign has changed what it may change."""
    if name == "deal":
        return unit.name == "place"
    if name != "contact" or unit.name.startswith("tag "):
        return False
    if unit.name.startswith("list "):
        return unit.there in (UNSUBSCRIBED, spelled.BOUNCED)
    may = rules.owners.get(unit.name) in ("both", "from_ac")
    state = (link.sent or {}).get("common", {}).get(unit.name)
    return may and bool(unit.there) and not agreement.is_heard(state, unit.there)


def _event(name, link, unit, there, rules):
    if name == "deal":
        return spelled.of_deal(there, rules.places)
    if not unit.name.startswith("list "):
        return touched(link.remote_id)
    contact = {"id": link.remote_id}
    if unit.there == spelled.BOUNCED:
        return spelled.of_bounce(contact)
    row = {"status": unit.there, "list": unit.name.partition(" ")[2]}
    return spelled.of_membership(contact, row)


def _words(name, unit, rules):
    """Return both values for people; those of a person are veiled."""
    values = unit.here, unit.there
    if unit.name == "place":
        return tuple(_place_words(value, rules) for value in values)
    if name == "deal" and unit.name == "value":  # in cents
        return tuple(f"{float(value or 0) / 100:.2f}" for value in values)
    personal = name == "contact" and not unit.name.startswith(("tag ", "list "))
    if personal or unit.name in PERSONAL:
        return tuple(veiled(value) for value in values)
    return tuple("" if value is None else str(value)[:250] for value in values)


def _place_words(place, rules):
    group, stage, status = place
    names = [
        rules.places.get(("pipeline", group), group),
        rules.places.get(("stage", stage), stage),
        audit_deal_rows.STATUS.get(status, status),
    ]
    return " › ".join(filter(None, names))
