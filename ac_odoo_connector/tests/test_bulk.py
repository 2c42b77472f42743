# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Bulk imports: every contact confirmed, bad rows apart, dead workers survived."""

from odoo.tests import tagged

from .common import ConnectorCase


@tagged("post_install", "-at_install")
class TestBulk(ConnectorCase):
    def crowd(self, count=30, **values):
        return self.make_partners(
            *[
                {"name": f"Person {n}", "email": f"p{n}@example.com", **values}
                for n in range(count)
            ]
        )

    def assertEqualSides(self, partners):
        """Every partner is bound to the contact that has its e-mail, one to one."""
        contacts = self.simulator.contacts()
        links = {self.binding(p).remote_id: p.email for p in partners}
        self.assertEqual(
            links, {str(contact["id"]): email for email, contact in contacts.items()}
        )
        self.assertEqual(set(partners.ac_binding_ids.mapped("state")), {"synced"})

    def test_crowd_goes_in_one_import_and_is_bound(self):
        tag = self.env["res.partner.category"].create({"name": "Crowd"})
        partners = self.crowd(category_id=[(6, 0, tag.ids)], phone="1")
        self.run_jobs()
        self.assertEqualSides(partners)
        self.assertEqual(
            [entry["path"] for entry in self.simulator.writes()],
            ["/api/3/import/bulk_import"],
        )
        tags = {tuple(c["tags"]) for c in self.simulator.contacts().values()}
        self.assertEqual(tags, {("Crowd",)})

    def test_second_pass_writes_nothing(self):
        partners = self.crowd()
        self.run_jobs()
        self.simulator.forget_log()
        run = self.env["ac.sync.run"]._start(self.config)
        self.run_jobs()
        self.assertEqual(self.simulator.writes(), [])
        self.assertEqual((run.state, run.synced), ("done", len(partners)))

    def test_import_starts_no_automation_unless_chosen(self):
        self.crowd()
        self.run_jobs()
        self.assertEqual(self.simulator.state()["counts"]["contactAutomations"], 0)

    def test_refused_rows_do_not_stop_the_others(self):
        """What an import refuses is tried alone, where ActiveCampaign says why."""
        partners = self.crowd()
        bad = partners[0] + partners[11] + partners[29]
        for partner in bad:
            partner.email = f"o'brien{partner.id}@example.com"
        self.run_jobs()
        self.assertEqualSides(partners - bad)
        self.assertEqual(set(bad.mapped("ac_binding_ids.state")), {"failed"})
        self.cr.execute("UPDATE ac_binding SET next_try_at = '2020-01-01'")
        self.env["ac.odoo.config"]._cron_outbox()
        self.run_jobs()
        self.assertEqualSides(partners)

    def test_refused_import_is_sent_again_without_the_suspects(self):
        """ActiveCampaign may count the contacts of a request from 0 or from 1."""
        for base in (0, 1):
            with self.subTest(index_base=base):
                self.simulator.reset(seed=1)
                self.simulator.call("POST", "limits", enabled=False)
                self.simulator.call(
                    "POST", "options", import_index_base=base, import_strict=True
                )
                partners = self.crowd()
                for n in (0, 11, 29):
                    partners[n].email = f"o'brien{n}@example.com"
                self.run_jobs()
                self.assertEqualSides(partners)
                partners.unlink()
                self.commit()

    def test_many_changed_emails_keep_their_contacts(self):
        partners = self.crowd(12)
        self.run_jobs()
        before = {p: self.binding(p).remote_id for p in partners}
        for partner in partners:
            partner.email = f"new-{partner.email}"
        self.run_jobs()
        self.assertEqualSides(partners)
        self.assertEqual(before, {p: self.binding(p).remote_id for p in partners})

    def test_emptied_value_is_emptied_over_there(self):
        partners = self.crowd(phone="1")
        self.run_jobs()
        partners.phone = False
        self.run_jobs()
        phones = {c["phone"] for c in self.simulator.contacts().values()}
        self.assertEqual(phones, {""})

    def test_forgotten_import_is_tried_one_by_one(self):
        """User requirement 40: what became of it cannot be asked any more."""
        partners = self.crowd(12)
        self.perform("push")
        self.cr.execute("UPDATE ac_binding SET batch_ref = 'gone', claim = 'gone'")
        self.run_jobs()
        links = partners.ac_binding_ids
        self.assertEqual(set(links.mapped("state")), {"failed"})
        (message,) = set(links.mapped("message"))
        self.assertIn("does not say any more", message)
        self.retry_failed()
        self.assertEqualSides(partners)

    def test_success_named_by_email_is_understood(self):
        self.simulator.call("POST", "options", import_success="emails")
        partners = self.crowd(12)
        self.run_jobs()
        self.assertEqualSides(partners)

    def test_suppressed_address_is_not_called_synchronised(self):
        partners = self.crowd(12)
        self.simulator.call("POST", "exclusions", matchPhrase=partners[3].email)
        self.run_jobs()
        self.assertEqualSides(partners - partners[3])
        self.assertEqual(self.binding(partners[3]).state, "failed")
        self.assertIn("exclusion list", self.binding(partners[3]).message)

    def test_partner_changed_between_import_and_confirmation_goes_again(self):
        partners = self.crowd(12)
        self.perform("push")
        self.assertEqual(set(partners.ac_binding_ids.mapped("state")), {"sent"})
        partners[0].phone = "42"
        self.run_jobs()
        self.assertEqualSides(partners)
        self.assertEqual(self.simulator.contacts()[partners[0].email]["phone"], "42")

    def test_outage_uses_up_no_try(self):
        partners = self.crowd(12)
        self.simulator.faults({"kind": "drop", "path": "bulk_import", "times": 5})
        self.assertIn("could not be reached", self.postponed("push"))
        bindings = partners.ac_binding_ids
        self.assertEqual(set(bindings.mapped("state")), {"pending"})
        self.assertEqual(set(bindings.mapped("tries")), {0})
        self.perform("push")
        self.run_jobs()
        self.assertEqualSides(partners)
