# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a copy could do by itself: each kind of job, each scheduled action."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..engine import farewell, inbox
from ..models.ac_odoo_config_jobs import PRIORITIES
from .place_case import PlaceCase

ASKS_NOTHING = {"collect", "options", "probe", "farewell", "poll_lists"}
"""Jobs that have nothing to ask of an account that is not paused, waits for no import,
has no lists and was not left behind."""


@tagged("post_install", "-at_install")
class TestPlaceSilence(PlaceCase):
    def setUp(self):
        super().setUp()
        self.loaded()
        self.config.write({"sync_deals": True, "poll_mode": "always"})
        self.commit()

    def those_that_ask(self):
        """Perform each kind of job; return those of which ActiveCampaign has heard."""
        heard = set()
        for number, job in enumerate(PRIORITIES):
            self.env["ac.reconciliation"]._start(self.config)
            self.env["ac.audit.run"]._start(self.config)
            self.ada.phone = f"+1 555 2{number:03}"
            contact = {"id": self.binding(self.ada).remote_id, "job": job}
            inbox.store(self.env, self.config, {"type": "update", "contact": contact})
            self.simulator.forget_log()
            self.perform(job)
            heard |= {job} if self.simulator.calls() else set()
        return heard

    def test_row_23_no_kind_of_job_goes_out(self):
        """User requirement 23: pushes, imports, polls, reconciliations, audits, the
        webhook's upkeep; even where a job was copied with the database."""
        for leave in (self.other_database, self.other_address, self.neutralize):
            with self.subTest(leave.__name__):
                leave()
                self.assertEqual(self.those_that_ask(), set())
        self.assertEqual(set(self.states_of_events()), {"new"})
        self.config.action_is_production()
        self.assertEqual(self.those_that_ask(), set(PRIORITIES) - ASKS_NOTHING)

    def test_row_23_imports_stay_here(self):
        """User requirement 23: from ten records on they go by bulk import."""
        people = [{"name": f"P{n}", "email": f"p{n}@example.com"} for n in range(20)]
        self.make_partners(*people)
        self.other_database()
        for job in ("push", "run", "collect"):
            self.perform(job)
        self.assertEqual(self.simulator.calls(), [])
        self.config.action_is_production()
        self.run_jobs()
        paths = {each["path"] for each in self.simulator.writes()}
        self.assertIn("/api/3/import/bulk_import", paths)

    def test_row_23_scheduled_actions_do_nothing(self):
        """User requirement 23: not even what tidies up in this database."""
        self.cr.execute("UPDATE ac_event SET create_date = '2020-01-01'")
        self.cr.execute("DELETE FROM queue_job")
        self.other_database()
        self.commit()
        held = self.everything()
        for cron in self.crons():
            with self.subTest(cron.name):
                cron.ir_actions_server_id.run()
                self.assertEqual(self.everything(), held)
        self.config.action_is_production()
        self.cr.execute("DELETE FROM queue_job")
        for cron in self.crons():
            cron.ir_actions_server_id.run()
        changed = {
            name for name, what in self.everything().items() if what != held[name]
        }
        self.assertLessEqual(
            {"queue_job", "ac_audit_run", "ac_reconciliation"}, changed
        )

    def test_a_paused_account_is_not_asked_whether_it_answers(self):
        self.cr.execute(
            """
            INSERT INTO ac_breaker (config_id, state, until)
            VALUES (%s, 'open', '2020-01-01')
            ON CONFLICT (config_id) DO UPDATE SET state = 'open', until = '2020-01-01'
            """,
            (self.config.id,),
        )
        self.other_database()
        self.commit()
        self.perform("probe")
        with self.assertRaisesRegex(UserError, "may be a copy"):
            self.config.action_try_now()
        self.env.invalidate_all()
        self.assertEqual(self.config.breaker_state, "open")
        self.assertEqual(self.simulator.calls(), [])
        self.config.action_is_production()
        self.perform("probe")
        self.assertEqual(self.config.breaker_state, "closed")

    def test_row_38_what_was_ticked_is_not_deleted_from_a_copy(self):
        """User requirement 38; the dump was made while it was being deleted."""
        position = farewell.begin(["contact"])
        self.config.write({"state": "draft", "farewell_position": position})
        self.other_database()
        self.perform("farewell")
        self.assertEqual(self.simulator.calls(), [])
        self.config.action_is_production()
        self.perform("farewell")
        self.assertEqual(self.simulator.contacts(), {})
