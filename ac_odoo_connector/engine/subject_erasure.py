# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Erasing one person on both sides.

First it is noted, for good, that the person must not come back; then ActiveCampaign is
told, then Odoo's rows go. What fails in between is simply repeated: whoever is gone over
there already is no error, and nothing in Odoo is lost before.
"""

from contextlib import suppress

from odoo.exceptions import UserError
from odoo.tools import SQL

from ..activecampaign import NotFound
from . import erased, gateway, identity, ring, subject
from .marks import NOW
from .plan import Plan
from .single import OBJECTS
from .subject_export import contact_ids
from .transaction import transaction

PARTNER_FIELDS = (
    *("email", "phone", "mobile", "street", "street2", "zip", "city", "website"),
    *("function", "comment", "vat", "ref", "image_1920", "barcode"),
)
"""What is emptied of a partner who is kept, beside what the mappings send."""
RELATIONS = ("state_id", "country_id", "category_id", "title")


def forbid(person):
    """Note in a transaction of its own that nothing may bring the person back.

    :raise UserError: a worker is sending the person at the moment
    :raise VaultError: the key of the secrets is missing
    """
    companies = {config.company_id.id or None for config in person.configs}
    with transaction(person.env) as env:
        _check_idle(env, person)
        ring.check(env)  # or a new key file would take the place of a lost one
        erased.remember(env, person.emails | person.earlier, companies)


def _check_idle(env, person):
    """Who is on the way, and their orders, which bring the e-mail along, would arrive
    after the contact was deleted; so would who is in an import (state *sent*) and a
    partner made of an event. All of it is locked, not only what is taken: who is just
    being taken is waited for."""
    links = person.links.ids + order_links(person).ids
    events = subject.events(person).ids
    if _is_taken(env, "ac_binding", links) or _is_taken(env, "ac_event", events):
        raise UserError(
            person.env._(
                "The person is being sent to ActiveCampaign at the moment, or read "
                "from it. Try again in a minute."
            )
        )


def _is_taken(env, table, ids):
    env.cr.execute(
        SQL(
            """SELECT state = 'sent' OR claim IS NOT NULL AND claimed_until > %s
            FROM %s WHERE id = ANY(%s) ORDER BY id FOR UPDATE""",
            NOW,
            SQL.identifier(table),
            ids,
        )
    )
    return any(taken for (taken,) in env.cr.fetchall())


# In ActiveCampaign ----------------------------------------------------------------


def erase_there(config, person, choice, with_orders=False):
    """Delete or anonymise the person's contacts in one account.

    :param choice: "delete" or "anonymise"
    :param with_orders: delete the deals and e-commerce orders, too
    :return: number of contacts
    :raise ActiveCampaignError: not done, or not all of it; it may be repeated
    """
    with gateway.open_client(config, retry=gateway.PATIENCE) as client:
        ids = contact_ids(client, config, person)
        if with_orders:
            _delete_orders(client, config, person)
        else:
            _rename_deals(client, config, person)
        for contact_id in ids:
            _without_trace(client, contact_id, choice)
        for email in person.emails:
            _forget_customers(client, email)
    return len(ids)


def _without_trace(client, contact_id, choice):
    with suppress(NotFound):  # somebody was faster
        if choice == "delete":
            client.contacts.delete(contact_id)
        else:
            _anonymise(client, contact_id)


def _anonymise(client, contact_id):
    """Leave a contact without values, tags, lists and notes: deals and reports stay.

    The e-mail goes last: what was broken off finds the contact by it again. First the
    lists: who is on none is sent nothing for a tag that is taken away.
    """
    for row in list(client.contact_lists.of_contact(contact_id)):
        entry = {"contact": contact_id, "list": row["list"], "status": 2}
        with suppress(NotFound):
            client.contact_lists.create(entry)
    for row in list(client.contact_tags.of_contact(contact_id)):
        with suppress(NotFound):  # taken away by a try whose answer was lost
            client.contact_tags.delete(row["id"])
    for row in list(client.contacts.related(contact_id, "notes")):
        with suppress(NotFound):
            client.notes.delete(row["id"])
    values = list(client.contacts.related(contact_id, "fieldValues"))
    empty = [{"field": row["field"], "value": ""} for row in values]
    nobody = {"email": erased.nobody(), "fieldValues": empty}
    names = dict.fromkeys(("firstName", "lastName", "phone"), "")
    client.contacts.update(contact_id, {**nobody, **names})


def _forget_customers(client, email):
    """A shop's customer has the e-mail, too, and does not go with the contact."""
    for row in list(client.ecom_customers.list(filters={"email": email})):
        with suppress(NotFound):
            client.ecom_customers.delete(row["id"])


def _delete_orders(client, config, person):
    links = order_links(person).filtered("remote_id")
    for link in links.filtered(lambda b: b.config_id == config):
        plan = Plan(link.id, link.object, link.remote_id, {}, delete=True)
        with suppress(NotFound):
            OBJECTS[link.object].delete(config, client, plan)


def _rename_deals(client, config, person):
    """A deal that stays is called by the order's number: its title may name the buyer."""
    links = order_links(person).filtered(
        lambda b: b.config_id == config and b.object == "deal" and b.remote_id
    )
    for link in links:
        order = link.env["sale.order"].browse(link.res_id)
        with suppress(NotFound):
            client.deals.update(link.remote_id, {"title": order.name})


def order_links(person):
    """Return the links of the person's orders with deals and e-commerce orders, also of
    those that were never sent; with all rights, like the orders: who may erase a person
    need not be a salesperson."""
    return person.env["ac.binding"].sudo().search(_about_orders(person))


def _about_orders(person):
    return [
        ("config_id", "in", person.configs.ids),
        ("res_model", "=", "sale.order"),
        ("res_id", "in", person.orders.ids),
    ]


# In Odoo --------------------------------------------------------------------------


def erase_here(person, choice, with_orders=False):
    """Delete what is kept of the person, then do with the partners what was chosen.

    :param choice: "keep", "anonymise" or "delete"
    :return: number of rows that are gone
    """
    orders = order_links(person)
    orders.message = False  # it may name the person, and so may all of this
    orders.filtered("remote_id").intended_as = False
    for model in ("ac.error.log", "ac.audit.line"):
        person.env[model].sudo().search(_about_orders(person)).unlink()
    if with_orders:
        orders.unlink()
    found = subject.holdings(person)
    count = sum(map(len, found.values()))
    for records in found.values():
        records.sudo().exists().unlink()
    env = person.env(su=True)
    identity.hand_over(env, person.configs.ids, "contact", person.emails)
    if choice == "delete":
        person.partners.sudo().unlink()
    elif choice == "anonymise":
        _anonymise_partners(person.partners.sudo())
    return count


def needed_by(partners):
    """Return the names of what Odoo keeps partners for: orders, invoices, users …"""
    env = partners.env(su=True)
    links = env["ir.model.fields"].search(
        [
            *[("relation", "=", "res.partner"), ("ttype", "=", "many2one")],
            *[("store", "=", True), ("on_delete", "=", "restrict")],
        ]
    )
    found = links.filtered(
        lambda link: (
            link.model in env
            and env[link.model]._auto
            and env[link.model].search_count([(link.name, "in", partners.ids)], limit=1)
        )
    )
    return sorted(set(found.model_id.mapped("name")))


def _anonymise_partners(partners):
    _forget_tracked(partners)
    quiet = partners.with_context(tracking_disable=True)
    names = {*PARTNER_FIELDS, *_mapped(partners), *RELATIONS}
    empty = {name: False for name in names if name in partners._fields}
    quiet.write({**empty, "name": partners.env._("Erased Person"), "active": False})


def _forget_tracked(partners):
    """What Odoo noted when an e-mail or a phone was changed names the person, too."""
    partners.env["mail.tracking.value"].search(
        [
            ("mail_message_id.model", "=", "res.partner"),
            ("mail_message_id.res_id", "in", partners.ids),
        ]
    ).unlink()


def _mapped(partners):
    """Return the partner's own fields that a mapping sends."""
    mappings = partners.env["ac.field.mapping"].with_context(active_test=False)
    paths = {
        path
        for mapping in mappings.search([("object", "=", "contact")])
        for path in mapping._paths()
    }
    return [path for path in paths if _is_personal(partners._fields.get(path))]


def _is_personal(field):
    kinds = ("char", "text", "html", "date", "datetime", "integer", "float")
    return bool(
        field
        and field.type in kinds
        and field.store
        and not (field.required or field.compute or field.readonly)
    )
