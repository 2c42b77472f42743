# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The webhook over there: made, checked, repaired, taken away; and its health."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..engine import inbox, webhook_setup
from .common import ConnectorCase


@tagged("post_install", "-at_install")
class TestWebhookSetup(ConnectorCase):
    def setUp(self):
        super().setUp()
        self.config.action_connect_webhook()
        self.commit()

    def webhooks(self):
        return list(self.simulator.state()["webhooks"].values())

    def webhook(self):
        (webhook,) = self.webhooks()
        return webhook

    def change(self, **values):
        """Change the webhook over there."""
        with self.client() as client:
            client.webhooks.update(self.config.ac_webhook_id, values)

    def check(self):
        self.perform("verify")
        return self.config.webhook_problem

    def test_what_is_asked_for(self):
        webhook = self.webhook()
        self.assertEqual(set(webhook["sources"]), {"public", "admin", "api", "system"})
        self.assertEqual(
            set(webhook["events"]), set(webhook_setup.events_of(self.config))
        )
        self.assertLessEqual(
            {"open", "click", "update", "unsubscribe", "deal_update", "sms_reply"},
            set(webhook["events"]),
        )
        self.assertNotIn("account_add", webhook["events"])
        self.assertEqual(str(webhook["listid"]), "0")

    def test_everything_can_be_asked_for(self):
        self.config.write(dict.fromkeys(webhook_setup.GROUPS, True))
        self.run_jobs()
        self.assertEqual(set(self.webhook()["events"]), set(webhook_setup.EVENTS))

    def test_another_choice_reaches_the_webhook_by_a_job(self):
        self.simulator.forget_log()
        self.config.write({"webhook_engagement": False, "webhook_from_api": False})
        self.commit()
        self.assertEqual(self.simulator.calls(), [])
        self.run_jobs()
        webhook = self.webhook()
        self.assertNotIn("open", webhook["events"])
        self.assertNotIn("api", webhook["sources"])
        self.assertFalse(self.check())

    def test_withdrawals_are_always_heard(self):
        self.config.write(dict.fromkeys(webhook_setup.GROUPS, False))
        self.run_jobs()
        self.assertLessEqual(
            {"unsubscribe", "bounce", "sms_unsub"}, set(self.webhook()["events"])
        )

    def test_a_good_webhook_has_no_problem(self):
        self.assertFalse(self.check())
        self.assertTrue(self.config.webhook_checked_at)

    def test_what_somebody_changed_is_found_and_repaired(self):
        self.change(url="http://127.0.0.1:9/elsewhere", events=["open"])
        problem = self.check()
        self.assertIn("another address", problem)
        self.assertIn("other events", problem)
        self.config.action_connect_webhook()
        self.commit()
        self.assertFalse(self.config.webhook_problem)
        self.assertFalse(self.check())

    def test_limited_to_a_list_or_to_sources(self):
        self.change(listid=1, sources=["admin"])
        problem = self.check()
        self.assertIn("limited to one list", problem)
        self.assertIn("doings of others", problem)

    def test_a_deleted_webhook_is_found_and_made_again(self):
        with self.client() as client:
            client.webhooks.delete(self.config.ac_webhook_id)
        self.assertIn("was deleted", self.check())
        self.config.action_connect_webhook()
        self.assertEqual(str(self.webhook()["id"]), self.config.ac_webhook_id)

    def test_making_it_anew(self):
        before = self.config.ac_webhook_id
        self.config.action_recreate_webhook()
        self.assertNotEqual(self.config.ac_webhook_id, before)
        self.assertEqual(str(self.webhook()["id"]), self.config.ac_webhook_id)

    def test_the_button_says_what_it_found(self):
        answer = self.config.action_check_webhook()
        self.assertIn("as it should be", answer["params"]["message"])
        self.change(events=["open"])
        answer = self.config.action_check_webhook()
        self.assertIn("needs repair", answer["params"]["message"])

    def test_the_button_says_when_nobody_answers(self):
        self.simulator.faults({"kind": "status", "status": 403, "path": "webhooks"})
        with self.assertRaises(UserError):
            self.config.action_check_webhook()

    def test_the_nightly_check_has_a_job(self):
        self.config._cron_verify()
        self.commit()
        jobs = self.env["queue.job"].search([]).mapped("method_name")
        self.assertIn("_job_verify", jobs)

    # Farewell ---------------------------------------------------------------------

    def test_removing(self):
        self.config.action_remove_webhook()
        self.assertEqual(self.webhooks(), [])
        self.assertFalse(self.config.ac_webhook_id)

    def test_disconnecting_takes_the_webhook_away_and_nothing_else(self):
        """User requirement 38."""
        self.make_partners({"name": "Ada", "email": "ada@example.com"})
        self.run_jobs()
        self.simulator.forget_log()
        self.config.action_disconnect()
        self.assertEqual(self.webhooks(), [])
        self.assertEqual(len(self.simulator.contacts()), 1)
        paths = {w["path"] for w in self.simulator.writes()}
        self.assertTrue(all("/webhooks/" in path for path in paths), paths)

    def test_disconnecting_works_when_nobody_answers(self):
        self.simulator.faults({"kind": "status", "status": 403})
        self.config.action_disconnect()
        self.assertEqual(self.config.state, "draft")
        self.simulator.call("DELETE", "faults")
        self.assertEqual(len(self.webhooks()), 1)

    # Health -----------------------------------------------------------------------

    def arrived(self, type_, hours=0):
        inbox.store(self.env, self.config, {"type": type_, "n": str(hours)})
        self.cr.execute(
            "UPDATE ac_event SET create_date = now() AT TIME ZONE 'UTC' "
            "- %s * INTERVAL '1 hour' WHERE id = (SELECT max(id) FROM ac_event)",
            (hours,),
        )
        self.commit()
        self.env.invalidate_all()

    def test_each_kind_says_when_it_came_last(self):
        self.arrived("click", 400)
        self.arrived("open", 1)
        states = {a.type: a.state for a in self.config.webhook_arrival_ids}
        self.assertEqual(set(states), set(webhook_setup.events_of(self.config)))
        self.assertEqual(states["open"], "recent")
        self.assertEqual(states["click"], "old")
        self.assertEqual(states["bounce"], "never")

    def test_silence_is_a_warning(self):
        self.config.webhook_since = "2020-01-01"
        self.arrived("open", 100)
        self.assertIn("more than 72 hours", self.config.webhook_silence)
        self.arrived("open", 1)
        self.assertFalse(self.config.webhook_silence)

    def test_silence_can_be_left_alone(self):
        self.config.write({"webhook_since": "2020-01-01", "webhook_silence_hours": 0})
        self.assertFalse(self.config.webhook_silence)

    def test_a_new_webhook_is_not_silent_yet(self):
        self.assertFalse(self.config.webhook_silence)

    def test_addresses_that_activecampaign_can_call(self):
        cases = {
            "https://odoo.example.com": None,
            "https://odoo.example.com:443": None,
            "https://odoo.example.com:8443": "port",
            "http://odoo.example.com": "http",
            "http://localhost:8069": "local",
            "https://192.168.1.7": "local",
            "https://odoo.local": "local",
            "https://odoo": "local",
            "": "local",
        }
        for url, problem in cases.items():
            with self.subTest(url=url):
                self.assertEqual(webhook_setup.address_problem(url), problem)

    def test_the_form_warns_of_such_an_address(self):
        parameters = self.env["ir.config_parameter"]
        before = parameters.get_param("web.base.url")
        self.addCleanup(parameters.set_param, "web.base.url", before)
        self.assertFalse(self.config.webhook_address_warning)
        parameters.set_param("web.base.url", "http://odoo.example.com")
        self.config.invalidate_recordset()
        self.assertIn("does not begin with https", self.config.webhook_address_warning)
        self.assertTrue(self.config.polls)
