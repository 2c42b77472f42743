# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A refused key pauses an account until it changes, or until a person tries."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..activecampaign import AuthenticationError, Paused
from ..engine import breaker, gateway
from .breaker_case import BreakerCase
from .common import KEY

FORBIDDEN = {"kind": "status", "status": 403}


@tagged("post_install", "-at_install")
class TestRefusedKey(BreakerCase):
    def lock_out(self):
        self.config.ac_api_key = "wrong"
        self.commit()
        self.assertIsInstance(self.call(), AuthenticationError)
        self.assertEqual(self.config.breaker_state, "open")
        self.assertFalse(self.config.breaker_until)
        self.assertIn("API key", self.config.breaker_reason)
        self.simulator.forget_log()

    def test_one_refusal_is_enough_and_time_does_not_help(self):
        self.lock_out()
        self.end_pause()
        self.env["ac.odoo.config"]._cron_outbox()
        self.assertIsInstance(self.call(), Paused)
        self.assertEqual(self.simulator.calls(), [])

    def test_jobs_wait_and_lose_nothing(self):
        partner = self.make_partners({"name": "Ada", "email": "ada@example.com"})
        self.lock_out()
        try:
            self.perform("push")
        except Exception as error:
            self.assertTrue(error.ignore_retry)
            self.assertIn("does not let us in", str(error))
        else:
            self.fail("The job was not postponed.")
        self.cr.rollback()
        self.assertEqual(self.binding(partner).state, "pending")
        self.assertEqual(self.binding(partner).tries, 0)
        self.assertEqual(self.simulator.calls(), [])

    def test_another_key_is_tried_at_once(self):
        partner = self.make_partners({"name": "Ada", "email": "ada@example.com"})
        self.lock_out()
        self.cr.execute("DELETE FROM queue_job")
        self.config._enqueue("push", eta=600)
        self.config.ac_api_key = KEY
        self.run_jobs()
        self.assertEqual(self.config.breaker_state, "closed")
        self.assertEqual(self.binding(partner).state, "synced")
        self.assertEqual(self.paths()[0], "/users/me")

    def test_another_wrong_key_is_tried_once(self):
        self.lock_out()
        self.config.ac_api_key = "wrong-as-well"
        self.run_jobs()
        self.assertEqual(self.config.breaker_state, "open")
        self.assertEqual(self.paths(), ["/users/me"])
        self.call(3)
        self.assertEqual(self.paths(), ["/users/me"])

    def test_a_late_refusal_is_not_about_the_key_of_now(self):
        with gateway.open_client(self.config) as client:
            self.simulator.faults(FORBIDDEN | {"times": 1})
            self.config.ac_api_key = KEY
            self.commit()
            with self.assertRaises(AuthenticationError):
                client.users.me()
        self.assertEqual(self.row().state, "open")
        self.assertIsNone(self.call())
        self.assertEqual(self.row().state, "closed")

    def test_what_is_forbidden_about_one_thing_pauses_nothing(self):
        self.simulator.faults(FORBIDDEN | {"path": "tags"})
        self.assertIsInstance(self.call(), AuthenticationError)
        self.assertEqual(self.config.breaker_state, "closed")
        self.assertEqual(self.paths()[-1], "/users/me")

    def test_metadata_does_not_hide_that_the_key_is_refused(self):
        self.config.ac_api_key = "wrong"
        self.perform("metadata")
        self.assertEqual(self.config.breaker_state, "open")
        self.assertIn("API key", self.config.problem)

    def test_an_unpaid_plan_is_looked_at_again(self):
        self.simulator.faults({"kind": "status", "status": 402})
        self.call()
        self.assertEqual(self.config.breaker_state, "open")
        self.assertGreater(self.pause_seconds(), breaker.LONGEST_PAUSE - 60)
        self.come_up()
        self.end_pause()
        self.assertIsNone(self.call())

    def test_a_test_by_a_person_ends_the_pause(self):
        self.simulator.faults(FORBIDDEN)
        self.call()
        self.assertEqual(self.config.breaker_state, "open")
        self.come_up()
        self.config.test_connection()
        self.look_again()
        self.assertEqual(self.config.breaker_state, "closed")

    def test_a_failed_test_of_a_draft_pauses_nothing(self):
        draft = self.config.copy({"name": "Draft", "ac_api_key": "wrong"})
        self.commit()
        with self.assertRaises(UserError):
            draft.test_connection()
        self.look_again()
        self.assertEqual(draft.breaker_state, "closed")


@tagged("post_install", "-at_install")
class TestTryNow(BreakerCase):
    def operator(self, group="operator"):
        groups = f"base.group_user,ac_odoo_connector.group_{group}"
        user = new_test_user(self.env, f"ac_{group}", groups=groups)
        self.addCleanup(self.delete, user)
        return self.config.with_user(user)

    def delete(self, user):
        self.cr.rollback()
        user.exists().unlink()
        self.commit()

    def test_what_has_waited_goes_on(self):
        partner = self.make_partners({"name": "Ada", "email": "ada@example.com"})
        self.go_down()
        self.come_up()
        answer = self.operator().action_try_now()
        self.assertEqual(answer["params"]["title"], "It Answers")
        self.look_again()
        self.assertEqual(self.config.breaker_state, "closed")
        self.run_jobs()
        self.assertEqual(self.binding(partner).state, "synced")

    def test_it_says_what_is_still_wrong(self):
        self.go_down()
        with self.assertRaisesRegex(UserError, "HTTP 500"):
            self.config.action_try_now()
        self.assertEqual(self.row().state, "open")
        self.assertEqual(self.paths(), ["/users/me"])
        self.assertGreater(self.pause_seconds(), 40)

    def test_not_while_a_worker_finds_out(self):
        self.go_down()
        self.end_pause()
        self.assertTrue(breaker.enter(self.env, self.config.id))
        with self.assertRaises(UserError):
            self.config.action_try_now()
        self.assertEqual(self.simulator.calls(), [])

    def test_of_an_account_that_is_not_paused_nothing_is_asked(self):
        self.config.action_try_now()
        self.assertEqual(self.simulator.calls(), [])

    def test_users_look_and_do_not_touch(self):
        self.go_down()
        config = self.operator("user")
        self.assertEqual(config.breaker_state, "open")
        with self.assertRaises(AccessError):
            config.action_try_now()
        with self.assertRaises(AccessError):
            config.breaker_ids.write({"state": "closed"})

    def test_people_of_other_companies_see_nothing_of_it(self):
        self.config.company_id = self.company("Elsewhere")
        self.go_down()
        user = self.operator().env.user
        for model in ("ac.breaker", "ac.api.usage"):
            self.assertFalse(self.env[model].with_user(user).search([]))
