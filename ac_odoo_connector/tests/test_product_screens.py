# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the forms and lists of products say of the catalogue."""

from odoo.tests import Form, tagged

from .test_products import ProductCase


@tagged("post_install", "-at_install")
class TestProductScreens(ProductCase):
    def setUp(self):
        super().setUp()
        self.known, self.unknown = self.make_products(
            {"name": "Engine"}, {"name": "Kept", "sale_ok": False}
        )
        self.perform("push")
        self.mine = [("id", "in", (self.known + self.unknown).ids)]

    def found(self, *condition, model="product.product"):
        templates = model == "product.template"
        records = self.known + self.unknown
        ids = records.product_tmpl_id.ids if templates else records.ids
        domain = [("id", "in", ids), condition]
        return self.env[model].search(domain).mapped("name")

    def test_found_by_state(self):
        for model in ("product.product", "product.template"):
            state = [("ac_sync_state", "=", "synced"), ("ac_sync_state", "=", False)]
            self.assertEqual(self.found(*state[0], model=model), ["Engine"])
            self.assertEqual(self.found(*state[1], model=model), ["Kept"])
            failed = ("ac_sync_state", "in", ["failed", "dead"])
            self.assertEqual(self.found(*failed, model=model), [])
            self.assertEqual(
                self.found("ac_sync_state", "!=", "synced", model=model), ["Kept"]
            )

    def test_found_by_its_id_over_there(self):
        id_ = self.known.ac_product_id
        for model in ("product.product", "product.template"):
            for operator, value in (("=", id_), ("ilike", id_), ("!=", False)):
                found = self.found("ac_product_id", operator, value, model=model)
                self.assertEqual(found, ["Engine"], (model, operator))
            for operator, value in (("=", False), ("!=", id_)):
                found = self.found("ac_product_id", operator, value, model=model)
                self.assertEqual(found, ["Kept"], (model, operator))

    def test_sync_now_on_the_template(self):
        self.cr.execute("UPDATE ac_binding SET state = 'dead', message = 'No'")
        self.commit()
        self.env.invalidate_all()
        template = self.known.product_tmpl_id
        self.assertEqual(template.ac_sync_state, "dead")
        self.assertIn("No", template.ac_link_ids.explanation)
        template.action_ac_sync_now()
        self.perform("push")
        self.assertEqual(template.ac_sync_state, "synced")

    def test_forms_open_for_who_may_not_see_it(self):
        for record in (self.known, self.known.product_tmpl_id):
            with Form(record) as form:
                form.name = "Motor"
        self.assertEqual(self.known.name, "Motor")

    def test_state_of_a_page_takes_the_same_queries_as_of_one(self):
        products = self.make_products(*[{"name": f"P{n}"} for n in range(30)])
        counts = []
        for page in (products[:1], products[:1], products):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            page.product_tmpl_id.mapped("ac_sync_state")
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])
