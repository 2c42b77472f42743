# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The first load in earnest: trial of ten, full run, result."""

from ast import literal_eval

from lxml import etree

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..engine import outbox
from ..engine.transaction import transaction
from ..mapping.registry import OBJECTS
from .load_case import LoadCase


@tagged("post_install", "-at_install")
class TestTrial(LoadCase):
    def setUp(self):
        super().setUp()
        self.partners = self.partners_of_old(*self.people(14), {"name": "Nobody"})
        self.load = self.surveyed()
        self.load.action_next()

    def test_first_ten_go_and_are_read_back(self):
        self.assertEqual(self.load.trial_partner_ids, self.partners[:10])
        self.load.action_trial()
        self.run_jobs()
        self.assertEqual(len(self.simulator.contacts()), 10)
        self.assertEqual(
            (self.load.trial_state, self.load.difference_count), ("done", 0)
        )
        first = self.load.value_ids.filtered(
            lambda value: value.partner_id == self.partners[0]
        )
        emails = first.filtered(lambda value: value.odoo_value == "p0@example.com")
        self.assertEqual(emails.ac_value, "p0@example.com")

    def test_difference_over_there_is_shown(self):
        self.load.action_trial()
        self.run_jobs()
        contact = self.simulator.contacts()["p3@example.com"]
        self.client().contacts.update(contact["id"], {"lastName": "Changed"})
        self.load.action_read_back()
        self.run_jobs()
        differing = self.load.value_ids.filtered("differs")
        self.assertEqual(differing.partner_id, self.partners[3])
        self.assertEqual((differing.odoo_value, differing.ac_value), ("3", "Changed"))

    def test_partner_that_cannot_be_sent_says_why(self):
        self.load.trial_partner_ids = self.partners[-1:]
        self.load.action_trial()
        self.run_jobs()
        self.assertEqual(self.load.value_ids.odoo_value, "No e-mail")
        self.assertTrue(self.load.value_ids.differs)

    def test_tags_are_compared(self):
        tag = self.env["res.partner.category"].create({"name": "Trial Tag"})
        self.partners[:10].category_id = tag
        self.load.action_trial()
        self.run_jobs()
        tags = self.load.value_ids.filtered(lambda v: v.odoo_value == "Trial Tag")
        self.assertEqual(set(tags.mapped("ac_value")), {"Trial Tag"})
        self.assertEqual(len(tags), 10)

    def test_eleven_are_too_many(self):
        with self.assertRaises(ValidationError):
            self.load.trial_partner_ids = self.partners[:11]

    def test_trial_does_not_start_the_batch_cron(self):
        self.load.action_trial()
        self.run_jobs()
        self.env["ac.odoo.config"]._cron_batch()
        self.run_jobs()
        self.assertEqual(len(self.simulator.contacts()), 10)
        self.assertFalse(self.config.is_loaded)


@tagged("post_install", "-at_install")
class TestFullRun(LoadCase):
    def loaded(self, **values):
        """Return a first load whose full run has ended."""
        load = self.surveyed()
        load.action_next()
        load.action_next()
        load.write(values)
        load.action_start()
        self.run_jobs()
        return load

    def test_result_equals_what_activecampaign_holds(self):
        partners = self.partners_of_old(*self.people(30), {"name": "Nobody"})
        load = self.loaded()
        self.assertEqual(load.state, "result")
        counts = (load.run_total, load.run_synced, load.run_skipped, load.run_failed)
        self.assertEqual(counts, (31, 30, 1, 0))
        self.assertEqual(load.run_skip_summary, "No e-mail: 1")
        load.action_compare()
        self.run_jobs()
        self.assertEqual((load.compare_linked, load.compare_held), (30, 30))
        self.assertEqual(len(self.simulator.contacts()), load.compare_held)
        contact = self.simulator.contacts()["p7@example.com"]
        self.client().contacts.delete(contact["id"])
        load.action_compare()
        self.run_jobs()
        self.assertEqual((load.compare_held, load.missing_count), (29, 1))
        missing = self.env["ac.binding"].browse(load.run_id.compare_missing)
        self.assertEqual(missing.res_id, partners[7].id)
        load.action_send_missing()
        self.run_jobs()
        self.assertIn("p7@example.com", self.simulator.contacts())
        self.assertEqual((load.state, load.run_synced), ("result", 30))

    def test_automations_stay_off_unless_ticked(self):
        self.partners_of_old(*self.people(2))
        self.assertTrue(self.loaded().run_id.exclude_automations)
        load = self.loaded(start_automations=True)
        self.assertFalse(load.run_id.exclude_automations)

    def test_row_15_one_bad_row_does_not_block_the_batch(self):
        partners, load = self.load_with_three_bad_rows()
        self.assertEqual((load.run_synced, load.run_failed), (247, 3))
        bad = partners[5] + partners[99] + partners[249]
        records = {binding.res_id for binding in load.refused_ids}
        self.assertEqual(records, set(bad.ids))
        self.assertEqual(len(self.simulator.contacts()), 247)

    def test_row_9_refused_row_names_record_and_reason(self):
        _partners, load = self.load_with_three_bad_rows()
        path = "contact/sync$"
        self.simulator.faults({"kind": "status", "status": 422, "path": path})
        load.action_retry_failed()
        self.run_jobs()
        self.assertEqual((load.state, load.run_failed), ("result", 3))
        for binding in load.refused_ids:
            action = binding.action_open_record()
            record = self.env[action["res_model"]].browse(action["res_id"])
            self.assertEqual(binding.display_name, record.display_name)
            self.assertIn("HTTP 422", binding.message)
        errors = self.env["ac.error.log"].search(
            [("binding_id", "in", load.refused_ids.ids), ("status", "=", 422)]
        )
        self.assertEqual(errors.binding_id, load.refused_ids)
        self.assertTrue(all(error.hint and error.operation for error in errors))

    def test_row_10_refused_row_is_flagged_on_the_partner(self):
        partners, _load = self.load_with_three_bad_rows()
        self.assertEqual(partners[5].ac_sync_state, "failed")
        self.assertTrue(partners[5].ac_sync_message)
        found = self.env["res.partner"].search(self.filtered_by("ac_failed"))
        self.assertEqual(found, partners[5] + partners[99] + partners[249])

    def filtered_by(self, name):
        """Return the domain of a filter in the search of partners."""
        search = self.env.ref("base.view_res_partner_filter")
        arch = self.env["res.partner"].get_view(search.id, "search")["arch"]
        (found,) = etree.fromstring(arch).iterfind(f".//filter[@name='{name}']")
        return literal_eval(found.get("domain"))

    def load_with_three_bad_rows(self):
        people = self.people(250)
        for n in (5, 99, 249):  # ActiveCampaign refuses what our rules let through
            people[n]["email"] = f"o'brien{n}@example.com"
        partners = self.partners_of_old(*people)
        return partners, self.loaded()

    def test_retry_sends_exactly_the_failed(self):
        """One by one, where ActiveCampaign takes what its import has refused."""
        _partners, load = self.load_with_three_bad_rows()
        self.simulator.forget_log()
        load.action_retry_failed()
        self.assertEqual((load.state, load.run_remaining), ("load", 3))
        self.run_jobs()
        paths = [entry["path"] for entry in self.simulator.writes()]
        self.assertEqual(paths, ["/api/3/contact/sync"] * 3)
        self.assertEqual((load.state, load.run_synced), ("result", 250))
        self.assertEqual((load.refused_now, len(self.simulator.contacts())), (0, 250))

    def test_row_3_run_of_a_dead_worker_is_stale_until_the_cron_resumes_it(self):
        self.partners_of_old(*self.people(12))
        run = self.env["ac.sync.run"]._start(self.config)
        self.commit()
        with transaction(self.env) as env:
            config = env["ac.odoo.config"].browse(self.config.id)
            outbox.claim(env, config, OBJECTS["contact"], "dead worker")
        self.cr.execute("DELETE FROM queue_job")
        self.assertFalse(run.is_stale)
        self.cr.execute(
            "UPDATE ac_binding SET claimed_until = claimed_until - INTERVAL '1 hour'"
        )
        self.commit()
        self.env.invalidate_all()
        self.assertTrue(run.is_stale)
        self.assertEqual((run.state, run.shown_state), ("running", "stale"))
        self.env["ac.odoo.config"]._cron_outbox()
        self.run_jobs()
        self.assertEqual((run.shown_state, run.synced), ("done", 12))
        self.assertEqual(run.synced + run.failed + run.skipped, run.total)

    def test_run_that_nobody_takes_up_is_stale(self):
        self.partners_of_old(*self.people(2))
        run = self.env["ac.sync.run"]._start(self.config)
        self.cr.execute(
            """
            UPDATE ac_sync_run SET started_at = started_at - INTERVAL '1 hour';
            UPDATE ac_binding SET write_date = write_date - INTERVAL '1 hour'
            """
        )
        self.commit()
        self.env.invalidate_all()
        self.assertTrue(run.is_stale)
        run.action_pause()
        self.assertFalse(run.is_stale)

    def test_partner_that_left_meanwhile_is_neither_synced_nor_failed(self):
        partners = self.partners_of_old(*self.people(3))
        run = self.env["ac.sync.run"]._start(self.config)
        partners[1].unlink()
        self.run_jobs()
        self.assertEqual((run.total, run.synced, run.left), (3, 2, 1))

    def test_run_is_paused_and_stopped_from_the_load(self):
        self.partners_of_old(*self.people(12))
        load = self.surveyed()
        load.action_next()
        load.action_next()
        load.action_start()
        load.action_pause()
        self.run_jobs()
        self.assertEqual((load.run_state, self.simulator.contacts()), ("paused", {}))
        with self.assertRaises(UserError):
            load.action_back()
        self.commit()
        load.action_stop()
        self.commit()
        self.assertEqual((load.state, load.run_skipped), ("result", 12))
