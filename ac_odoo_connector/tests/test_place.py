# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A copy of the database sends nothing until a manager has said what it is."""

import os

from cryptography.fernet import Fernet

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .. import hooks
from ..engine import guard
from ..engine.webhook_setup import webhook_url
from .common import KEY, SIMULATOR
from .place_case import ELSEWHERE, PlaceCase


@tagged("post_install", "-at_install")
class TestPlace(PlaceCase):
    def test_row_23_restored_under_another_uuid_nothing_goes_out(self):
        """User requirement 23."""
        self.loaded()
        self.other_database()
        self.do_everything()
        self.assertSilent("database")
        self.assertIn("perhaps a copy", self.config.place_problem)
        self.config.action_is_production()
        self.assertFlows()

    def test_row_23_neutralized_nothing_goes_out(self):
        """User requirement 23."""
        self.loaded()
        self.neutralize()
        self.do_everything()
        self.assertSilent("neutralized")
        self.config.action_is_production()
        self.assertFlows()

    def test_row_23_restored_from_a_dump_nothing_goes_out(self):
        """User requirement 23; tests/e2e/test_copy.py really copies one."""
        self.loaded()
        self.config.database_place = "7/7"
        self.do_everything()
        self.assertSilent("database")
        self.config.action_is_production()
        self.assertFlows()

    def test_reached_elsewhere_nothing_goes_out(self):
        self.loaded()
        self.other_address()
        self.do_everything()
        self.assertSilent("address")
        self.assertIn("staging.example.com", self.config.place_problem)
        self.config.action_is_production()
        self.assertFlows()

    def test_production_may_have_several_addresses(self):
        self.loaded()
        self.other_address()
        self.config.action_is_production()
        self.assertFalse(self.config.place_doubt)
        url = self.before["web.base.url"]
        self.parameters.set_param("web.base.url", url)
        self.config.invalidate_recordset()
        self.assertFalse(self.config.place_doubt)
        self.parameters.set_param("web.base.url", url.replace("http:", "https:"))
        self.config.invalidate_recordset()
        self.assertFalse(self.config.place_doubt)

    def test_production_at_another_address_is_reported_to(self):
        self.loaded()
        self.other_address()
        self.config.action_is_production()
        self.run_jobs()
        (webhook,) = self.simulator.state()["webhooks"].values()
        self.assertTrue(webhook["url"].startswith(ELSEWHERE))

    def test_a_copy_stays_silent_and_leaves_the_webhook_alone(self):
        self.loaded()
        token = webhook_url(self.config).partition("token=")[2]
        self.other_database()
        self.config.action_is_copy()
        self.do_everything()
        self.assertSilent("copy")
        with self.assertRaises(guard.Refusal):
            guard.account_of(self.env.cr, token, "203.0.113.9")
        self.config.action_disconnect()
        hooks.uninstall_hook(self.env)
        self.assertEqual(self.simulator.calls(), [])
        self.assertEqual(len(self.simulator.state()["webhooks"]), 1)

    def test_a_copy_of_a_copy_is_one(self):
        self.loaded()
        self.config.action_is_copy()
        self.other_database()
        self.config.invalidate_recordset()
        self.assertEqual(self.config.place_doubt, "copy")

    def test_events_are_kept_where_nobody_knows(self):
        """Nothing is delivered twice: this may be production."""
        self.loaded()
        token = webhook_url(self.config).partition("token=")[2]
        self.other_address()
        self.env.flush_all()
        found = guard.account_of(self.env.cr, token, "203.0.113.9")
        self.assertEqual(found, self.config.id)

    def test_no_button_goes_out_of_a_copy(self):
        self.loaded()
        self.other_database()
        self.commit()
        for button in (
            *("test_connection", "action_connect_webhook", "action_check_webhook"),
            *("action_remove_webhook", "action_recreate_webhook", "action_confirm"),
        ):
            with self.subTest(button=button), self.assertRaises(UserError):
                getattr(self.config, button)()
        self.assertEqual(self.simulator.calls(), [])

    def test_disconnected_in_a_copy_it_cannot_be_connected_by_mistake(self):
        self.loaded()
        self.other_database()
        self.config.action_disconnect()
        self.commit()
        with self.assertRaisesRegex(UserError, "This Is Production"):
            self.config.action_confirm()
        self.assertEqual(self.simulator.calls(), [])

    def test_a_copy_may_have_a_sandbox_of_its_own(self):
        self.loaded()
        self.other_database()
        self.config.action_is_copy()
        self.config.write(
            {"ac_base_url": f"{SIMULATOR}/", "ac_api_key": "simulator-key"}
        )
        self.config.action_confirm()
        self.assertEqual(self.config.state, "confirmed")
        self.assertFalse(self.config.place_doubt)

    def test_only_managers_decide(self):
        self.loaded()
        self.other_database()
        operator = new_test_user(
            self.env,
            f"operator{os.getpid()}",
            "base.group_user,ac_odoo_connector.group_operator",
        )
        for button in ("action_is_production", "action_is_copy", "action_farewell"):
            with self.subTest(button=button), self.assertRaises(AccessError):
                getattr(self.config.with_user(operator), button)()

    def test_the_banner_is_for_those_who_can_act(self):
        self.loaded()
        self.assertEqual(self.config.get_place_banner(), "")
        self.other_database()
        self.env.invalidate_all()
        self.assertIn("may be a copy", self.config.get_place_banner())
        user = new_test_user(self.env, f"user{os.getpid()}", "base.group_user")
        self.assertEqual(self.config.with_user(user).get_place_banner(), "")

    def test_a_key_that_stayed_behind_is_asked_for(self):
        self.loaded()
        foreign = Fernet(Fernet.generate_key()).encrypt(b"secret").decode()
        self.config.ac_api_key_encrypted = foreign
        self.other_database()
        answer = self.config.action_is_production()
        self.assertIn("enter the secret again", answer["params"]["message"])
        self.assertIn("enter the secret again", self.config.problem)
        self.config.ac_api_key = KEY
        self.run_jobs()
        self.env["ac.odoo.config"]._cron_outbox()
        self.do_everything()
        self.assertFlows()

    def test_switched_off_crons_are_named(self):
        self.loaded()
        self.neutralize()
        cron = self.env.ref("ac_odoo_connector.cron_outbox")
        cron.active = False
        answer = self.config.action_is_production()
        cron.active = True
        self.assertIn("switched off", answer["params"]["message"])
