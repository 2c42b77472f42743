# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What users of comparable connectors asked for and no other file tests already.

The tests of a row are found by its number: ``User requirement N`` or ``test_row_N``.
"""

import os

from odoo.tests import new_test_user, tagged

from ..engine import inbox, push
from .common import KEY, SIMULATOR, ConnectorCase

PAGES = {"field": "fields", "tag": "tags", "list": "lists"}
SEEN_APART = "ac.binding ac.error.log ac.metadata ac.sync.run ac.event".split()
LIMIT_PER_MINUTE = 5 * 60  # requests that ActiveCampaign allows (REF:rate-limits)


@tagged("post_install", "-at_install")
class TestUserRequirements(ConnectorCase):
    def crowd(self, count, **values):
        return self.make_partners(
            *[
                {"name": f"Person {n}", "email": f"person{n}@example.com", **values}
                for n in range(1, count + 1)
            ]
        )

    def test_row_1_every_field_tag_and_list_can_be_chosen(self):
        """User requirement 1."""
        self.simulator.call("POST", "seed", fields=250, tags=250, lists=250)
        self.perform("metadata")
        metadata = self.env["ac.metadata"]
        for kind, plural in PAGES.items():
            domain = [("kind", "=", kind), ("config_id", "=", self.config.id)]
            chosen = metadata.name_search("", domain, limit=None)
            there = self.simulator.state()[plural]
            self.assertEqual(len(chosen), len(there), kind)
            self.assertGreaterEqual(len(chosen), 250)
            last = f"{kind.title()} 250"
            self.assertTrue(metadata.name_search(last, domain), last)

    def test_row_2_a_first_load_is_a_matter_of_minutes(self):
        """User requirement 2; `./setup/bench contacts-load` takes the time."""
        people = self.crowd(300)
        run = self.env["ac.sync.run"]._start(self.config)
        self.commit()
        push.push_chunk(self.config)
        self.commit()
        self.cr.execute(
            "UPDATE ac_binding SET write_date = write_date - INTERVAL '1 minute'"
        )
        self.perform("collect")
        self.assertEqual((run.synced, run.remaining), (250, 50))
        self.assertGreater(run.rate, 0)
        self.assertTrue(run.time_left)
        self.env["ac.odoo.config"]._cron_outbox()
        self.run_jobs()
        self.assertEqual((run.state, run.synced), ("done", len(people)))
        for_ten_thousand = len(self.simulator.calls()) * 10_000 / len(people)
        self.assertLessEqual(for_ten_thousand / LIMIT_PER_MINUTE, 10)

    def test_row_16_people_save_and_confirm_while_nobody_answers(self):
        """User requirement 16; tests/e2e/test_user_is_undisturbed.py has two users."""
        ada = self.crowd(1)
        order = self.env["sale.order"].create({"partner_id": ada.id})
        self.addCleanup(self.drop_order, order)
        self.config.write({"customer_tag": "Odoo-Customer"})
        self.simulator.faults({"kind": "drop"})
        ada.phone = "+1 555 1000"
        order.action_confirm()
        self.commit()
        self.assertEqual(self.simulator.calls(), [], "no request for a user's save")
        self.assertTrue(self._waiting_jobs())
        self.assertIn("could not be reached", self.postponed("push"))
        self.assertEqual((order.state, self.binding(ada).state), ("sale", "pending"))
        self.assertEqual(self.binding(ada).tries, 0)
        self.simulator.call("DELETE", "faults")
        self.perform("push")
        contact = self.simulator.contacts()["person1@example.com"]
        self.assertEqual(contact["phone"], "+1 555 1000")
        self.assertEqual(contact["tags"], ["Odoo-Customer"])

    def drop_order(self, order):
        self.cr.rollback()
        order._action_cancel()
        order.unlink()
        self.commit()

    def hear(self, moment, contact_id):
        """Have ActiveCampaign say that a contact changed."""
        date = f"2026-07-17T22:{moment:02}:25-05:00"
        event = {"type": "update", "date_time": date, "contact": {"id": contact_id}}
        inbox.store(self.env, self.config, event)
        self.run_jobs()

    def test_row_20_change_in_odoo_and_its_echo_are_one_write(self):
        """User requirement 20; tests/e2e/test_webhook.py has real deliveries."""
        ada = self.crowd(1)
        self.run_jobs()
        self.simulator.forget_log()
        ada.phone = "+1 555 1000"
        self.run_jobs()
        self.hear(1, self.binding(ada).remote_id)
        self.assertEqual(len(self.simulator.writes()), 1)
        self.assertEqual(self.binding(ada).state, "synced")

    def test_row_20_change_in_activecampaign_and_its_echo_are_one_write(self):
        """User requirement 20."""
        ada = self.crowd(1)
        self.run_jobs()
        contact_id = self.binding(ada).remote_id
        self.client().contacts.update(contact_id, {"phone": "+1 555 2000"})
        self.simulator.forget_log()
        self.hear(1, contact_id)
        self.assertEqual(ada.phone, "+1 555 2000")
        written = ada.write_date
        self.hear(2, contact_id)
        self.assertEqual((ada.write_date, self.simulator.writes()), (written, []))
        self.assertEqual(self.binding(ada).state, "synced")

    def test_row_20_renamed_company_is_one_write_whoever_works_there(self):
        """User requirement 20: its people are looked at and found unchanged."""
        acme = self.make_partners({"name": "Acme", "is_company": True})
        self.crowd(12, parent_id=acme.id)
        self.run_jobs()
        self.simulator.forget_log()
        acme.name = "Acme International"
        self.run_jobs()
        self.assertEqual([call["method"] for call in self.simulator.writes()], ["PUT"])

    def test_row_36_two_companies_two_accounts(self):
        """User requirement 36; tests/e2e/test_two_companies.py has an account each."""
        here = self.company("North")
        there = self.company("South")
        self.config.company_id = here
        other = self.make_config(name="Other", company_id=there.id)
        self.simulator.faults({"kind": "status", "status": 422, "path": "/accounts"})
        records = {
            company: self.make_partners(
                {"name": company.name, "is_company": True, "company_id": company.id},
                {
                    "name": f"Clerk {company.name}",
                    "email": f"{company.name.lower()}@example.com",
                    "company_id": company.id,
                },
            )
            for company in (here, there)
        }
        self.run_jobs()
        for config in (self.config, other):
            self.note_one_of_each(config)
        for config, company in ((self.config, here), (other, there)):
            links = self.env["ac.binding"].search([("config_id", "=", config.id)])
            linked = records[company].browse(links.mapped("res_id"))
            self.assertLessEqual(records[company], linked)
            self.assertLessEqual(linked.company_id, company)
            self.assertSeesOnly(config, company)

    def note_one_of_each(self, config):
        """Make what an account has in a while: a run, an event, a list over there."""
        self.env["ac.sync.run"].create({"name": "All", "config_id": config.id})
        self.env["ac.metadata"].create(
            {"config_id": config.id, "kind": "list", "remote_id": "99", "name": "VIP"}
        )
        event = {"type": "open", "date_time": "2026-07-17T22:01:25-05:00"}
        inbox.store(self.env, config, {**event, "contact": {"id": str(config.id)}})
        self.commit()

    def assertSeesOnly(self, config, company):
        """A manager of one company sees what there is of its account, and only that."""
        user = new_test_user(
            self.env,
            f"manager{company.id}x{os.getpid()}",
            "base.group_user,ac_odoo_connector.group_manager",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        seen = self.env(user=user)
        for model in SEEN_APART:
            found = seen[model].search([]).config_id
            self.assertEqual(found, config.with_env(seen), model)

    def test_row_39_what_exists_on_both_sides_is_not_made_again(self):
        """User requirement 39."""
        self.simulator.call("POST", "seed", contacts=1000, accounts=5)
        companies = self.make_partners(
            *[{"name": f"COMPANY {n}", "is_company": True} for n in range(1, 6)]
        )
        people = self.crowd(1000, phone="+1 555 3000")
        partners = self.env["res.partner"].search_count([])
        before = self.simulator.state()
        self.env["ac.sync.run"]._start(self.config)
        self.run_jobs()
        after = self.simulator.state()
        for plural in ("contacts", "accounts"):
            self.assertEqual(after[plural].keys(), before[plural].keys())
        self.assertEqual(self.env["res.partner"].search_count([]), partners)
        self.assertEqual(self.linked(people, "contact"), set(after["contacts"]))
        self.assertEqual(self.linked(companies, "account"), set(after["accounts"]))

    def linked(self, records, name):
        """Return the AC ids of the records' synchronised links."""
        links = self.env["ac.binding"].search(
            [
                ("object", "=", name),
                ("res_id", "in", records.ids),
                ("state", "=", "synced"),
            ]
        )
        return set(links.mapped("remote_id"))

    def test_row_42_the_limit_is_kept_without_any_setting(self):
        """User requirement 42."""
        self.config.unlink()
        self.config = self.env["ac.odoo.config"].create(
            {"name": "Default", "ac_base_url": SIMULATOR, "ac_api_key": KEY}
        )
        self.config.action_confirm()
        self.real_limits()
        self.crowd(9)
        self.run_jobs()
        log = self.simulator.call("GET", "log")
        self.assertGreaterEqual(len(self.simulator.contacts()), 9)
        self.assertNotIn("429", log["statuses"])
        self.assertLessEqual(log["max_per_second_seen"], 5)
