# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What ActiveCampaign said and Odoo could not apply."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..activecampaign import Unreachable
from ..engine import poll, walks
from .inbox_case import InboxCase

NO_KING = "name NOT LIKE '%% King'"


@tagged("post_install", "-at_install")
class TestErrorsOfEvents(InboxCase):
    def errors(self):
        self.commit()
        self.env.invalidate_all()
        return self.env["ac.error.log"].search([], order="id")

    def refused(self):
        """Return an event that the database refuses, and what ends that."""
        allow = self.forbid("res_partner", NO_KING)
        self.edit(self.ada, lastName="King")
        event = self.tell("update", self.ada)
        self.perform("inbox")
        return event, allow

    def test_a_failed_event_has_its_entry(self):
        event, _allow = self.refused()
        (error,) = self.errors()
        self.assertEqual((error.direction, error.operation), ("pull", "Apply: update"))
        self.assertEqual((error.event_id, error.binding_id.id), (event, False))
        self.assertEqual((error.res_model, error.res_id), ("res.partner", self.ada.id))
        self.assertEqual((error.tries, error.state, error.count), (1, "open", 1))
        self.assertIn("The database refused the change", error.message)
        self.assertIn("then Retry", error.hint)
        self.assertIn('"type": "xxxxxx"', error.payload)
        self.assertIn("CheckViolation", error.trace)
        self.assertEqual(self.ada.ac_error_count, 1)
        self.assertEqual(event.error_count, 1)

    def test_an_entry_outlives_the_rollback_of_the_change(self):
        event, _allow = self.refused()
        self.assertEqual(self.ada.name, "Ada Lovelace")
        self.assertEqual((event.state, len(self.errors())), ("failed", 1))

    def test_retry_replays_the_event_and_sends_nothing(self):
        """It repeats the same direction."""
        event, allow = self.refused()
        for _try in range(4):
            self.let_time_pass()
            self.perform("inbox")
        (error,) = self.errors()
        self.assertEqual((error.state, error.count, event.state), ("dead", 5, "dead"))
        allow()
        self.simulator.forget_log()
        error.action_retry()
        self.assertEqual((self.errors().state, event.state), ("retrying", "new"))
        self.run_jobs()
        self.assertEqual((self.errors().state, event.state), ("solved", "done"))
        self.assertEqual(self.ada.name, "Ada King")
        self.assertEqual(self.simulator.writes(), [])

    def test_applying_it_later_solves_it(self):
        _event, allow = self.refused()
        allow()
        self.let_time_pass()
        self.perform("inbox")
        self.assertEqual(self.errors().state, "solved")

    def test_what_was_dropped_cannot_be_repeated(self):
        event, _allow = self.refused()
        event.sudo().write({"payload": False, "payload_dropped": True})
        error = self.errors()
        with self.assertRaisesRegex(UserError, "Nothing can be repeated"):
            error.action_retry()

    def test_an_event_of_nobody_names_itself(self):
        self.forbid("res_partner", NO_KING)
        self.config.unknown_contact = "create"
        with self.client() as client:
            values = {
                "email": "eve@example.com",
                "firstName": "Eve",
                "lastName": "King",
            }
            contact = client.contacts.create(values).id
        event = self.tell("update", None, contact={"id": contact})
        self.perform("inbox")
        (error,) = self.errors()
        self.assertEqual((error.res_model, error.res_id), ("ac.event", event.id))
        self.assertEqual(error.action_open_record()["res_id"], event.id)

    def test_contacts_that_cannot_be_read_are_an_entry_of_the_account(self):
        self.edit(self.ada, phone="2")
        self.tell("update", self.ada)
        self.simulator.faults({"kind": "drop"})
        self.postponed("inbox")
        (error,) = self.errors()
        self.assertEqual((error.job, error.direction), ("inbox", "pull"))
        self.assertIn(Unreachable.__name__, error.trace)
        self.simulator.call("DELETE", "faults")
        error.action_retry()
        self.run_jobs()
        self.assertEqual(self.errors().state, "solved")
        self.assertEqual(self.ada.phone, "2")

    def test_a_poll_that_goes_in_circles_is_told(self):
        poll.set_up(self.config, "contacts")
        poll.failed(self.config, "contacts", walks.RepeatedPage())
        (error,) = self.errors()
        self.assertEqual((error.code, error.direction), ("repeated_page", "pull"))
        self.assertIn("same page twice", error.message)
        error.action_retry()
        self.run_jobs()
        self.assertEqual(self.errors().state, "solved")

    def test_a_reconciliation_that_failed_begins_anew(self):
        failed = self.env["ac.reconciliation"]._start(self.config)
        self.commit()
        self.config._reconciliation_failed()
        (error,) = self.errors()
        self.assertEqual((error.res_model, error.res_id), (failed._name, failed.id))
        self.assertEqual(failed.state, "failed")
        error.action_retry()
        self.run_jobs()
        last = self.env["ac.reconciliation"].search([], limit=1)
        self.assertEqual((last.state, self.errors().state), ("done", "solved"))
        self.assertGreater(last.id, failed.id)
