# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The dry run of a first load: what would happen, and nothing does."""

import odoo.sql_db
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.queue_job.exception import RetryableJobError

from .load_case import LoadCase


@tagged("post_install", "-at_install")
class TestDryRun(LoadCase):
    def test_dry_run_tells_what_would_happen_and_does_nothing(self):
        self.client().contacts.create({"email": "P1@example.com"})
        self.simulator.forget_log()
        self.partners_of_old(
            *self.people(3), {"name": "Nobody"}, {"name": "Bad", "email": "bad@"}
        )
        load = self.surveyed()
        self.assertEqual((load.state, load.survey_state), ("dry_run", "done"))
        self.assertEqual(
            self.counts(load),
            {
                ("new", False): 2,
                ("found", False): 1,
                ("skipped", "no_email"): 1,
                ("skipped", "bad_email"): 1,
            },
        )
        self.assertEqual((load.sendable_count, load.total, load.looked_at), (3, 5, 5))
        self.assertEqual(load.consent_line_ids.mapped("consent"), ["no_list"])
        self.assertEqual(self.simulator.writes(), [])
        self.assertFalse(self.env["ac.binding"].search([]))

    def test_dry_run_of_a_loaded_account_knows_what_has_changed(self):
        partners = self.make_partners(*self.people(4))
        self.run_jobs()
        self.cr.execute(
            "UPDATE res_partner SET name = 'Other' WHERE id = %s", (partners[0].id,)
        )
        self.env.invalidate_all()
        load = self.surveyed()
        expected = {("changed", False): 1, ("unchanged", False): 3}
        self.assertEqual(self.counts(load), expected)

    def test_dry_run_foresees_who_shares_an_email(self):
        """The counts are those of the run that follows."""
        self.partners_of_old(
            *self.people(2), *self.people(2), {"name": "X", "email": "P0@Example.com"}
        )
        load = self.surveyed()
        self.assertEqual(
            self.counts(load), {("new", False): 2, ("skipped", "shared_email"): 3}
        )
        run = self.env["ac.sync.run"]._start(self.config)
        self.run_jobs()
        self.assertEqual((run.synced, run.skipped), (2, 3))

    def test_dry_run_counts_companies_and_marks_none(self):
        self.client().accounts.create({"name": "NORTHWIND"})
        (company,) = self.partners_of_old(
            {"name": "Northwind", "is_company": True, "email": "info@example.com"},
        )
        self.partners_of_old(
            {"name": "Ann", "email": "ann@example.com", "parent_id": company.id},
            {"name": "Northwind ", "is_company": True},
        )
        self.simulator.forget_log()
        load = self.surveyed()
        fates = {
            (line.object, line.outcome, line.reason): line.count
            for line in load.line_ids
        }
        self.assertEqual(
            fates,
            {
                ("account", "found", False): 1,
                ("account", "skipped", "shared_name"): 1,
                ("contact", "new", False): 2,
                ("contact", "skipped", "no_email"): 1,
            },
        )
        self.assertEqual(self.simulator.writes(), [])
        self.assertFalse(self.env["ac.binding"].search([]))

    def test_every_reason_opens_its_partners(self):
        partners = self.partners_of_old(*self.people(2), {"name": "Nobody"})
        load = self.surveyed()
        action = self.lines(load, "skipped").action_open()
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(found, partners[2])
        action = load.consent_line_ids.action_open()
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(found, partners[:2])

    def test_dry_run_that_loses_activecampaign_goes_on_where_it_was(self):
        self.partners_of_old(*self.people(5))
        for n in range(130):
            self.client().contacts.create({"email": f"other{n}@example.com"})
        self.client().contacts.create({"email": "p4@example.com"})
        load = self.first_load()
        load.action_next()
        self.commit()
        self.simulator.faults({"kind": "status", "status": 503, "path": "contacts$"})
        self.cr.execute("DELETE FROM queue_job")
        self.commit()
        with self.assertRaises(RetryableJobError):
            load._job_survey()
        self.cr.rollback()
        self.env.invalidate_all()
        self.assertEqual((load.survey_state, load.looked_at), ("working", 5))
        self.assertIn("503", load.survey_problem)
        self.simulator.call("DELETE", "faults")
        load._job_survey()
        self.commit()
        self.env.invalidate_all()
        self.assertEqual((load.survey_state, load.survey_problem), ("done", False))
        self.assertEqual(self.counts(load), {("new", False): 4, ("found", False): 1})

    def test_refused_key_is_told_and_mended(self):
        self.partners_of_old(*self.people(2))
        load = self.first_load()
        self.config.ac_api_key = "wrong-key"
        load.action_next()
        self.run_jobs()
        self.assertEqual(load.survey_state, "failed")
        self.assertIn("key", load.survey_problem)
        self.config.ac_api_key = "simulator-key"
        load.action_survey_go_on()
        self.run_jobs()
        self.assertEqual(load.survey_state, "done")

    def test_few_partners_do_not_read_a_large_account(self):
        self.partners_of_old(*self.people(1))
        for n in range(210):
            self.client().contacts.create({"email": f"other{n}@example.com"})
        self.simulator.forget_log()
        self.surveyed()
        self.assertLess(len(self.simulator.calls()), 5)

    def test_queries_per_chunk_do_not_grow_with_the_chunk(self):
        counts = []
        for size in (20, 200):
            self.partners_of_old(*self.people(size, f"q{size}-"))
            load = self.first_load()
            load.action_next()
            self.commit()
            before = odoo.sql_db.sql_counter
            load._job_survey()
            counts.append(odoo.sql_db.sql_counter - before)
            self.commit()
            load.unlink()
        self.assertLess(counts[1] - counts[0], 20, counts)

    def test_empty_scope_is_explained(self):
        load = self.first_load()
        with self.assertRaisesRegex(UserError, "nothing to load"):
            load.action_next()
        load.partner_domain = "[('nonsense"
        self.assertTrue(load.scope_problem)
        with self.assertRaisesRegex(ValidationError, "not a valid filter"):
            load.action_next()

    def test_disconnected_account_is_explained(self):
        self.partners_of_old(*self.people(1))
        load = self.first_load()
        self.config.action_disconnect()
        with self.assertRaisesRegex(UserError, "not connected"):
            load.action_next()
        with self.assertRaises(UserError):
            self.config.action_first_load()

    def test_filter_is_saved_by_a_manager_only(self):
        self.partners_of_old(*self.people(2))
        load = self.first_load()
        operator = self.make_user("operator")
        domain = str([("id", ">", self.last_partner_id), ("name", "=", "Person 1")])
        load.partner_domain = domain
        self.assertEqual(load.scope_count, 1)
        with self.assertRaises(AccessError):
            load.with_user(operator).action_next()
        load.action_next()
        self.assertEqual(self.config.partner_domain, domain)

    def test_operator_walks_through_all_steps(self):
        """Rights and record rules are those of a person, not of the superuser."""
        user = self.make_user("operator")
        partners = self.partners_of_old(*self.people(12), {"name": "Nobody"})
        domain = str([("id", "in", partners.ids)])
        self.config.write({"company_id": self.env.company.id, "partner_domain": domain})
        action = self.config.with_user(user).action_first_load()
        self.commit()
        load = self.env["ac.first.load"].with_user(user).browse(action["res_id"])
        for button in ("action_next", "action_next", "action_trial", "action_next"):
            getattr(load, button)()
            self.run_jobs()
        load.action_start()
        self.run_jobs()
        self.assertEqual((load.state, load.run_synced), ("result", 12))
        self.assertEqual(load.value_ids.partner_id, load.trial_partner_ids)
        action = self.lines(load, "skipped").action_open()
        found = self.env[action["res_model"]].with_user(user).search(action["domain"])
        self.assertEqual(found.mapped("name"), ["Nobody"])

    def test_other_company_sees_no_load(self):
        user = self.make_user("manager")
        self.partners_of_old(*self.people(1))
        self.config.company_id = self.company("Neighbours of the first load")
        load = self.surveyed()
        for records in (load, load.line_ids):
            seen = records.with_user(user).search([("id", "in", records.ids)])
            self.assertFalse(seen)

    def test_work_goes_on_where_it_was_left(self):
        self.partners_of_old(*self.people(2))
        load = self.surveyed()
        self.assertEqual(self.first_load(), load)
        load.action_back()
        self.assertEqual(load.state, "scope")
