# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A copy of the database sends nothing until a manager has said what it is."""

import os
from pathlib import Path

from odoo.exceptions import AccessError, UserError
from odoo.modules.module import get_module_path
from odoo.tests import new_test_user, tagged

from .. import hooks
from ..engine import guard, inbox, vault, wake
from ..engine.bucket import Bucket
from ..engine.webhook_setup import webhook_url
from .common import SIMULATOR, ConnectorCase

ELSEWHERE = "https://staging.example.com"
NEUTRALIZE = Path(get_module_path("ac_odoo_connector"), "data", "neutralize.sql")


class PlaceCase(ConnectorCase):
    def setUp(self):
        super().setUp()
        self.patch(guard, "_right", Bucket())
        self.patch(guard, "_wrong", Bucket())
        self.parameters = self.env["ir.config_parameter"].sudo()
        self.before = {
            name: self.parameters.get_param(name)
            for name in ("database.uuid", "web.base.url")
        }
        self.addCleanup(self.back_again)

    def back_again(self):
        self.cr.rollback()
        for name, value in self.before.items():
            self.parameters.set_param(name, value)
        self.commit()

    def loaded(self):
        """One contact over there, the webhook too, and an event that waits."""
        self.ada = self.make_partners({"name": "Ada", "email": "ada@example.com"})
        self.run_jobs()
        self.config.action_connect_webhook()
        self.commit()
        self.ada.phone = "+1 555 0101"  # marked, and its job waits
        contact = {"id": self.binding(self.ada).remote_id}
        inbox.store(self.env, self.config, {"type": "update", "contact": contact})
        self.commit()
        self.simulator.forget_log()

    def other_database(self):
        self.parameters.set_param("database.uuid", "of-the-copy")

    def other_address(self):
        self.parameters.set_param("web.base.url", ELSEWHERE)

    def neutralize(self):
        self.env.flush_all()
        self.cr.execute(NEUTRALIZE.read_text())
        self.env.invalidate_all()

    def do_everything(self):
        """Let the crons, the jobs that were copied, people and ActiveCampaign act."""
        self.commit()
        wake._covered_until.clear()
        self.run_jobs()
        data = self.env["ir.model.data"].search(
            [("module", "=", "ac_odoo_connector"), ("model", "=", "ir.cron")]
        )
        for cron in self.env["ir.cron"].browse(data.mapped("res_id")):
            cron.ir_actions_server_id.run()
            self.run_jobs()
        self.ada.phone = "+1 555 0102"
        self.run_jobs()

    def states_of_events(self):
        self.env.invalidate_all()
        return self.env["ac.event"].search([]).mapped("state")

    def assertSilent(self, doubt):
        self.config.invalidate_recordset()
        self.assertEqual(self.config.place_doubt, doubt)
        self.assertEqual(self.simulator.calls(), [])
        self.assertEqual(self.binding(self.ada).state, "pending")
        self.assertEqual(self.states_of_events(), ["new"])

    def assertFlows(self):
        self.run_jobs()
        self.assertEqual(
            self.simulator.contacts()["ada@example.com"]["phone"][-4:], "0102"
        )
        self.assertNotIn("new", self.states_of_events())


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

    def test_restored_elsewhere_nothing_goes_out(self):
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

    def test_switched_off_crons_are_named(self):
        self.loaded()
        self.neutralize()
        cron = self.env.ref("ac_odoo_connector.cron_outbox")
        cron.active = False
        answer = self.config.action_is_production()
        cron.active = True
        self.assertIn("switched off", answer["params"]["message"])


@tagged("post_install", "-at_install")
class TestFarewell(PlaceCase):
    def farewell(self, **choices):
        self.config.invalidate_recordset()
        action = self.config.action_farewell()
        wizard = self.env["ac.farewell"].with_context(**action["context"]).create({})
        wizard.write(choices)
        wizard.action_disconnect()
        self.commit()

    def test_row_38_nothing_of_activecampaign_is_deleted(self):
        """User requirement 38."""
        self.loaded()
        held = self.simulator.state()["contacts"]
        self.farewell(webhook=False)
        self.assertEqual(self.config.state, "draft")
        self.assertEqual(self.simulator.calls(), [])
        self.assertEqual(self.simulator.state()["contacts"], held)
        self.assertTrue(self.config.ac_api_key_encrypted)

    def test_row_38_the_webhook_goes_by_choice(self):
        """User requirement 38."""
        self.loaded()
        self.farewell(webhook=True)
        self.assertEqual(self.simulator.state()["webhooks"], {})
        deleted = [w["path"] for w in self.simulator.writes()]
        self.assertTrue(all("/webhooks/" in path for path in deleted), deleted)

    def test_the_secrets_go_by_choice(self):
        self.loaded()
        before = webhook_url(self.config)
        self.farewell(webhook=True, secrets=True)
        self.assertFalse(self.config.ac_api_key_encrypted)
        self.assertFalse(self.config.ac_webhook_token_old_encrypted)
        self.assertNotEqual(webhook_url(self.config), before)
        self.assertEqual(self.simulator.state()["webhooks"], {})

    def test_row_38_uninstalling_respects_the_choice(self):
        """User requirement 38; tests/lifecycle really uninstalls."""
        self.loaded()
        self.config.write({"farewell_webhook": False, "farewell_secrets": False})
        key_file = Path(vault._file_of(self.cr.dbname))
        kept = key_file.read_text() if key_file.exists() else None
        hooks.uninstall_hook(self.env)
        self.assertEqual(self.simulator.calls(), [])
        self.assertEqual(key_file.exists(), kept is not None)

    def test_the_key_file_goes_by_choice(self):
        path = Path(vault._file_of("no-such-database"))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
        vault.forget_key("no-such-database")
        self.assertFalse(path.exists())
        vault.forget_key("no-such-database")

    def test_row_38_what_is_ticked_is_deleted(self):
        """User requirement 38."""
        self.loaded()
        contact_id = self.binding(self.ada).remote_id
        self.farewell(webhook=True, secrets=True, delete_contact=True)
        self.assertTrue(self.config.ac_api_key_encrypted)  # needed until the end
        self.run_jobs()
        self.assertEqual(self.simulator.contacts(), {})
        deleted = {
            w["path"] for w in self.simulator.writes() if "webhooks" not in w["path"]
        }
        self.assertEqual(deleted, {f"/api/3/contacts/{contact_id}"})
        self.assertFalse(self.binding(self.ada))
        self.assertFalse(self.config.ac_api_key_encrypted)
        self.assertIn("is deleted", str(self.config.message_ids[:1].body))

    def test_more_than_one_chunk_goes(self):
        people = self.make_partners(
            *({"name": f"P{n}", "email": f"p{n}@example.com"} for n in range(30))
        )
        self.run_jobs()
        self.assertEqual(len(self.simulator.contacts()), 30)
        path = f"/contacts/{self.binding(people[3]).remote_id}$"
        self.simulator.faults({"kind": "status", "status": 422, "path": path})
        self.farewell(delete_contact=True)
        self.run_jobs()
        self.assertEqual(set(self.simulator.contacts()), {people[3].email})
        self.assertIn("1 objects", str(self.config.message_ids[:1].body))

    def test_connecting_again_ends_the_deletion(self):
        self.loaded()
        self.farewell(webhook=False, delete_contact=True)
        self.config.action_confirm()
        self.run_jobs()
        self.assertIn("ada@example.com", self.simulator.contacts())

    def test_in_a_copy_nothing_can_be_ticked(self):
        self.loaded()
        self.other_database()
        self.farewell(webhook=True, delete_contact=True)
        self.run_jobs()
        self.assertEqual(self.simulator.calls(), [])

    def test_the_choice_is_remembered(self):
        self.loaded()
        self.farewell(webhook=False, secrets=True)
        self.assertFalse(self.config.farewell_webhook)
        self.assertTrue(self.config.farewell_secrets)
