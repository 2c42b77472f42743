# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The data map says what happens: it is made of the registry, mappings and retention."""

from odoo.tests import tagged

from ..engine import data_map
from ..mapping.registry import OBJECTS
from .people_case import PeopleCase


@tagged("post_install", "-at_install")
class TestDataMap(PeopleCase):
    def flows(self, name):
        label = OBJECTS[name].label
        return [row for row in data_map.flows(self.config) if row["object"] == label]

    def test_every_field_that_is_read_is_on_it(self):
        partners = self.env["res.partner"]
        for name in ("contact", "account"):
            shown = str([row["odoo"] for row in self.flows(name)])
            for field in OBJECTS[name].watched & partners._fields.keys():
                self.assertIn(f"({field})", shown)

    def test_every_mapping_is_on_it_with_its_direction(self):
        self.env["ac.field.mapping"].create(
            {
                "config_id": self.config.id,
                "object": "contact",
                "field_path": "function",
                "ac_field": "JOB_TITLE_OF_TEST",
                "direction": "both",
            }
        )
        row = [r for r in self.flows("contact") if r["there"] == "JOB_TITLE_OF_TEST"]
        self.assertEqual([each["direction"] for each in row], ["Both Ways"])

    def test_every_flow_has_a_purpose(self):
        switches = ("sync_accounts", "sync_products", "sync_deals", "sync_orders")
        self.config.write(dict.fromkeys(switches, True))
        rows = data_map.flows(self.config)
        labels = {row.label for row in OBJECTS.values()}
        self.assertEqual({row["object"] for row in rows} - {"Event"}, labels)
        for row in rows:
            self.assertTrue(row["purpose"].strip(), row)

    def test_who_owns_a_value_is_its_direction(self):
        self.config.pull_phone = "from_ac"
        (phone,) = [r for r in self.flows("contact") if "(phone)" in r["odoo"]]
        self.assertEqual(phone["direction"], "From ActiveCampaign")

    def test_what_is_switched_off_is_not_on_it(self):
        self.config.write({"sync_accounts": False, "webhook_engagement": False})
        self.assertEqual(self.flows("account"), [])
        shown = str(data_map.flows(self.config))
        self.assertNotIn("Opens", shown)
        self.assertIn("withdrawals", shown)

    def test_how_long_is_what_retention_does(self):
        self.config.write({"event_days": 222, "payload_days": 33})
        kept = {row["model"]: row["how_long"] for row in data_map.kept(self.config)}
        self.assertIn("33", kept["ac.event"])
        self.assertIn("222", kept["ac.event"])
        self.assertIn(str(self.config.run_days), kept["ac.audit.line"])
        self.assertIn("As long as the partner", kept["ac.consent"])
        self.assertIn("For good", kept["ac.erased"])

    def test_it_is_a_page_for_who_sees_the_account(self):
        user = self.user("user")
        html, _kind = (
            self.env["ir.actions.report"]
            .with_user(user)
            ._render_qweb_html("ac_odoo_connector.report_data_map", self.config.ids)
        )
        shown = html.decode()
        for text in (self.config.name, "What Flows", "Consent history"):
            self.assertIn(text, shown)
        url = self.config.with_user(user).action_data_map()["url"]
        self.assertTrue(url.endswith(f"report_data_map/{self.config.id}"))
