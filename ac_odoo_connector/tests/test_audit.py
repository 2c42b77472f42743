# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Both sides are counted and a sample of contacts is compared value by value."""

import os

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from ..engine import audit_read, audit_sample
from .audit_case import LEAD, AuditCase
from .consent_case import ConsentCase


@tagged("post_install", "-at_install")
class TestAudit(AuditCase):
    def test_two_equal_sides(self):
        self.linked("Ada Love", "Bob Hope", phone="+1 555 0100")
        run = self.audit()
        self.assertEqualSides(run)
        self.assertEqual((run.sampled, run.differences), (2, 0))
        self.assertGreaterEqual(run.compared, 8)
        (check,) = run.check_ids
        self.assertEqual((check.label, check.here, check.there), (LEAD, 2, 2))
        self.assertEqual(self.simulator.writes(), [])
        self.assertEqual(len(self.simulator.calls()), 4)  # tags: one for each

    def test_an_audit_changes_nothing(self):
        ada = self.linked("Ada Love")
        self.act("edit", email="ada@example.com", phone="+1 555 0199")
        before = self.simulator.state()["contacts"]
        self.audit()
        self.assertEqual(self.simulator.state()["contacts"], before)
        self.assertFalse(ada.phone)
        self.assertEqual(self.binding(ada).state, "synced")

    def test_a_tag_that_was_taken_away(self):
        ada, _bob = self.linked("Ada Love", "Bob Hope")
        self.untag("ada@example.com")
        run = self.audit()
        (check,) = run.check_ids
        self.assertEqual((check.here, check.there, check.difference), (2, 1, -1))
        lines = run.line_ids
        self.assertEqual(set(lines.mapped("label")), {"Tag"})
        self.assertEqual(set(lines.mapped("cause")), {"lost"})
        self.assertEqual(set(lines.mapped("record_name")), {ada.display_name})
        self.assertEqual(set(self.repair()), {"outbox"})
        self.assertEqual(self.simulator.contacts()["ada@example.com"]["tags"], [LEAD])
        self.assertEqualSides(self.audit())

    def test_a_contact_that_others_have_tagged(self):
        self.linked("Ada Love")
        self.simulator.call("POST", "seed", contacts=120)
        with self.client() as client:
            tag = next(t["id"] for t in client.tags.list() if t["tag"] == LEAD)
            strangers = [
                c["id"]
                for c in self.simulator.state()["contacts"].values()
                if c["email"] != "ada@example.com"
            ]
            for contact in strangers[:3]:
                client.contact_tags.create({"contact": contact, "tag": tag})
        run = self.audit()
        self.assertEqual(run.check_ids.difference, 3)
        self.assertEqual(run.line_ids.mapped("cause"), ["foreign"] * 3)
        self.assertEqual(self.repair(), ["left"] * 3)

    def test_a_tag_that_nobody_has_over_there(self):
        self.config.lead_tag = "Never Sent"
        run = self.audit()
        self.assertEqualSides(run)
        self.assertEqual(run.check_ids.label, "Never Sent")

    def test_an_edit_over_there_that_nobody_has_heard(self):
        ada = self.linked("Ada Love", phone="+1 555 0100")
        self.act("edit", email="ada@example.com", phone="+1 555 0199")
        line = self.assertDiffers(self.audit(), "Phone", "unheard", ada)
        self.assertNotIn("555", f"{line.here} {line.there}")
        self.assertNotEqual(line.here, line.there)
        self.assertEqual(self.repair(), ["inbox"])
        self.assertEqual(ada.phone, "+1 555 0199")
        self.assertEqualSides(self.audit())

    def test_a_change_in_odoo_that_nobody_has_marked(self):
        ada = self.linked("Ada Love", phone="+1 555 0100")
        self.cr.execute("UPDATE res_partner SET phone = '7' WHERE id = %s", ada.ids)
        self.assertDiffers(self.audit(), "Phone", "unsent", ada)
        self.assertEqual(self.repair(), ["outbox"])
        self.assertEqual(self.simulator.contacts()["ada@example.com"]["phone"], "7")
        self.assertEqualSides(self.audit())

    def test_what_was_emptied_over_there(self):
        ada = self.linked("Ada Love", phone="+1 555 0100")
        self.act("edit", email="ada@example.com", phone="")
        self.assertDiffers(self.audit(), "Phone", "lost", ada)
        self.assertEqual(self.repair(), ["outbox"])
        contact = self.simulator.contacts()["ada@example.com"]
        self.assertEqual(contact["phone"], "+1 555 0100")
        self.assertEqualSides(self.audit())

    def test_a_deleted_contact_is_left_to_a_person(self):
        ada = self.linked("Ada Love")
        self.act("delete", email="ada@example.com")
        run = self.audit()
        self.assertEqual(set(run.line_ids.mapped("cause")), {"deleted"})
        self.assertEqual(set(run.line_ids.mapped("record_name")), {ada.display_name})
        self.assertEqual(set(self.repair()), {"left"})
        self.assertEqual(self.simulator.contacts(), {})

    def test_a_deleted_contact_is_made_again_by_policy(self):
        self.config.reconcile_deleted = "again"
        self.linked("Ada Love")
        self.act("delete", email="ada@example.com")
        self.audit()
        self.assertEqual(set(self.repair()), {"outbox"})
        self.assertIn("ada@example.com", self.simulator.contacts())

    def test_a_conflict_is_left_to_a_person(self):
        ada = self.linked("Ada Love", phone="+1 555 0100")
        self.env["ac.conflict"]._open(
            {
                "config_id": self.config.id,
                "partner_id": ada.id,
                "unit": "phone",
                "label": "Phone",
                "kind": "both",
                "odoo_value": "1",
                "ac_value": "2",
            }
        )
        self.act("edit", email="ada@example.com", phone="+1 555 0199")
        self.assertDiffers(self.audit(), "Phone", "conflict", ada)
        self.assertEqual(self.repair(), ["left"])

    def test_accounts_are_compared(self):
        acme = self.make_partners({"name": "Acme", "is_company": True})
        self.run_jobs()
        self.assertEqualSides(self.audit())
        with self.client() as client:
            link = self.binding(acme).filtered(lambda b: b.object == "account")
            client.accounts.update(link.remote_id, {"name": "Ajax"})
        self.assertDiffers(self.audit(), "Name", "lost", acme)
        self.repair()
        accounts = self.simulator.state()["accounts"]
        self.assertEqual(accounts[link.remote_id]["name"], "Acme")

    def test_lists_that_do_not_bring_their_values_along(self):
        self.simulator.call("POST", "options", contacts_include=False)
        self.linked("Ada Love", "Bob Hope")
        self.assertEqualSides(self.audit())
        self.untag("ada@example.com")
        self.assertEqual(set(self.audit().line_ids.mapped("cause")), {"lost"})

    # How it runs --------------------------------------------------------------------

    def test_it_goes_on_where_it_was(self):
        self.linked("Ada Love", "Bob Hope")
        self.config.action_audit()
        self.simulator.faults(
            {"kind": "drop", "path": "/contacts$", "times": 10, "method": "GET"}
        )
        self.assertIn("could not be reached", self.postponed("audit"))
        self.assertEqual(self.last().state, "running")
        self.simulator.call("DELETE", "faults")
        self.assertEqualSides(self.audit())
        self.assertEqual(len(self.env["ac.audit.run"].search([])), 1)

    def test_a_refused_question_ends_it_and_says_so(self):
        self.linked("Ada Love")
        self.simulator.faults(
            {"kind": "status", "status": 422, "path": "/contacts$", "method": "GET"}
        )
        run = self.audit()
        self.assertEqual(run.state, "failed")
        self.assertIn("422", run.message)
        self.assertFalse(run.result)

    def test_one_that_nobody_could_end_makes_room(self):
        old = self.env["ac.audit.run"]._start(self.config)
        old.started_at = "2020-01-01"
        self.assertEqual(self.audit().state, "done")
        self.assertEqual(old.state, "failed")

    def test_stopping(self):
        self.config.action_audit()
        self.last().action_stop()
        self.commit()
        self.perform("audit")
        self.assertEqual((self.last().state, self.last().steps), ("stopped", 0))

    def test_every_day(self):
        self.config._cron_audit()
        self.run_jobs()
        self.assertEqual(self.last().state, "done")
        self.config.audit_daily = False
        self.config._cron_audit()
        self.assertEqual(len(self.env["ac.audit.run"].search([])), 1)

    def test_the_sample_is_as_large_as_was_asked_for(self):
        self.linked(*(f"P{n} Test" for n in range(40)))
        self.assertEqual(self.config.audit_sample, 50)
        self.config.audit_sample = 30
        self.assertEqual(self.audit().sampled, 30)
        self.config.audit_sample = 0
        self.assertEqual(self.audit().sampled, 0)

    def test_every_audit_draws_other_records(self):
        """What is always left out would never be seen to differ."""
        people = self.linked(*(f"P{n} Test" for n in range(40)))
        self.cr.execute(
            "UPDATE res_partner SET phone = '7' WHERE id = ANY(%s)", [people.ids]
        )
        self.config.audit_sample = 5
        draws = [{*self.audit().line_ids.mapped("record_name")} for _ in range(4)]
        self.assertEqual({len(drawn) for drawn in draws}, {5})
        self.assertTrue(any(drawn != draws[0] for drawn in draws))

    def test_nonsense_is_refused(self):
        for size in (-1, 501):
            with self.subTest(size=size), self.assertRaises(ValidationError):
                self.config.audit_sample = size

    def test_queries_do_not_depend_on_the_number_of_contacts(self):
        people = self.linked(*(f"P{n} Test" for n in range(20)))
        links = self.env["ac.binding"]._of(people)
        with self.client() as client:
            asked = [(link.remote_id, link.res_id, link.sent) for link in links]
            held = audit_read.READ["contact"](self.config, client, asked)
        costs = []
        for some in (links[:1], links[:3], links):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            compared, found = audit_sample._compare(
                self.env, self.config, "contact", some, held
            )
            costs.append(self.cr.sql_log_count - before)
            self.assertGreater(compared, 2 * len(some))
            self.assertFalse(found)
        self.assertEqual(costs[1], costs[2])

    def test_no_value_of_a_person_is_stored(self):
        self.linked("Ada Love", phone="+1 555 0100")
        self.act("edit", email="ada@example.com", phone="+1 555 0199", lastName="King")
        run = self.audit()
        self.assertEqual(len(run.line_ids), 2)
        self.cr.execute("SELECT string_agg(l::text, ' ') FROM ac_audit_line l")
        stored = self.cr.fetchone()[0]
        for text in ("Love", "King", "555", "ada@"):
            self.assertNotIn(text, stored)

    def test_repair_waits_for_the_end(self):
        self.config.action_audit()
        with self.assertRaisesRegex(UserError, "Wait until the audit has ended"):
            self.last().action_repair()

    def test_roles(self):
        self.linked("Ada Love")
        self.act("delete", email="ada@example.com")
        run = self.audit()
        user = new_test_user(
            self.env,
            f"watcher{os.getpid()}",
            "base.group_user,ac_odoo_connector.group_user",
        )
        seen = run.with_user(user)
        self.assertTrue(seen.check_ids.mapped("label"))
        self.assertTrue(seen.repairable)
        for forbidden in (
            seen.action_repair,
            seen.action_stop,
            seen._csv_rows,
            self.config.with_user(user).action_audit,
        ):
            with self.assertRaises(AccessError):
                forbidden()
        self.cr.rollback()


@tagged("post_install", "-at_install")
class TestAuditLists(AuditCase, ConsentCase):
    def test_an_unsubscribe_that_nobody_has_heard(self):
        ada = self.person("Ada")
        self.say(ada, "granted", self.other)
        self.run_jobs()
        self.assertEqualSides(self.audit())
        self.act("unsubscribe", email="ada@example.com", list=self.other_id)
        self.assertDiffers(self.audit(), "List", "unheard", ada)
        self.assertEqual(self.repair(), ["inbox"])
        states = self.env["ac.consent"].search([("partner_id", "=", ada.id)])
        self.assertIn("withdrawn", states.mapped("state"))
        self.assertEqualSides(self.audit())
