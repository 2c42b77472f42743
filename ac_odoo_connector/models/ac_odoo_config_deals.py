# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from functools import partial

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache

from ..engine import fields as ac_fields
from ..engine import metadata
from ..engine.button import client_of_button
from ..mapping import template
from ..mapping.deal import DealFacts
from ..mapping.value import MappingError

ROLES = {
    "order_number": ("deal_number_field", "text"),
    "order_date": ("deal_date_field", "date"),
    "expected_close": ("deal_close_field", "date"),
    "order_link": ("deal_link_field", "text"),
}
"""``{role: (field of the account that has the name, AC's type)}``"""


class AcOdooConfig(models.Model):
    """How orders become deals; queries per chunk."""

    _inherit = "ac.odoo.config"

    deal_title = fields.Char(
        "Title of a Deal",
        default="{{ object.name }}",
        required=True,
        tracking=True,
        help="A template over the order, e.g. {{ object.name }} {{ "
        "object.partner_id.name }}. ActiveCampaign gets 250 characters of it.",
    )
    deal_with_tax = fields.Boolean(
        "Value with Tax",
        tracking=True,
        help="A deal is worth the order's total; else the amount without tax.",
    )
    deal_cycle_days = fields.Integer(
        "Days Until Close",
        default=30,
        tracking=True,
        help="Expected close of an order without a delivery date, from its order date.",
    )
    deal_secondary = fields.Boolean(
        "Contacts of the Addresses",
        tracking=True,
        help="Contacts of the invoice and delivery address are on the deal, too.",
    )
    deal_note = fields.Boolean(
        "Lines as a Note",
        tracking=True,
        help="One note per deal lists the order's lines and is rewritten when they "
        "change. It costs a second request per deal.",
    )
    deal_number_field = fields.Char(
        "Field of the Order Number", default="Odoo Order", tracking=True
    )
    deal_date_field = fields.Char(
        "Field of the Order Date", default="Order Date", tracking=True
    )
    deal_close_field = fields.Char(
        "Field of the Expected Close", default="Expected Close", tracking=True
    )
    deal_link_field = fields.Char(
        "Field of the Link", default="Odoo Link", tracking=True
    )

    @api.constrains("deal_title")
    def _check_deal_title(self):
        for config in self:
            try:
                template.compiled(config.deal_title)
            except MappingError as error:
                raise ValidationError(str(error)) from error
            for path in template.paths(config.deal_title):
                self._check_order_path(path)

    def _check_order_path(self, path):
        model = self.env["sale.order"]
        for name in path.split("."):
            field = model._fields.get(name) if model is not None else None
            if field is None:
                raise ValidationError(
                    self.env._("“%s” is not a field of an order.", path)
                )
            model = self.env[field.comodel_name] if field.relational else None

    @api.constrains("deal_cycle_days")
    def _check_deal_cycle_days(self):
        if any(not 0 <= config.deal_cycle_days <= 3650 for config in self):
            raise ValidationError(
                self.env._("The days until close lie between 0 and 3650.")
            )

    def write(self, vals):
        result = super().write(vals)
        if "deal_title" in vals:  # `_watched` depends on it
            self.env.registry.clear_cache()
        return result

    def _facts_of_deals(self, orders, mappings):
        partners = orders.partner_id
        if self.deal_secondary:
            partners |= orders.partner_invoice_id | orders.partner_shipping_id
        contacts, waiting = self._contacts_of(partners)
        accounts = self._accounts_of(orders.partner_id)
        stages = self._stages_of(orders)
        return DealFacts(
            mappings=mappings,
            contacts=contacts,
            waiting=waiting,
            account_ids={id_: account["id"] for id_, account in accounts.items()},
            owners=self._owners(orders.user_id),
            team_owners=self._team_owners(orders),
            stages=stages,
            amounts=self._amounts_of(orders, stages),
            roles=self._deal_roles(),
            base_url=self._public_url(),
            title=partial(template.rendered, template.compiled(self.deal_title)),
            cycle=self.deal_cycle_days,
            secondary=self.deal_secondary,
            note=self.deal_note,
            with_tax=self.deal_with_tax,
        )

    def _public_url(self):
        parameters = self.env["ir.config_parameter"].sudo()
        return (parameters.get_param("web.base.url") or "").rstrip("/")

    def _deal_roles(self):
        """Return ``{role: AC deal field id}`` of the fields that the account has."""
        ids = self.env["ac.metadata"]._ids_by_name(self, "deal_field")
        found = {
            role: ids.get((self[name] or "").strip().lower())
            for role, (name, _type) in ROLES.items()
        }
        return {role: ac_id for role, ac_id in found.items() if ac_id}

    def action_create_deal_fields(self):
        """Make the deal fields that the account lacks; what exists is used.

        :raise UserError: what ActiveCampaign said
        """
        self.ensure_one()
        self._check_operator()
        with client_of_button(self) as client:
            for name, type_ in ROLES.values():
                title = (self[name] or "").strip()
                if title:
                    wanted = ac_fields.Wanted(title, type_)
                    ac_fields.ensure(client, "deal_field", wanted)
            metadata.refresh_kind(self, client, "deal_field")
        return self._notify(
            self.env._("Created"),
            self.env._("Deals have these fields from the next time they are sent."),
        )


class AcFieldMapping(models.Model):
    _inherit = "ac.field.mapping"

    @api.model
    @ormcache("object_name")
    def _watched(self, object_name):
        """Add what the titles of deals are made of."""
        found = super()._watched(object_name)
        if object_name != "deal":
            return found
        configs = self.env["ac.odoo.config"].sudo().search([("deal_title", "!=", "")])
        titles = {path for c in configs for path in template.paths(c.deal_title)}
        return found | {path.split(".")[0] for path in titles}
