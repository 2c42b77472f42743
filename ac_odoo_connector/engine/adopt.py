# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A contact of ActiveCampaign that no partner is linked with: found, made, or waited for.

Looked for by its link, then by its e-mail, before a partner is made: two sides that
have the same people already must not have them twice.
"""

from odoo.tools import email_normalize

from ..mapping import agreement, text
from . import identity, pull, pull_rules, waiting
from .ignore import Ignore, Waits


def linked(event, contact):
    """Return ``(partner, link)``: who the contact is linked with from now on.

    :param contact: see `reread.Reading`
    :raise Waits: there is none, and the account's policy is to wait for one
    :raise Ignore: the partner was deleted in Odoo
    """
    env, config = event.env, event.config_id
    identity.take_turn(env, config)
    if link := _link_of(config, contact):  # made since the event was looked at
        partner = env["res.partner"].browse(link.res_id).exists()
        if not partner:
            raise Ignore(env._("The partner of this contact was deleted in Odoo."))
        return partner, link
    email = email_normalize(contact.get("email") or "")
    partner = _with_email(config, env["res.partner"]._ac_with_email([email]))
    if not partner:
        if config.unknown_contact != "create" or not email:
            raise Waits(env._("No partner is linked with this contact yet."))
        partner = _make(config, contact)
    link = _link(config, partner, contact)
    waiting.wake(env, config, [event.remote_contact_id])
    return partner, link


def _link_of(config, contact):
    return config.env["ac.binding"].search(
        [
            ("config_id", "=", config.id),
            ("object", "=", "contact"),
            ("remote_id", "=", str(contact["id"])),
        ]
    )


def _with_email(config, people):
    """Return who is to be linked of those with an e-mail, empty when nobody has it.

    :raise Waits: somebody has it, but is out of the account's reach
    """
    company = config.company_id
    people = people.filtered(
        lambda p: not company or not p.company_id or p.company_id == company
    )
    within = config._in_scope(people.filtered("active"))
    links = config.env["ac.binding"].search(
        [
            ("config_id", "=", config.id),
            ("object", "=", "contact"),
            ("res_id", "in", within.ids),
        ]
    )
    if links.filtered("remote_id") or (people and not within):
        raise Waits(
            config.env._(
                "The partner with this e-mail is linked with another contact, archived "
                "or outside the account's filter."
            )
        )
    mains = links.filtered("is_main").mapped("res_id")
    return within.browse(mains[:1]) or within.sorted("id")[:1]


def _make(config, contact):
    """Make a partner of all that the account takes over of a contact."""
    partners = config.env["res.partner"]
    rules, theirs = pull_rules.rules_of(config), agreement.units(contact)
    email = theirs["email"]
    values = {
        "name": text.clean(theirs["name"]) or email,
        "email": email,
        "company_id": config.company_id.id,
    }
    if theirs["phone"]:
        values["phone"] = text.clean(theirs["phone"])
    for unit in rules.mappings:
        values |= _taken(rules, partners, unit, theirs, values)
    return partners.create(values)


def _taken(rules, partners, unit, theirs, values):
    """What does not fit is left out; `pull.take_over` says so afterwards."""
    if not theirs.get(unit):
        return {}
    try:
        return pull_rules.as_values(rules, partners, unit, theirs[unit], values)
    except pull_rules.REFUSALS:
        return {}


def _link(config, partner, contact):
    """Link them; what each has told the other is not known yet.

    :raise Waits: the partner is being sent, and so linked, at the moment
    """
    links = config.env["ac.binding"]
    key = {"config_id": config.id, "object": "contact", "res_id": partner.id}
    known = links.search([(name, "=", value) for name, value in key.items()])
    pull.lock(partner, known)
    sent = {"identity": agreement.units(contact)["email"], "common": {}, "filled": []}
    values = {"remote_id": str(contact["id"]), "sent": sent | (known.sent or {})}
    if known:
        known.write(values)
    partner._ac_mark(["contact"])
    return known or links.create({**key, **values, "res_model": partner._name})
