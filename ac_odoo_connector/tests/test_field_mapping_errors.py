# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Values that do not fit: named on their record, and neighbours unharmed."""

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..mapping.registry import OBJECTS
from .mapping_common import OPTIONS, MappingCase

CONTACT = OBJECTS["contact"]


@tagged("post_install", "-at_install")
class TestWhatDoesNotFit(MappingCase):
    def outcome(self, **values):
        """Synchronise Ada with a bad value and Bob with a good one."""
        ada = self.ada(**values)
        bob = self.make_partners({"name": "Bob", "email": "bob@example.com"})
        with mute_logger("odoo.addons.ac_odoo_connector.engine.push"):
            self.run_jobs()
        self.assertEqual(self.binding(bob).state, "synced")
        return self.binding(ada)

    def refused(self, words, **values):
        binding = self.outcome(**values)
        self.assertEqual(binding.state, "failed")
        self.assertIn(words, binding.message)
        self.assertIn("Target (TARGET)", binding.message)
        self.assertNotIn("ada@example.com", self.simulator.contacts())

    def target(self, transformation="direct", type_="text", options=(), **values):
        field = self.field("Target", type_, options)
        self.refresh()
        self.map("TARGET", transformation, **values)
        return field

    def test_lookup_without_entry(self):
        self.target("lookup", field_path="function")
        self.refused("“Poet” has no entry", function="Poet")

    def test_number_of_another_locale(self):
        self.target(type_="number", field_path="function")
        self.refused("“1.234,56” is no number", function="1.234,56")

    def test_no_date(self):
        self.target(type_="date", field_path="function")
        self.refused("“soon” is no date", function="soon")

    def test_no_option(self):
        self.target(type_="dropdown", options=OPTIONS, field_path="function")
        self.refused("“Klingon” is not among", function="Klingon")

    def test_template_error(self):
        self.target("template", template="{{ 1 / (object.color - 5) }}")
        binding = self.outcome(color=5)
        self.assertIn("division by zero", binding.message)

    def test_template_cannot_act(self):
        self.target(
            "template",
            template="{% for row in object if row.function %}{{ row.unlink() }}"
            "{% endfor %}",
        )
        self.refused("“unlink” of res.partner, which is not", function="x")

    def test_too_long(self):
        self.target(field_path="comment")
        self.refused("characters", comment="x" * 20_001)

    def test_odd_text_arrives_whole(self):
        field = self.target(field_path="function", type_="textarea")
        for text in ("x" * 10_000, "שלום עולם", "👨‍👩‍👧 𝒜𝒹𝒶", "1 < 2 & 3"):
            partner = self.make_partners(
                {"name": "A", "email": "odd@example.com", "function": text}
            )
            self.run_jobs()
            self.assertEqual(self.held("odd@example.com")[field], text)
            partner.unlink()
            self.commit()

    def test_html_is_text_over_there(self):
        field = self.target(field_path="comment")
        self.ada(comment="<p>Fish &amp; <b>chips</b></p><p>peas</p>")
        self.run_jobs()
        self.assertEqual(self.held("ada@example.com")[field], "Fish & chips peas")

    def test_field_that_was_deleted_over_there(self):
        field = self.target(field_path="city")
        mapping = self.own.search([("ac_field", "=", "TARGET")])
        self.assertEqual(mapping.field_state, "found")
        self.assertEqual(mapping.field_state_text, "found in Test")
        with self.client() as client:
            client.fields.delete(field)
        self.refresh()
        self.env.invalidate_all()
        self.assertEqual(mapping.field_state, "missing")
        self.assertEqual(mapping.field_state_text, "missing in Test")
        partner = self.ada(city="Roma")
        self.run_jobs()
        self.assertEqual(self.binding(partner).state, "synced")
        self.assertFalse(self.own._resolve(self.config, CONTACT))

    def test_odoo_field_that_is_gone_with_its_module(self):
        self.target(field_path="city")
        self.cr.execute(
            "UPDATE ac_field_mapping SET field_path = 'x_gone' WHERE ac_field = 'TARGET'"
        )
        self.env.invalidate_all()
        binding = self.binding(self.ada())
        with mute_logger("odoo.addons.ac_odoo_connector.engine.push"):
            self.run_jobs()
        self.assertIn("“x_gone” is not a field of res.partner", binding.message)

    def test_nonsense_cannot_be_saved(self):
        for values in (
            {"field_path": "nonsense"},
            {"field_path": "name.nonsense"},
            {"field_path": False},
            {"transformation": "template", "template": "{{ object."},
            {"transformation": "template", "template": "{{ object.nonsense }}"},
            {"transformation": "template"},
            {"transformation": "constant"},
            {"transformation": "concatenation"},
            {"transformation": "date_format", "field_path": "name", "date_format": ""},
        ):
            with self.subTest(values), self.assertRaises(ValidationError):
                self.own.create({"ac_field": "X", **values})
            self.cr.rollback()


@tagged("post_install", "-at_install")
class TestOptions(MappingCase):
    def test_missing_options_are_created_when_allowed(self):
        field = self.field("Target", "dropdown", OPTIONS)
        self.refresh()
        self.map("TARGET", field_path="function", create_options=True)
        partner = self.ada(function="Klingon")
        with mute_logger("odoo.addons.ac_odoo_connector.engine.push"):
            self.run_jobs()
        self.assertIn("added within the hour", self.binding(partner).message)
        self.env["ac.odoo.config"]._cron_options()
        self.run_jobs()
        self.assertEqual(self.binding(partner).state, "synced")
        self.assertEqual(self.held("ada@example.com")[field], "Klingon")
        options = self.simulator.state()["fieldOptions"].values()
        named = [o["value"] for o in options if str(o["field"]) == field]
        self.assertEqual(named, [*OPTIONS, "Klingon"])

    def test_missing_options_are_created_by_a_button(self):
        self.field("Target", "listbox")
        self.refresh()
        mapping = self.map("TARGET", field_path="function", create_options=True)
        partner = self.ada(function="Klingon")
        with mute_logger("odoo.addons.ac_odoo_connector.engine.push"):
            self.run_jobs()
        action = mapping.action_create_options()
        self.assertEqual(action["params"]["message"], "Klingon")
        self.run_jobs()
        self.assertEqual(self.binding(partner).state, "synced")
        action = mapping.action_create_options()
        self.assertEqual(action["params"]["title"], "Nothing Is Missing")

    def test_nothing_is_created_when_not_allowed(self):
        self.field("Target", "dropdown", OPTIONS)
        self.refresh()
        self.map("TARGET", field_path="function")
        self.ada(function="Klingon")
        with mute_logger("odoo.addons.ac_odoo_connector.engine.push"):
            self.run_jobs()
        self.env["ac.odoo.config"]._cron_options()
        self.run_jobs()
        self.assertEqual(len(self.simulator.state()["fieldOptions"]), len(OPTIONS))
