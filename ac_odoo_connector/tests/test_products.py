# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Variants in ActiveCampaign's catalogue."""

import base64

from odoo.tests import tagged

from ..mapping.registry import OBJECTS
from .common import ConnectorCase

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAA"
    "AABJRU5ErkJggg=="
)
GRAPHQL = "ecom/graphql"


class ProductCase(ConnectorCase):
    """An account whose catalogue is what the test makes."""

    def setUp(self):
        super().setUp()
        last = self.last_product_id
        self.config.write(
            {
                "sync_products": True,
                "product_domain": str([("id", ">", last), ("sale_ok", "=", True)]),
            }
        )
        self.commit()

    def make_products(self, *vals_list):
        products = self.env["product.product"].create(list(vals_list))
        self.commit()
        return products

    def products(self):
        """Return ``{storePrimaryId: product}`` of the simulated account."""
        rows = self.simulator.state()["products"].values()
        return {row["storePrimaryId"]: row for row in rows}

    def product(self, variant):
        return self.products()[str(variant.id)]

    def sent(self):
        """Return the requests for products since the log was emptied."""
        return [e for e in self.simulator.writes() if e["path"].endswith(GRAPHQL)]


@tagged("post_install", "-at_install")
class TestProducts(ProductCase):
    def test_a_product_with_all_its_values(self):
        """User requirement 17."""
        parent = self.env["product.category"].create({"name": "Engines"})
        child = {"name": "Small", "parent_id": parent.id}
        tag = self.env["product.tag"].create({"name": "New", "sequence": 5})
        product = self.make_products(
            {
                "name": "Analytical <b>Engine</b>",
                "default_code": "AE-1",
                "barcode": "4006381333931",
                "list_price": 12.5,
                "description_sale": "Brass &\n  cogs",
                "categ_id": self.env["product.category"].create(child).id,
                "product_tag_ids": [(6, 0, tag.ids)],
            }
        )
        self.addCleanup(self._forget, tag)
        self.perform("push")
        there = self.product(product)
        expected = {
            "storeBaseProductId": str(product.product_tmpl_id.id),
            "baseProductName": "Analytical Engine",
            "baseProductDescription": "Brass & cogs",
            "variantSku": "AE-1",
            "variantName": "Analytical Engine",
            "variantPriceAmount": 12.5,
            "variantPriceCurrency": self.env.company.currency_id.name,
            "categories": ["Engines", "Small"],
            "tags": ["New"],
            "type": "Goods",
            "upc": "4006381333931",
            "isVisible": True,
            "isDeleted": False,
        }
        self.assertEqual({key: there[key] for key in expected}, expected)
        self.assertIn(f"/{product.id}", there["variantUrl"])
        self.assertEqual(self.binding(product).remote_id, str(there["id"]))
        self.assertEqual(product.ac_product_id, str(there["id"]))
        self.assertEqual(product.product_tmpl_id.ac_product_id, str(there["id"]))

    def _forget(self, record):
        self.cr.rollback()
        record.exists().unlink()
        self.commit()

    def test_variants_of_a_template_share_it(self):
        template = self._shirt()
        self.perform("push")
        rows = [self.product(variant) for variant in template.product_variant_ids]
        self.assertEqual(len({row["storeBaseProductId"] for row in rows}), 1)
        self.assertEqual(
            [row["variantName"] for row in rows], ["Shirt (Red)", "Shirt (Blue)"]
        )
        self.assertEqual(len(self.sent()), 1)

    def _shirt(self):
        values = [(0, 0, {"name": name}) for name in ("Red", "Blue")]
        colour = self.env["product.attribute"].create(
            {"name": "Colour", "value_ids": values}
        )
        line = {"attribute_id": colour.id, "value_ids": [(6, 0, colour.value_ids.ids)]}
        template = self.env["product.template"].create(
            {"name": "Shirt", "attribute_line_ids": [(0, 0, line)]}
        )
        self.commit()
        self.addCleanup(self._forget, colour)
        self.addCleanup(self._forget, template)
        return template

    def test_a_change_is_sent_and_nothing_twice(self):
        """User requirement 17."""
        product = self.make_products({"name": "Engine", "default_code": "E"})
        self.perform("push")
        self.simulator.forget_log()
        product.write({"name": "Engine"})
        self.perform("push")
        self.assertFalse(self.sent())
        product.write({"name": "Motor", "default_code": False})
        self.perform("push")
        there = self.product(product)
        self.assertEqual(
            (there["baseProductName"], there["variantSku"]), ("Motor", None)
        )
        self.assertEqual(len(self.products()), 1)

    def test_price_of_the_pricelist(self):
        item = {"compute_price": "fixed", "fixed_price": 9.99, "applied_on": "3_global"}
        pricelist = self.env["product.pricelist"].create(
            {"name": "Web", "item_ids": [(0, 0, item)]}
        )
        self.addCleanup(self._forget, pricelist)
        product = self.make_products({"name": "Engine", "list_price": 20})
        self.perform("push")
        self.assertEqual(self.product(product)["variantPriceAmount"], 20)
        self.config.catalogue_pricelist_id = pricelist
        self.perform("run")
        self.assertEqual(self.product(product)["variantPriceAmount"], 9.99)
        self.env["ac.sync.run"]._start(self.config, names=["product"])
        self.perform("run")
        self.env["ac.odoo.config"]._cron_batch()
        self.commit()
        pricelist.item_ids.fixed_price = 8
        self.commit()
        self.env["ac.odoo.config"]._cron_batch()
        self.run_jobs()
        self.assertEqual(self.product(product)["variantPriceAmount"], 8)
        self.config.catalogue_pricelist_id = False

    def test_a_look_that_sees_nothing_new_marks_nothing(self):
        product = self.make_products({"name": "Engine"})
        self.env["ac.sync.run"]._start(self.config, names=["product"])
        self.run_jobs()
        self.env["ac.odoo.config"]._cron_batch()
        self.run_jobs()
        marked = self.binding(product).marked_at
        self.env["ac.odoo.config"]._cron_batch()
        self.assertEqual(self.binding(product).marked_at, marked)

    def test_language_of_the_catalogue(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        product = self.make_products({"name": "Engine"})
        product.with_context(lang="fr_FR").name = "Moteur"
        self.perform("push")
        self.assertEqual(self.product(product)["baseProductName"], "Engine")
        self.config.catalogue_lang = "fr_FR"
        self.perform("run")
        self.assertEqual(self.product(product)["baseProductName"], "Moteur")

    def test_image_only_where_people_can_see_it(self):
        image = base64.b64encode(PIXEL)
        product = self.make_products({"name": "Engine", "image_1920": image})
        parameters = self.env["ir.config_parameter"].sudo()
        before = parameters.get_param("web.base.url")
        self.addCleanup(self.commit)
        self.addCleanup(parameters.set_param, "web.base.url", before)
        parameters.set_param("web.base.url", "http://odoo.example.com")
        self.config.action_is_production()
        self.perform("push")
        self.assertFalse(self.product(product)["variantImages"])
        self.config.image_urls = "always"
        self.perform("run")
        (url,) = self.product(product)["variantImages"]
        start = f"http://odoo.example.com/web/image/product.product/{product.id}/"
        self.assertTrue(url.startswith(start + "image_1024?unique="))
        product.image_1920 = False
        self.perform("push")
        self.assertFalse(self.product(product)["variantImages"])

    def test_archived_leaves_the_catalogue_and_comes_back(self):
        """User requirement 17."""
        product = self.make_products({"name": "Engine"})
        self.perform("push")
        product.active = False
        self.perform("push")
        there = self.product(product)
        self.assertEqual((there["isVisible"], there["isDeleted"]), (False, True))
        self.assertEqual(there["baseProductName"], "Engine")
        self.assertEqual(self.binding(product).state, "synced")
        product.active = True
        self.perform("push")
        there = self.product(product)
        self.assertEqual((there["isVisible"], there["isDeleted"]), (True, False))

    def test_not_for_sale_any_more(self):
        product = self.make_products({"name": "Engine"})
        self.perform("push")
        product.sale_ok = False
        self.perform("push")
        self.assertTrue(self.product(product)["isDeleted"])

    def test_never_for_sale_is_not_there(self):
        product = self.make_products({"name": "Engine", "sale_ok": False})
        self.perform("push")
        self.assertFalse(self.products())
        self.assertFalse(self.binding(product))

    def test_deleted_by_policy(self):
        products = self.make_products({"name": "One"}, {"name": "Two"})
        self.perform("push")
        one, two = products.ids
        products[0].unlink()
        self.perform("push")
        self.assertTrue(self.products()[str(one)]["isDeleted"])
        self.config.product_delete_policy = "detach"
        products[1].product_tmpl_id.unlink()
        self.perform("push")
        self.assertFalse(self.products()[str(two)]["isDeleted"])
        self.assertFalse(self.env["ac.binding"].search([("object", "=", "product")]))

    def test_deleted_template_takes_its_variants_along(self):
        template = self._shirt()
        ids = template.product_variant_ids.ids
        self.perform("push")
        template.unlink()
        self.perform("push")
        self.assertTrue(all(self.products()[str(id_)]["isDeleted"] for id_ in ids))

    def test_deleted_between_mark_and_send(self):
        products = self.make_products({"name": "One"}, {"name": "Two"})
        products[0].unlink()
        self.perform("push")
        self.assertEqual(set(self.products()), {str(products[1].id)})

    def test_one_bad_row_does_not_block_the_batch(self):
        products = self.make_products(*[{"name": f"P{n}"} for n in range(12)])
        bad = products[4]
        self.cr.execute(
            'UPDATE product_template SET name = \'{"en_US": "\u200b"}\' WHERE id = %s',
            (bad.product_tmpl_id.id,),
        )
        self.perform("push")
        self.assertEqual(len(self.products()), 11)
        self.assertEqual(self.binding(bad).skip_reason, "no_name")

    def test_nothing_twice_after_a_lost_answer(self):
        fault = {"kind": "accept_timeout", "seconds": 0.2, "times": 1}
        self.simulator.faults({**fault, "path": GRAPHQL})
        products = self.make_products(*[{"name": f"P{n}"} for n in range(120)])
        self.perform("run")
        self.perform("run")
        self.assertEqual(len(self.simulator.state()["products"]), 120)
        links = products.ac_binding_ids
        self.assertEqual(set(links.mapped("state")), {"synced"})

    def test_a_refused_batch_goes_one_by_one(self):
        self.make_products(*[{"name": f"P{n}"} for n in range(3)])
        fault = {"kind": "status", "status": 422, "path": GRAPHQL, "times": 2}
        self.simulator.faults(fault)
        self.perform("push")
        links = self.env["ac.binding"].search([("object", "=", "product")])
        self.assertEqual(sorted(links.mapped("state")), ["failed", "synced", "synced"])
        self.retry_failed()
        self.assertEqual(len(self.products()), 3)

    def test_shop_that_was_deleted_over_there_is_the_accounts_problem(self):
        products = self.make_products({"name": "One"}, {"name": "Two"})
        self.perform("push")
        self.env.invalidate_all()
        self.client().connections.delete(self.config.ac_connection_id)
        products.write({"list_price": 3})
        self.perform("push")
        self.assertIn("Repair the Shop", self.config.problem)
        links = products.ac_binding_ids
        self.assertEqual(set(links.mapped("state")), {"pending"})

    def test_product_of_another_company_stays_away(self):
        self.config.company_id = self.env.company
        other = self.company("Elsewhere")
        products = self.make_products(
            {"name": "Ours"}, {"name": "Theirs", "company_id": other.id}
        )
        self.perform("push")
        self.assertEqual(set(self.products()), {str(products[0].id)})
        products[0].company_id = other
        self.perform("push")
        self.assertTrue(self.product(products[0])["isDeleted"])

    def test_odd_names(self):
        product = self.make_products({"name": "发动机 🚂 " + "x" * 400})
        self.perform("push")
        name = self.product(product)["baseProductName"]
        self.assertTrue(name.startswith("发动机 🚂 x"))
        self.assertEqual(len(name), 250)

    def test_queries_do_not_grow_with_the_chunk(self):
        self.make_products(*[{"name": f"P{n}"} for n in range(60)])
        row = OBJECTS["product"]
        counts = []
        for size in (3, 3, 60):  # the first fills the caches
            last = [("id", ">", self.last_product_id)]
            self.env.invalidate_all()
            products = self.env["product.product"].search(last, limit=size)
            before = self.cr.sql_log_count
            facts = self.config._facts(row, products)
            for product in products:
                row.to_ac(product, facts)
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])
