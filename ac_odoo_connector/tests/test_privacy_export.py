# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One person's data, handed out (user requirement 26)."""

import json

from odoo.tests import tagged

from ..engine import subject, subject_export
from .privacy_case import EMAIL, PrivacyCase


@tagged("post_install", "-at_install")
class TestExport(PrivacyCase):
    def exported(self, wizard=None):
        known = (wizard or self.wizard())._exported()
        self.commit()
        return known, json.dumps(known)

    def test_both_sides_are_in_it_and_nobody_else(self):
        known, text = self.exported()
        self.assertEqual(known["emails"], [EMAIL])
        places = {part["place"] for part in known["parts"]}
        self.assertEqual(places, {"Odoo", self.config.name})
        titles = {part["title"] for part in known["parts"]}
        self.assertLessEqual({"Partners", "Consent history", "contact"}, titles)
        self.assertIn("Spring", text)
        self.assertNotIn("bob", text.lower())

    def test_no_value_takes_the_place_of_another(self):
        for name in ("res.partner", *subject.HOLDINGS):
            model = self.env[name]
            names = [each for each, field in model._fields.items() if field.store]
            labels = subject_export.labels_of(model, names)
            self.assertEqual(len(set(labels.values())), len(labels), name)

    def test_what_is_nested_is_json_and_notes_are_plain(self):
        known, _text = self.exported()
        rows = [row for part in known["parts"] for row in part["records"]]
        payloads = [row["Payload"] for row in rows if "Payload" in row]
        self.assertTrue(payloads)
        self.assertIsInstance(json.loads(payloads[0]), dict)
        values = [value for row in rows for value in row.values()]
        self.assertFalse({"True", "False"} & set(values))
        self.assertFalse([value for value in values if "<p" in value])

    def test_secrets_are_not_in_it(self):
        _known, text = self.exported()
        for name in ("ac_api_key_encrypted", "ac_webhook_token_encrypted"):
            self.assertNotIn(self.config[name], text)

    def test_an_account_that_does_not_answer_says_so(self):
        self.simulator.faults({"kind": "status", "status": 403, "path": "/contacts"})
        known, _text = self.exported()
        problems = [part["problem"] for part in known["parts"] if part["problem"]]
        self.assertEqual(len(problems), 1)

    def test_it_is_on_the_trail(self):
        self.exported(self.wizard(reference="Ticket 18"))
        entry = self.env["ac.trail"].search([], limit=1)
        self.assertEqual((entry.action, entry.user_id), ("exported", self.boss))
        self.assertIn("Ticket 18", entry.note)

    def test_the_page_runs_nothing_that_people_have_written(self):
        self.ada.name = "<script>alert(1)</script>"
        known, _text = self.exported()
        page = self.env["ir.qweb"]._render("ac_odoo_connector.page_privacy", known)
        self.assertIn("&lt;script&gt;", page)
        self.assertNotIn("<script>", page)

    def test_every_model_that_names_people_is_looked_at(self):
        for name, model in self.env.registry.items():
            if not name.startswith("ac.") or model._transient or model._abstract:
                continue
            names = [
                field.name
                for field in model._fields.values()
                if field.store
                and not field.related
                and (
                    (field.comodel_name == "res.partner" and field.type == "many2one")
                    or field.name in ("email", "payload")
                )
            ]
            if names:
                self.assertIn(name, subject.HOLDINGS, names)

    def test_what_cannot_be_read_is_named(self):
        with self.client() as client:
            rows, problem = subject_export.related(client, self.contact_id, "nonsense")
        self.assertEqual(rows, [])
        self.assertTrue(problem)
