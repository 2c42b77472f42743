# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Runs and crons: progress, pause, stop, and what nobody marked."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import ConnectorCase


@tagged("post_install", "-at_install")
class TestRun(ConnectorCase):
    def setUp(self):
        super().setUp()
        self.partners = self.make_partners(
            *[{"name": f"P {n}", "email": f"p{n}@example.com"} for n in range(12)],
            {"name": "No e-mail"},
        )
        # as if they had been there before the account
        self.cr.execute("DELETE FROM ac_binding; DELETE FROM queue_job")
        self.commit()
        self.env.invalidate_all()

    def test_run_ends_when_every_record_has_its_outcome(self):
        run = self.env["ac.sync.run"]._start(self.config)
        self.assertEqual((run.total, run.remaining, run.progress), (13, 13, 0))
        self.run_jobs()
        self.assertEqual(run.state, "done")
        self.assertEqual((run.synced, run.skipped, run.failed), (12, 1, 0))
        self.assertEqual(len(self.simulator.contacts()), 12)
        self.partners[0].phone = "later"
        self.commit()
        self.assertEqual(run.synced, 12)

    def test_paused_run_sends_nothing_but_what_people_save(self):
        run = self.env["ac.sync.run"]._start(self.config)
        run.action_pause()
        self.partners[3].phone = "1"
        self.run_jobs()
        self.assertEqual(list(self.simulator.contacts()), ["p3@example.com"])
        self.assertEqual(run.state, "paused")
        run.action_resume()
        self.run_jobs()
        self.assertEqual(run.state, "done")
        self.assertEqual(len(self.simulator.contacts()), 12)

    def test_stopped_run_gives_the_rest_up(self):
        run = self.env["ac.sync.run"]._start(self.config)
        self.commit()
        run.action_stop()
        self.run_jobs()
        self.assertEqual(self.simulator.contacts(), {})
        self.assertEqual((run.state, run.skipped), ("stopped", 13))
        self.assertEqual(self.binding(self.partners[0]).skip_reason, "stopped")

    def test_changed_settings_ask_for_another_run(self):
        self.assertFalse(self.config.settings_differ)
        self.config.action_sync_all()
        self.run_jobs()
        self.assertFalse(self.config.settings_differ)
        self.config.customer_tag = "Customer"
        self.assertTrue(self.config.settings_differ)
        self.config.action_sync_all()
        self.run_jobs()
        self.config.invalidate_recordset()
        self.assertFalse(self.config.settings_differ)
        self.cr.execute("UPDATE ac_field_mapping SET write_date = now()")
        self.config.invalidate_recordset()
        self.assertTrue(self.config.settings_differ)

    def test_draft_account_cannot_run(self):
        self.config.action_disconnect()
        with self.assertRaises(UserError):
            self.config.action_sync_all()

    def test_nothing_is_loaded_before_somebody_says_so(self):
        self.env["ac.odoo.config"]._cron_batch()
        self.run_jobs()
        self.assertEqual(self.simulator.contacts(), {})

    def test_batch_cron_finds_what_nobody_marked(self):
        self.env["ac.sync.run"]._start(self.config)
        self.run_jobs()
        self.cr.execute(
            "UPDATE res_partner SET phone = '5', write_date = now() + "
            "INTERVAL '1 second' WHERE id = %s",
            (self.partners[5].id,),
        )
        self.simulator.forget_log()
        self.env["ac.odoo.config"]._cron_batch()
        self.run_jobs()
        self.assertEqual(self.simulator.contacts()["p5@example.com"]["phone"], "5")
        self.assertEqual(len(self.simulator.writes()), 1)

    def test_queries_per_chunk_do_not_grow_with_the_chunk(self):
        counts = []
        for size in (20, 200):
            self.partners = self.make_partners(
                *[
                    {"name": f"Q {n}", "email": f"q{size}-{n}@example.com"}
                    for n in range(size)
                ]
            )
            counts.append(self.queries_of_a_push())
        self.assertLess(counts[1] - counts[0], 10, counts)

    def queries_of_a_push(self):
        """Return the statements that one push sends to PostgreSQL."""
        before = self.statements()
        self.perform("push")
        return self.statements() - before

    def statements(self):
        import odoo.sql_db

        return odoo.sql_db.sql_counter
