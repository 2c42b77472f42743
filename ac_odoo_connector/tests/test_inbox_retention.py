# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How long contents are kept, and what can be replayed."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .inbox_case import InboxCase


@tagged("post_install", "-at_install")
class TestInboxRetention(InboxCase):
    def age(self, events, days):
        self.cr.execute(
            "UPDATE ac_event SET create_date = now() - %s * INTERVAL '1 day' "
            "WHERE id = ANY(%s)",
            (days, events.ids),
        )
        self.commit()

    def forget(self):
        self.commit()
        self.env["ac.odoo.config"]._cron_forget()
        self.commit()
        self.env.invalidate_all()

    def test_contents_are_dropped_after_their_days(self):
        old, young = self.opened(self.ada, 1), self.opened(self.ada, 2)
        self.run_jobs()
        waiting = self.opened(self.bob)
        self.age(old + waiting, 91)
        self.forget()
        self.assertEqual(
            (old + young + waiting).mapped("payload_dropped"), [True, False, False]
        )
        self.assertEqual((old.payload, old.partner_id), (False, self.ada))
        self.assertTrue(young.payload and waiting.payload)
        self.assertFalse(self.opened(self.ada, 1), "still known")

    def test_the_cron_drops_where_the_account_says_so(self):
        event = self.opened(self.ada)
        self.run_jobs()
        self.age(event, 40)
        self.forget()
        self.config.payload_days = 30
        self.config.payload_policy = "keep"
        self.forget()
        self.assertFalse(event.payload_dropped)
        self.config.payload_policy = "drop"
        self.forget()
        self.assertTrue(event.payload_dropped)

    def test_what_waited_in_vain_is_dropped_too(self):
        event = self.opened(self.ada)
        self.cr.execute("UPDATE ac_event SET state = 'waiting'")
        self.age(event, 91)
        self.forget()
        self.assertTrue(event.payload_dropped)
        self.cr.execute("UPDATE ac_event SET state = 'new'")  # the partner is linked
        self.perform("inbox")
        self.assertEqual(event.state, "ignored")
        self.assertIn("was dropped", event.message)

    def test_nothing_is_kept_for_accounts_that_are_not_connected(self):
        done, new, failed = (self.opened(self.ada, second) for second in (1, 2, 3))
        states = {done: "done", new: "new", failed: "failed"}
        for event, state in states.items():
            event.sudo().write({"state": state, "message": "ada@example.com"})
        self.age(done + new + failed, 91)
        for values in ({"state": "draft"}, {"active": False}):
            self.config.write({"state": "confirmed", "active": True, **values})
            self.cr.execute(
                "UPDATE ac_event SET payload = '{}', payload_dropped = FALSE; "
                "DELETE FROM queue_job"
            )
            self.forget()
            events = done + new + failed
            self.assertEqual(events.mapped("payload_dropped"), [True] * 3, values)
            self.assertEqual(events.mapped("message"), [False] * 3)
            self.assertEqual(events.mapped("state"), ["done", "new", "failed"])

    def test_what_was_dropped_cannot_be_replayed(self):
        event = self.opened(self.ada)
        self.run_jobs()
        self.age(event, 91)
        self.forget()
        with self.assertRaisesRegex(UserError, "was dropped"):
            event.action_replay()

    def test_all_failed_events_of_an_account_are_replayed_by_one_button(self):
        allow = self.forbid("res_partner", "name NOT LIKE '%% King'")
        for partner in (self.ada, self.bob):
            self.edit(partner, lastName="King")
            self.tell("update", partner)
        self.perform("inbox")
        self.cr.execute("UPDATE ac_event SET state = 'dead' WHERE id % 2 = 0")
        self.commit()
        self.assertEqual(self.config.dead_event_count, 2)
        allow()
        self.config.action_replay_failed()
        self.run_jobs()
        self.config.invalidate_recordset()
        self.assertEqual(self.config.dead_event_count, 0)
        self.assertEqual(self.ada.name, "Ada King")
        self.assertEqual(self.bob.name, "Bob King")

    def test_users_look_and_operators_replay(self):
        event = self.opened(self.ada)
        self.run_jobs()
        user, operator = (
            new_test_user(
                self.env,
                f"events_{role}",
                f"base.group_user,ac_odoo_connector.group_{role}",
            )
            for role in ("user", "operator")
        )
        self.addCleanup((user + operator).unlink)
        self.assertEqual(event.with_user(user).read(["type"])[0]["type"], "open")
        with self.assertRaises(AccessError):
            event.with_user(user).read(["payload"])
        for button in (
            event.with_user(user).action_replay,
            self.config.with_user(user).action_replay_failed,
        ):
            with self.assertRaises(AccessError):
                button()
        said = event.with_user(operator).action_replay()
        self.assertEqual(event.state, "new")
        self.assertEqual(said["tag"], "display_notification")

    def test_replaying_says_how_many_are_taken_up_again(self):
        old, new, other = (self.opened(self.ada, second) for second in (1, 2, 3))
        self.run_jobs()
        self.age(old, 91)
        self.forget()
        said = (new + other).action_replay()["params"]
        self.assertEqual((new + other).mapped("state"), ["new", "new"])
        self.assertIn("2 event(s)", said["message"])
        self.assertNotIn("others", said["message"])
        self.assertEqual(said["next"]["tag"], "soft_reload")
        self.assertIn("The content of the others", self.replayed(old + new))

    def replayed(self, events):
        """Replay events; return what the person is told."""
        return events.action_replay()["params"]["message"]
