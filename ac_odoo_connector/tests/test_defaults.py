# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a fresh installation brings."""

from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestDefaults(TransactionCase):
    def test_default_data_is_there_and_nothing_is_connected(self):
        stages = self.env["ac.deal.stage.mapping"].search([])
        self.assertEqual(
            [(stage.order_state, stage.status) for stage in stages],
            [("draft", "0"), ("sent", "0"), ("sale", "1"), ("cancel", "2")],
        )
        self.assertTrue(self.env["ac.field.mapping"].search([]))
        for name in (
            *("cron_outbox", "cron_batch", "cron_metadata", "cron_audience"),
            *("cron_poll", "cron_verify", "cron_reconcile", "cron_forget"),
            *("cron_audit", "cron_alerts"),
        ):
            self.assertTrue(self.env.ref(f"ac_odoo_connector.{name}").active)
        for job in (
            *("inbox", "push", "run", "collect", "metadata", "webhook", "verify"),
            *("poll_contacts", "poll_lists", "poll_deals", "poll_activities"),
            *("reconcile", "audit", "farewell"),
        ):
            function = self.env.ref(f"ac_odoo_connector.job_{job}")
            self.assertIn("root.ac.", function.channel)
        self.assertFalse(self.env["ac.odoo.config"]._confirmed())

    def test_both_sides_are_audited_every_day(self):
        cron = self.env.ref("ac_odoo_connector.cron_audit")
        self.assertEqual((cron.interval_number, cron.interval_type), (1, "days"))

    def test_every_country_and_state_has_an_alias(self):
        aliases = self.env["ac.place.alias"]
        for country in self.env["res.country"].search([]):
            self.assertEqual(aliases._find(f" {country.code.lower()} "), country)
        self.assertEqual(aliases._find("holland").code, "NL")
        self.assertFalse(aliases._find("Atlantis"))
        self.assertFalse(aliases._find("%"))
        states = self.env["res.country.state"].search([("country_id.code", "=", "US")])
        for state in states:
            found = aliases._find(state.code, country=state.country_id)
            self.assertEqual(found, state)

    def test_groups_have_their_heading(self):
        group = self.env.ref("ac_odoo_connector.group_manager")
        heading = "privilege_id" if "privilege_id" in group._fields else "category_id"
        self.assertEqual(group[heading].name, "ActiveCampaign")
        self.assertTrue(
            self.env.ref("base.user_admin").has_group("ac_odoo_connector.group_manager")
        )
