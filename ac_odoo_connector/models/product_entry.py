# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.tools.mail import html_to_inner_content

from ..mapping.product import Entry, stock_status

PICTURE = "{base}/web/image/{model}/{id}/image_1024?unique={checksum}"


class ProductProduct(models.Model):
    """What a catalogue shows of variants; the number of queries is constant.

    Shop, stock and their fields are there only when `website_sale` and `stock` are.
    """

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "product.product"

    def _ac_entries(self, config):
        """Return ``{product id: mapping.product.Entry}``, in the language and for the
        company of this environment."""
        base = config.get_base_url().rstrip("/")
        prices, currency = self._ac_prices(config.catalogue_pricelist_id)
        pictures = self._ac_pictures() if config._sends_pictures() else {}
        stock = self._ac_stock() if config.stock_status else {}
        categories = self._ac_categories()
        types = dict(self._fields["type"]._description_selection(self.env))
        return {
            product.id: Entry(
                name=product.name,
                variant=product.with_context(display_default_code=False).display_name,
                description=product._ac_description(),
                price=currency.round(prices[product.id]),
                currency=currency.name,
                categories=categories[product.id],
                tags=tuple(product.all_product_tag_ids.mapped("name")),
                type=types.get(product.type, ""),
                stock=stock.get(product.id),
                visible=product._ac_is_visible(),
                **product._ac_links(base),
                **product._ac_images(base, pictures),
            )
            for product in self
        }

    def _ac_prices(self, pricelist):
        """Return ``({product id: price of one unit}, currency)``; without a pricelist
        the sales price."""
        pricelist = pricelist.with_env(self.env)
        currency = pricelist.currency_id or self.env.company.currency_id
        return pricelist._get_products_price(self, 1.0), currency

    def _ac_description(self):
        if "description_ecommerce" in self._fields and self.description_ecommerce:
            return html_to_inner_content(self.description_ecommerce)
        return self.description_sale or ""

    def _ac_is_visible(self):
        published = "is_published" not in self._fields or self.is_published
        return bool(self.active and self.sale_ok and published)

    def _ac_links(self, base):
        """Return where people find the variant and its template."""
        if "website_url" in self._fields:
            own, shared = self.website_url, self.product_tmpl_id.website_url
        else:
            own = f"/odoo/product.product/{self.id}"
            shared = f"/odoo/product.template/{self.product_tmpl_id.id}"
        return {"url": base + (own or ""), "base_url": base + (shared or "")}

    def _ac_pictures(self):
        """Return ``{(model, id): checksum}`` of those that have a picture; one query.

        Only its row is read: the pictures themselves would fill the memory.
        """
        files = self.env["ir.attachment"].sudo()
        found = files.search_fetch(
            [
                "|",
                "&",
                ("res_model", "=", "product.product"),
                ("res_id", "in", self.ids),
                "&",
                ("res_model", "=", "product.template"),
                ("res_id", "in", self.product_tmpl_id.ids),
                ("res_field", "in", ["image_variant_1024", "image_1024"]),
            ],
            ["res_model", "res_id", "checksum"],
        )
        return {(f.res_model, f.res_id): f.checksum for f in found}

    def _ac_images(self, base, pictures):
        template = self.product_tmpl_id
        shared = pictures.get((template._name, template.id))
        own = pictures.get((self._name, self.id), shared)
        return {
            "image": own and _picture(base, self, own) or "",
            "base_image": shared and _picture(base, template, shared) or "",
        }

    def _ac_stock(self):
        """Return ``{product id: AC's word for what is on hand}`` over all warehouses."""
        if "qty_available" not in self._fields:
            return {}
        companies = self.env.companies
        if not self.env.context.get("allowed_company_ids"):
            companies |= companies.search([])  # pylint: disable=no-search-all
        counted = self.with_context(allowed_company_ids=companies.ids)
        sells = "allow_out_of_stock_order" in self._fields
        return {
            product.id: stock_status(
                product.is_storable,
                product.qty_available,
                sells and product.allow_out_of_stock_order,
            )
            for product in counted
        }

    def _ac_categories(self):
        """Return ``{product id: names from the root down}``: its category's path, then
        those of the shop's categories."""
        shop = "public_categ_ids" in self._fields
        names = _path_names(self.categ_id)
        public = _path_names(self.public_categ_ids) if shop else {}
        return {
            product.id: (
                *names.get(product.categ_id.id, ()),
                *(
                    name
                    for category in (product.public_categ_ids if shop else ())
                    for name in public[category.id]
                ),
            )
            for product in self
        }


def _picture(base, record, checksum):
    return PICTURE.format(
        base=base, model=record._name, id=record.id, checksum=checksum[:8]
    )


def _path_names(categories):
    """Return ``{category id: names from the root down}``; one query for all parents."""
    paths = {
        category.id: [
            int(id_) for id_ in (category.parent_path or "").split("/") if id_
        ]
        for category in categories
    }
    everybody = categories.browse({id_ for path in paths.values() for id_ in path})
    names = {category.id: category.name for category in everybody}
    return {id_: [names[each] for each in path] for id_, path in paths.items()}
