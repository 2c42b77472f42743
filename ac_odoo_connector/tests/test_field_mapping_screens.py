# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a manager sees and does: picker, preview, missing fields, rights."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from ..mapping.registry import OBJECTS
from .mapping_common import OPTIONS, MappingCase

CONTACT = OBJECTS["contact"]


@tagged("post_install", "-at_install")
class TestMappingScreens(MappingCase):
    def test_every_field_can_be_chosen(self):
        """User requirement 1: not only the first 20 or 100."""
        self.simulator.call("POST", "seed", fields=250)
        self.refresh()
        picker = self.env["ac.metadata"].with_context(ac_show_key=True)
        found = picker.name_search("", [("kind", "=", "field")], limit=None)
        self.assertGreaterEqual(len(found), 250)
        names = {name for _id, name in found}
        self.assertIn("Field 250 (FIELD_250)", names)
        self.assertTrue(picker.name_search("FIELD_250"))

    def test_chosen_field_is_stored_by_its_tag(self):
        self.field("Job Title 2")
        self.refresh()
        entry = self.env["ac.metadata"].search([("key", "=", "JOB_TITLE_2")])
        with Form(self.own) as form:
            form.field_path = "function"
            form.ac_field_id = entry
            self.assertEqual(form.ac_field, "JOB_TITLE_2")
        mapping = form.record
        self.assertEqual(mapping.ac_field_id, entry)
        self.assertEqual(mapping.ac_type, "text")
        self.assertEqual(mapping.display_name, "Job Position → JOB_TITLE_2")
        mapping.ac_field = "%city%"
        self.assertEqual(mapping.ac_field, "CITY")

    def test_values_of_the_field_fill_the_lookup_table(self):
        mapping = self.map("X", "lookup", field_path="company_type")
        mapping.action_fill_lookup()
        mapping.action_fill_lookup()
        lines = mapping.lookup_ids
        self.assertEqual(lines.mapped("value"), ["person", "company"])
        self.assertEqual(lines[1].ac_value, "Company")

    def test_preview_shows_source_result_and_what_is_there(self):
        field = self.field("Target", "dropdown", OPTIONS)
        self.refresh()
        mapping = self.map("TARGET", field_path="function")
        partner = self.ada(function="english")
        preview = self.env["ac.mapping.preview"].with_context(
            default_mapping_id=mapping.id
        )
        with Form(preview) as form:
            self.assertEqual(form.partner_id, partner)
            self.assertEqual(len(form.line_ids), 1)
        preview = form.record
        line = preview.line_ids
        self.assertEqual((line.source, line.sent), ("english", "English"))
        with self.assertRaisesRegex(UserError, "not in ActiveCampaign yet"):
            preview.action_ask()
        self.run_jobs()
        with self.client() as client:
            contact = self.binding(partner).remote_id
            client.field_values.create(
                {"contact": contact, "field": field, "value": "German"}
            )
        self.commit()
        self.simulator.forget_log()
        preview.action_ask()
        self.assertEqual(preview.line_ids.held, "German")
        self.assertEqual(len(self.simulator.calls()), 1)
        preview.partner_id = self.make_partners({"name": "B", "function": "Klingon"})
        self.assertIn("“Klingon” is not among", preview.line_ids.problem)

    def test_preview_of_all_mappings(self):
        preview = self.env["ac.mapping.preview"].create({"partner_id": self.ada().id})
        self.assertEqual(preview.line_ids.mapping_id, self.own.search([]))
        self.assertIn("has no field", preview.line_ids[0].problem)

    def test_preview_when_nobody_answers(self):
        partner = self.ada()
        self.run_jobs()
        self.simulator.faults({"kind": "status", "status": 403, "times": 9})
        preview = self.env["ac.mapping.preview"].create({"partner_id": partner.id})
        with self.assertRaises(UserError):
            preview.action_ask()

    def create_field(self, mapping, **values):
        wizard = self.env["ac.field.create"].with_context(default_mapping_id=mapping.id)
        form = Form(wizard)
        for name, each in values.items():
            form[name] = each
        return form.save()

    def test_missing_field_is_created_with_options_and_visible(self):
        mapping = self.map(
            "SHOE_SIZE",
            "lookup",
            field_path="function",
            lookup_ids=[
                Command.create({"value": "s", "ac_value": "Small"}),
                Command.create({"value": "l", "ac_value": "Large"}),
            ],
        )
        self.assertEqual(mapping.field_state, "missing")
        wizard = self.create_field(mapping)
        self.assertEqual(wizard.title, "Shoe Size")
        self.assertEqual(wizard.contact_type, "dropdown")
        self.assertEqual(wizard.options, "Small\nLarge")
        wizard.action_create()
        self.env.invalidate_all()
        self.assertEqual(mapping.field_state, "found")
        state = self.simulator.state()
        (field,) = (f for f in state["fields"].values() if f["title"] == "Shoe Size")
        self.assertEqual((field["perstag"], field["type"]), ("SHOE_SIZE", "dropdown"))
        (relation,) = (
            r
            for r in state["fieldRels"].values()
            if str(r["field"]) == str(field["id"])
        )
        self.assertEqual(str(relation["relid"]), "0")
        self.assertIn(
            str(field["id"]), [str(m["rel_id"]) for m in state["groupMembers"].values()]
        )
        partner = self.ada(function="S")
        self.run_jobs()
        self.assertEqual(self.held("ada@example.com")[str(field["id"])], "Small")
        self.assertEqual(self.binding(partner).state, "synced")
        before = len(state["fields"])
        self.create_field(
            mapping, title="Shoe Size", config_ids=self.config
        ).action_create()
        self.assertEqual(len(self.simulator.state()["fields"]), before)

    def test_field_with_that_title_is_used(self):
        field = self.field("Shoe Size")
        mapping = self.map("SIZE_OF_SHOE", field_path="city")
        self.create_field(mapping, title="shoe size").action_create()
        self.assertEqual(mapping.ac_field, "SHOE_SIZE")
        self.ada(city="Roma")
        self.run_jobs()
        self.assertEqual(self.held("ada@example.com")[field], "Roma")

    def test_missing_field_of_an_account(self):
        mapping = self.map("SECTOR", field_path="company_type", object="account")
        wizard = self.create_field(mapping)
        self.assertEqual(wizard.account_type, "dropdown")
        wizard.action_create()
        self.env.invalidate_all()
        self.assertEqual(mapping.field_state, "found")
        (field,) = self.simulator.state()["accountCustomFieldMeta"].values()
        self.assertEqual(field["fieldOptions"], ["person", "company"])

    def test_only_managers_change_mappings_and_see_no_more_than_they_may(self):
        operator = new_test_user(
            self.env,
            f"mapper{self.env.cr.now().timestamp()}",
            "base.group_user,ac_odoo_connector.group_operator",
        )
        with self.assertRaises(AccessError), mute_logger("odoo.models"):
            self.own.with_user(operator).create({"ac_field": "X", "field_path": "name"})
        manager = new_test_user(
            self.env,
            f"manager{self.env.cr.now().timestamp()}",
            "base.group_user,ac_odoo_connector.group_manager",
        )
        own = self.own.with_user(manager)
        own.create({"ac_field": "X", "field_path": "city"})
        with self.assertRaises(ValidationError):  # a field of other groups
            own.create({"ac_field": "X", "field_path": "signup_type"})
        self.cr.rollback()

    def test_mapping_of_the_other_direction_sends_nothing(self):
        self.field("Target")
        self.refresh()
        mapping = self.map("TARGET", field_path="website", direction="from_ac")
        self.assertFalse(self.own._resolve(self.config, CONTACT))
        self.assertNotIn("website", self.own._watched("contact"))
        (found,) = self.own._resolve(self.config, CONTACT, "from_ac")
        self.assertEqual((found.path, found.direction), ("website", "from_ac"))
        mapping.direction = "both"
        self.assertEqual(len(self.own._resolve(self.config, CONTACT)), 1)
        self.assertIn("website", self.own._watched("contact"))

    def test_field_of_a_template_is_watched(self):
        partner = self.ada()
        self.run_jobs()
        self.map("X", "template", template="{{ (object.website or '').lower() }}")
        partner.website = "https://example.com"
        self.assertEqual(self.binding(partner).state, "pending")
