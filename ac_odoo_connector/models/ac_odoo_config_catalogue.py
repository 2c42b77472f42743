# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.tools import SQL

from ..engine import marks
from ..mapping.product import CatalogueFacts
from ..mapping.registry import OBJECTS

PRODUCT = OBJECTS["product"]
SHOWN_BY = frozenset(
    {"catalogue_pricelist_id", "catalogue_lang", "stock_status", "image_urls"}
)
"""Fields of the account that every product's payload depends on."""
PARTS = (
    "product.pricelist.item",
    "product.category",
    "product.public.category",
    "product.tag",
    "product.attribute.value",
    "product.template.attribute.value",
    "res.currency.rate",
)
"""Models whose records many products show; their changes mark nothing."""

ALL = SQL("TRUE")


class AcOdooConfig(models.Model):
    """What of the products is in the catalogue, and when to look at it anew."""

    _inherit = "ac.odoo.config"

    catalogue_pricelist_id = fields.Many2one(
        "product.pricelist",
        "Prices of",
        tracking=True,
        domain="['|', ('company_id', '=', False), ('company_id', '=', company_id)]",
        help="The pricelist of the catalogue, in its currency. Empty: the sales price.",
    )
    catalogue_lang = fields.Selection(
        selection="_selection_catalogue_lang",
        string="Language of the Catalogue",
        tracking=True,
        help="Of names, descriptions, categories and tags. Empty: English.",
    )
    stock_status = fields.Boolean(
        "Send Stock Status",
        tracking=True,
        help="In stock, out of stock or on backorder; needs the app Inventory.",
    )
    image_urls = fields.Selection(
        [
            ("https", "If this Odoo is reached by https"),
            ("always", "Always"),
            ("never", "Never"),
        ],
        "Send Links to Images",
        default="https",
        required=True,
        tracking=True,
        help="Who reads an e-mail sees only the images of products that your website "
        "shows to everybody.",
    )
    has_stock = fields.Boolean(compute="_compute_has_stock")
    catalogue_state = fields.Char(
        readonly=True, copy=False, help="What the last look at prices and names saw."
    )

    @api.model
    def _selection_catalogue_lang(self):
        return self.env["res.lang"].get_installed()

    def _compute_has_stock(self):
        self.has_stock = "qty_available" in self.env["product.product"]._fields

    def write(self, vals):
        result = super().write(vals)
        if SHOWN_BY & vals.keys():
            for config in self:
                config._mark_catalogue()
        return result

    # The facts of a chunk ----------------------------------------------------------

    def _facts_of_products(self, products, mappings):
        shown = products.with_context(
            active_test=True, lang=self.catalogue_lang or "en_US"
        )
        if self.company_id:
            shown = shown.with_company(self.company_id)
        return CatalogueFacts(
            mappings=mappings,
            entries=shown._ac_entries(self),
            withdrawn=self._withdrawn(products),
        )

    def _withdrawn(self, products):
        """Return the ids of products that do not belong into the catalogue."""
        kept = self._in_scope(products, PRODUCT).filtered("active")
        if self.company_id:
            own = (self.company_id, self.company_id.browse())
            kept = kept.filtered(lambda product: product.company_id in own)
        return frozenset(products.ids) - frozenset(kept.ids)

    def _check_sendable(self, record, in_scope, binding):
        """A product that has left the catalogue is told to AC as withdrawn."""
        if binding.object == "product" and binding.remote_id:
            return
        super()._check_sendable(record, in_scope, binding)

    def _sends_pictures(self):
        if self.image_urls != "https":
            return self.image_urls == "always"
        return urlsplit(self.get_base_url()).scheme == "https"

    # Looks: what changes a product without being written to it -----------------------

    def _mark_missed(self):
        result = super()._mark_missed()
        if PRODUCT in self._loaded_objects():
            self._look_at_catalogue()
        return result

    def _look_at_catalogue(self):
        """Mark products whose stock has moved, and all of them when a price, a category,
        a tag … has changed. What comes out the same is not sent."""
        state = self._state_of_catalogue()
        if state != self.catalogue_state:
            self.catalogue_state = state
            self._mark_catalogue()
        elif self.stock_status and "stock.move" in self.env:
            self._mark_catalogue(_HAS_MOVED)

    def _state_of_catalogue(self):
        """Return what changes when any of the shared records does; one query."""
        names = [name for name in PARTS if name in self.env]
        looks = [_look_at(name, self.env[name]._table) for name in names]
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """SELECT string_agg(concat_ws(':', part, many, latest), ' ' ORDER BY part)
                FROM (%s) looked""",
                SQL(" UNION ALL ").join([*looks, _VALID_PRICES]),
            )
        )
        return self.env.cr.fetchone()[0]

    def _mark_catalogue(self, which=ALL):
        """Mark the products that AC knows; one statement.

        :param which: SQL condition on their link ``b``
        """
        products = self.env["product.product"].sudo().with_context(active_test=False)
        query = products._search([])
        query.add_where(
            SQL(
                """EXISTS (SELECT 1 FROM ac_binding b WHERE b.config_id = %s
                    AND b.object = 'product' AND b.res_id = product_product.id
                    AND b.remote_id IS NOT NULL AND %s)""",
                self.id,
                which,
            )
        )
        if marks.mark_query(self, PRODUCT, query):
            self._enqueue("run")


def _look_at(name, table):
    return SQL(
        "SELECT %s AS part, count(*) AS many, max(write_date) AS latest FROM %s",
        name,
        SQL.identifier(table),
    )


_VALID_PRICES = SQL(
    """
    SELECT 'valid', count(*) FILTER (WHERE date_start <= now() AT TIME ZONE 'UTC')
        + count(*) FILTER (WHERE date_end <= now() AT TIME ZONE 'UTC'), NULL
    FROM product_pricelist_item
    """
)
"""Prices begin and end without being written."""

_HAS_MOVED = SQL(
    """
    EXISTS (SELECT 1 FROM stock_move m WHERE m.product_id = b.res_id
        AND m.state = 'done' AND m.write_date > b.marked_at)
    """
)
