# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a fresh installation brings, and who may touch it."""

import os

from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger

CONNECTOR_MODELS = [
    "ac.audit.check",
    "ac.audit.line",
    "ac.audit.run",
    "ac.audit.seen",
    "ac.audience.member",
    "ac.audience.rule",
    "ac.binding",
    "ac.consent",
    "ac.deal.stage.mapping",
    "ac.error.log",
    "ac.event",
    "ac.field.mapping",
    "ac.mailing.link",
    "ac.field.mapping.part",
    "ac.field.mapping.value",
    "ac.mark",
    "ac.metadata",
    "ac.odoo.config",
    "ac.place.alias",
    "ac.reconciliation",
    "ac.reconciliation.line",
    "ac.reconciliation.seen",
    "ac.sync.run",
    "ac.throttle",
    "ac.webhook.arrival",
]
MANAGED = {
    "ac.audience.rule",
    "ac.deal.stage.mapping",
    "ac.field.mapping",
    "ac.mailing.link",
    "ac.field.mapping.part",
    "ac.field.mapping.value",
    "ac.odoo.config",
    "ac.place.alias",
}
LOGS = {("ac.consent", "create"), ("ac.consent", "unlink")}
"""What managers may do to a log: import and, for privacy, delete."""
ENGINES_OWN = {"ac.audit.seen", "ac.mark", "ac.reconciliation.seen", "ac.throttle"}
UNSEEN = {
    "base.group_user": set(CONNECTOR_MODELS),
    "base.group_portal": set(CONNECTOR_MODELS),
    "group_user": {"ac.error.log", "ac.audit.line", *ENGINES_OWN},
    "group_operator": ENGINES_OWN,
    "group_manager": set(),
}
"""What each group may not even read; everybody else may."""


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
            "cron_audit",
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

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.models")
    def test_access_of_every_group_to_every_model(self):
        for group, unseen in UNSEEN.items():
            name = group if "." in group else f"ac_odoo_connector.{group}"
            login = f"{group}{os.getpid()}"
            groups = name if "portal" in name else f"base.group_user,{name}"
            user = new_test_user(self.env, login, groups)
            for model in CONNECTOR_MODELS:
                records = self.env[model].with_user(user)
                with self.subTest(group=group, model=model):
                    self.assertEqual(records.has_access("read"), model not in unseen)
                    for operation in ("write", "create", "unlink"):
                        manages = model in MANAGED or (model, operation) in LOGS
                        may = group == "group_manager" and manages
                        self.assertEqual(records.has_access(operation), may)

    def test_buttons_check_the_role_themselves(self):
        config = self.env["ac.odoo.config"].create(
            {"name": "A", "ac_base_url": "https://a.example.com", "ac_api_key": "k"}
        )
        user = new_test_user(
            self.env,
            f"looker{os.getpid()}",
            "base.group_user,ac_odoo_connector.group_user",
        )
        for button in (
            "test_connection",
            "action_confirm",
            "action_disconnect",
            "action_sync_all",
            "action_refresh_metadata",
            "action_connect_webhook",
            "action_recreate_webhook",
            "action_check_webhook",
            "action_remove_webhook",
            "action_poll",
            "action_reconcile",
            "action_audit",
            "action_farewell",
            "action_is_production",
            "action_is_copy",
        ):
            with self.subTest(button=button), self.assertRaises(AccessError):
                getattr(config.with_user(user), button)()

    def test_other_company_sees_nothing(self):
        company = self.env["res.company"].create({"name": f"Other {os.getpid()}"})
        config = self.env["ac.odoo.config"].create(
            {
                "name": "A",
                "ac_base_url": "https://a.example.com",
                "ac_api_key": "k",
                "company_id": company.id,
            }
        )
        self.env["ac.metadata"].create(
            {"config_id": config.id, "kind": "tag", "remote_id": "1", "name": "T"}
        )
        user = new_test_user(
            self.env,
            f"neighbour{os.getpid()}",
            "base.group_user,ac_odoo_connector.group_manager",
        )
        seen = self.env(user=user)
        self.assertNotIn(config, seen["ac.odoo.config"].search([]))
        self.assertFalse(seen["ac.metadata"].search([("name", "=", "T")]))
