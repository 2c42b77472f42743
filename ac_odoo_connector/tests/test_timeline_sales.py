# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Deals, tasks and companies of ActiveCampaign, on the timeline of whom they concern."""

from datetime import timedelta

from odoo.tests import tagged

from .test_timeline import NOON, TimelineCase

DEAL = {
    "id": "77",
    "title": "Big <b>one</b>",
    "value": "1,044,055.00",
    "value_raw": "1044055",
    "currency": "usd",
    "pipeline_title": "Sales",
    "stage_title": "To Contact",
}
TASK = {
    "type_title": "Call",
    "title": "Ask",
    "note": "about <i>it</i>",
    "duedate": "2026-07-20 11:00:00",
    "duedate_iso": "2026-07-20T11:00:00-06:00",
}


@tagged("post_install", "-at_install")
class TestTimelineSales(TimelineCase):
    def setUp(self):
        super().setUp()
        self.order = self.env["sale.order"].create({"partner_id": self.partner.id})
        self.commit()

    def link(self, name, record, remote_id):
        """Link a record as a push would have done."""
        links = self.env["ac.binding"]
        of = {"config_id": self.config.id, "object": name, "res_id": record.id}
        known = links.search([(key, "=", value) for key, value in of.items()])
        known = known or links.create({**of, "res_model": record._name})
        known.write({"remote_id": remote_id, "state": "synced"})
        self.commit()

    def told(self):
        """Return the notes that the events have left."""
        return [str(note.body) for note in self.events().note_id.sorted("date")]

    def test_note_and_tasks_of_a_deal_are_on_its_order(self):
        self.link("deal", self.order, "77")
        self.store("deal_note_add", deal=DEAL, note={"text": "Wants <b>blue</b>"})
        self.store("deal_task_add", NOON + timedelta(hours=1), deal=DEAL, task=TASK)
        self.run_jobs()
        self.assertEqual(set(self.events().mapped("state")), {"done"})
        noted, planned = self.told()
        self.assertEqual(self.events().note_id.mapped("res_id"), self.order.ids * 2)
        self.assertIn("Wants blue", noted)
        self.assertNotIn("<b>one", noted)
        self.assertIn("Call: Ask", planned)
        self.assertIn("5:00", planned, "UTC: 17:00, or 5:00 PM")
        self.assertFalse(self.texts())

    def test_deal_of_nobodys_order_is_on_the_person_in_units(self):
        self.tell("deal_add", deal=DEAL, initiated_from="admin")
        (text,) = self.texts()
        self.assertIn("1,044,055.00 USD", text)
        self.assertIn("Sales › To Contact", text)

    def test_own_deal_is_not_told_before_it_is_linked(self):
        self.tell("deal_add", deal=DEAL, initiated_from="api")
        self.assertEqual(self.events().state, "ignored")
        self.assertFalse(self.texts())

    def test_changes_of_a_company_are_on_the_company(self):
        company = self.make_partners({"name": "Engines", "is_company": True})
        self.link("account", company, "5")
        account = {"id": "5", "name": "Engines Inc"}
        link = {"id": "9", "account": "5", "job_title": "Engineer"}
        self.store("account_update", account=account, contact=None)
        self.store("account_contact_add", account=account, accountContact=link)
        self.store("account_update", account={"id": "6"}, contact=None)
        self.store(
            "account_update", account=account, contact=None, initiated_from="api"
        )
        self.run_jobs()
        self.assertEqual(
            self.events().mapped("state"), ["done", "done", "ignored", "ignored"]
        )
        texts = self.told()
        self.assertEqual(self.events().note_id.mapped("res_id"), company.ids * 2)
        self.assertIn("Engines Inc", "".join(texts))
        self.assertIn("Engineer", "".join(texts))

    def test_values_that_are_none_hurt_nobody(self):
        for number, value in enumerate(("", "abc", "NaN", "1e999999", "-3")):
            at = NOON + timedelta(minutes=number)
            deal = {**DEAL, "value": value, "value_raw": value, "title": ""}
            self.store("deal_add", at, deal=deal, initiated_from="admin")
            self.store("deal_task_add", at, deal={}, task={"duedate": value})
            self.store("open", at, campaign=value)
        self.run_jobs()
        self.assertEqual(set(self.events().mapped("state")), {"done"})
