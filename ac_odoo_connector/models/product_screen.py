# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import SQL, Query

from .ac_sync_screen import URGENCY


class AcProductScreen(models.AbstractModel):
    """What a form and a list of products show of the catalogue, for the template and
    the variant.

    It is not stored: the engine would have to write to products that users edit.
    """

    _name = "ac.product.screen"
    _description = "ActiveCampaign on Products"

    ac_product_id = fields.Char(
        "ActiveCampaign Product ID",
        compute="_compute_ac_state",
        search="_search_ac_product_id",
        groups="ac_odoo_connector.group_user",
        help="Of the first account; a template with several variants has several.",
    )
    ac_sync_state = fields.Selection(
        selection="_selection_ac_sync_state",
        string="ActiveCampaign",
        compute="_compute_ac_state",
        search="_search_ac_sync_state",
        groups="ac_odoo_connector.group_user",
        help="The most urgent state over all accounts and variants.",
    )
    ac_link_ids = fields.Many2many(
        "ac.binding",
        string="Products in ActiveCampaign",
        compute="_compute_ac_state",
        groups="ac_odoo_connector.group_user",
    )

    @api.model
    def _selection_ac_sync_state(self):
        return self.env["ac.binding"]._fields["state"]._description_selection(self.env)

    def _ac_variants(self):
        """Return the variants that the record stands for, the archived ones too."""
        raise NotImplementedError

    def _compute_ac_state(self):
        """A few queries for a page of records."""
        variants = {record: record._ac_variants() for record in self}
        ids = {id_ for each in variants.values() for id_ in each.ids}
        links = self._ac_search([("res_id", "in", list(ids))])
        by_variant = links.sorted(lambda link: link.config_id.id).grouped("res_id")
        for record in self:
            found = [
                by_variant.get(id_, links.browse()) for id_ in variants[record].ids
            ]
            own = links.browse().union(*found)
            worst = own.sorted(lambda link: URGENCY.index(link.state))[:1]
            record.ac_link_ids = own
            record.ac_sync_state = worst.state
            record.ac_product_id = own.filtered("remote_id")[:1].remote_id

    @api.model
    def _ac_search(self, domain):
        """Return the links of products in this domain."""
        return self.env["ac.binding"].search(self._ac_domain(domain))

    @api.model
    def _ac_domain(self, domain):
        model = ("res_model", "=", "product.product")
        return [model, ("object", "=", "product"), *domain]

    @api.model
    def _search_ac_product_id(self, operator, value):
        """Odoo 18 passes "=" with False, Odoo 19 "in" with a set."""
        if value is False or operator in ("in", "not in") and False in value:
            unset = operator in ("=", "in")
            return self._ac_found([("remote_id", "!=", False)], not unset)
        positive = operator not in ("!=", "not in", "not ilike", "not like")
        plain = {"!=": "=", "not in": "in", "not ilike": "ilike", "not like": "like"}
        return self._ac_found(
            [("remote_id", plain.get(operator, operator), value)], positive
        )

    @api.model
    def _search_ac_sync_state(self, operator, value):
        """Find by the state of any link; False: those without a link."""
        values = {value} if isinstance(value, str) or not value else set(value)
        positive = operator in ("=", "in")
        if False in values:  # without a link: not in any of the other states
            values, positive = set(URGENCY) - values, not positive
        return self._ac_found([("state", "in", list(values))], positive)

    @api.model
    def _ac_found(self, domain, positive):
        """Return the domain of records that have, or have not, such a link."""
        links = self.env["ac.binding"]._search(self._ac_domain(domain))
        found = links.select(SQL("ac_binding.res_id AS id"))
        variants = Query(self.env, "ac_found", SQL("(%s)", found))
        return self._ac_with(variants, positive)

    @api.model
    def _ac_with(self, variants, positive):
        raise NotImplementedError


class ProductProduct(models.Model):
    # pylint: disable-next=consider-merging-classes-inherited
    _name = "product.product"
    _inherit = ["product.product", "ac.product.screen"]

    def _ac_variants(self):
        return self

    @api.depends("ac_binding_ids.state", "ac_binding_ids.remote_id")
    def _compute_ac_state(self):
        return super()._compute_ac_state()

    @api.model
    def _ac_with(self, variants, positive):
        return [("id", "in" if positive else "not in", variants)]


class ProductTemplate(models.Model):
    # pylint: disable-next=consider-merging-classes-inherited
    _name = "product.template"
    _inherit = ["product.template", "ac.product.screen"]

    def _ac_variants(self):
        return self.with_context(active_test=False).product_variant_ids

    @api.depends(
        "product_variant_ids.ac_binding_ids.state",
        "product_variant_ids.ac_binding_ids.remote_id",
    )
    def _compute_ac_state(self):
        return super()._compute_ac_state()

    @api.model
    def _ac_with(self, variants, positive):
        holders = self.env["product.product"].with_context(active_test=False)
        query = holders._search([("id", "in", variants)])
        templates = Query(
            self.env,
            "ac_holders",
            SQL("(%s)", query.select(SQL("product_product.product_tmpl_id AS id"))),
        )
        return [("id", "in" if positive else "not in", templates)]

    def action_ac_sync_now(self):
        """Mark all variants and ask the job runner to send them at once."""
        return self._ac_variants().action_ac_sync_now()
