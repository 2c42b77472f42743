# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Custom fields: every transformation, every type, and what does not fit."""

import hashlib

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from ..engine import vault
from ..mapping import value
from ..mapping.registry import OBJECTS
from .common import ConnectorCase

CONTACT = OBJECTS["contact"]
OPTIONS = ["English", "Italian", "German"]


class MappingCase(ConnectorCase):
    """With mappings of its own: those of the installation are put aside."""

    def setUp(self):
        super().setUp()
        self.own = self.env["ac.field.mapping"]
        before = self.own.with_context(active_test=False).search([]).ids
        self.addCleanup(self.forget_mappings, before)

    def forget_mappings(self, before):
        # runs before the connector's own clean-up, which closes the cursor
        self.cr.rollback()
        mappings = self.own.with_context(active_test=False)
        mappings.search([("id", "not in", before)]).unlink()
        self.commit()

    def field(self, title, type_="text", options=(), kind="field"):
        """Make a field in the simulated account; return its AC id."""
        with self.client() as client:
            if kind == "account_field":
                values = {"fieldLabel": title, "fieldType": type_}
                values |= {"fieldOptions": list(options)} if options else {}
                return client.account_fields.create(values).id
            id_ = client.fields.create({"title": title, "type": type_}).id
            if options:
                client.field_options.create(
                    [{"field": id_, "value": o, "label": o} for o in options]
                )
            return id_

    def refresh(self):
        self.config.action_refresh_metadata()
        self.run_jobs()

    def map(self, ac_field, transformation="direct", **values):
        return self.own.create(
            {"ac_field": ac_field, "transformation": transformation, **values}
        )

    def held(self, email):
        """Return ``{AC field id: text}`` of a contact in the simulated account."""
        state = self.simulator.state()
        contact = self.simulator.contacts()[email]
        return {
            str(row["field"]): row["value"]
            for row in state["fieldValues"].values()
            if row["contact"] == contact["id"]
        }

    def ada(self, **values):
        return self.make_partners({"name": "Ada", "email": "ada@example.com", **values})


@tagged("post_install", "-at_install")
class TestTransformations(MappingCase):
    def sent(self, transformation, **values):
        """Return what Ada's field holds in AC after one synchronisation."""
        field = self.field("Target", values.pop("type", "text"))
        partner = values.pop("partner", {})
        self.refresh()
        self.map("TARGET", transformation, **values)
        self.ada(**partner)
        self.run_jobs()
        return self.held("ada@example.com").get(field)

    def test_direct_path(self):
        partner = {"country_id": self.env.ref("base.it").id}
        sent = self.sent("direct", field_path="country_id.code", partner=partner)
        self.assertEqual(sent, "IT")

    def test_lookup(self):
        sent = self.sent(
            "lookup",
            field_path="lang",
            lookup_ids=[Command.create({"value": "EN_us", "ac_value": "English"})],
            partner={"lang": "en_US"},
        )
        self.assertEqual(sent, "English")

    def test_lookup_default(self):
        sent = self.sent(
            "lookup",
            field_path="lang",
            lookup_default="Other",
            partner={"lang": "en_US"},
        )
        self.assertEqual(sent, "Other")

    def test_concatenation_drops_empty_parts(self):
        paths = ("street", "street2", "city")
        sent = self.sent(
            "concatenation",
            part_ids=[Command.create({"field_path": path}) for path in paths],
            separator=" / ",
            partner={"street": "Via Roma 1", "city": "Roma"},
        )
        self.assertEqual(sent, "Via Roma 1 / Roma")

    def test_template(self):
        sent = self.sent(
            "template",
            template="{{ object.name }} from {{ object.country_id.code or '?' }}"
            "{% for tag in object.category_id %} #{{ tag.name.upper() }}{% endfor %}"
            "{{ ' !' if object.create_date.year and object.name.upper() == 'ADA' }}",
            partner={
                "country_id": self.env.ref("base.it").id,
                "category_id": [Command.create({"name": "VIP"})],
            },
        )
        self.assertEqual(sent, "Ada from IT #VIP !")

    def test_constant(self):
        self.assertEqual(self.sent("constant", constant="Odoo"), "Odoo")

    def test_date_format(self):
        sent = self.sent(
            "date_format",
            field_path="create_date",
            date_format="%Y",
        )
        self.assertRegex(sent, r"^20\d\d$")

    def test_hash_ignores_case_and_space(self):
        sent = self.sent("hash", field_path="city", partner={"city": "  Roma  ANTICA "})
        self.assertEqual(sent, hashlib.sha256(b"roma antica").hexdigest())

    def test_encrypted_is_readable_with_the_key_and_sent_once(self):
        sent = self.sent("encrypt", field_path="vat", partner={"vat": "IT123"})
        self.assertNotIn("IT123", sent)
        self.assertEqual(vault.decrypt(sent, self.cr.dbname), "IT123")
        self.simulator.forget_log()
        self.env["res.partner"].search([("email", "=", "ada@example.com")])._ac_mark()
        self.run_jobs()
        self.assertFalse(self.simulator.writes())


@tagged("post_install", "-at_install")
class TestTypes(MappingCase):
    """Requirement 19: a field of each type is mapped and its value round-trips."""

    def test_every_type_of_a_contact(self):
        moment = self.env.cr.now().replace(microsecond=0)
        plan = {
            "text": ("name", "Ada"),
            "textarea": ("comment", "one\ntwo"),
            "hidden": ("ref", "R-1"),
            "date": ("create_date", moment.date()),
            "datetime": ("create_date", moment),
            "dropdown": ("function", "English"),
            "radio": ("function", "English"),
            "listbox": ("category_id.name", ["English", "Italian"]),
            "checkbox": ("category_id.name", ["English", "Italian"]),
            "number": ("color", 7.0),
        }
        fields = {}
        for type_, (path, _value) in plan.items():
            fields[type_] = self.field(f"A {type_}", type_, self.options(type_))
            self.map(f"A_{type_}".upper(), field_path=path)
        self.refresh()
        self.ada(
            comment="<p>one</p><p>two</p>",
            ref="R-1",
            function="english",
            category_id=[Command.create({"name": o}) for o in OPTIONS[:2]],
            color=7,
        )
        self.run_jobs()
        held = self.held("ada@example.com")
        for type_, (_path, expected) in plan.items():
            with self.subTest(type=type_):
                back = value.from_ac(held[fields[type_]], type_)
                if type_ in ("date", "datetime"):
                    self.assertIsInstance(back, type(expected))
                else:
                    self.assertEqual(back, expected)

    def options(self, type_):
        return OPTIONS if type_ in value.CHOICE + value.CHOICES else ()

    def test_every_type_of_an_account(self):
        plan = {
            "text": ("name", "Example Inc."),
            "textarea": ("street", "Street 1"),
            "hidden": ("ref", "R-1"),
            "dropdown": ("function", "English"),
            "radio": ("function", "English"),
            "multiselect": ("category_id.name", ["English", "Italian"]),
            "checkbox": ("category_id.name", ["English", "Italian"]),
            "number": ("color", 7.0),
            "currency": ("partner_latitude", 12.35),
        }
        fields = {}
        for type_, (path, _value) in plan.items():
            fields[type_] = self.field(
                f"An {type_}", type_, self.options(type_), kind="account_field"
            )
            self.map(f"AN_{type_}".upper(), field_path=path, object="account")
        self.field("An date", "date", kind="account_field")
        self.map("AN_DATE", field_path="create_date", object="account")
        self.field("An datetime", "datetime", kind="account_field")
        self.map("AN_DATETIME", field_path="create_date", object="account")
        self.refresh()
        company = self.make_partners(
            {
                "name": "Example Inc.",
                "is_company": True,
                "street": "Street 1",
                "ref": "R-1",
                "function": "english",
                "category_id": [Command.create({"name": o}) for o in OPTIONS[:2]],
                "color": 7,
                "partner_latitude": 12.35,
            }
        )
        ready = company.apply_field_mapping(self.config, "account")
        self.assertEqual(len(ready["fields"]), len(plan) + 2)
        amount = [row for row in ready["fields"] if "fieldCurrency" in row]
        self.assertEqual(amount[0]["fieldValue"], "1235")
        self.assertEqual(amount[0]["fieldCurrency"], self.env.company.currency_id.name)
        with self.client() as client:
            account = client.accounts.create({"name": "Example Inc.", **ready}).id
            rows = client.account_field_data.list(
                filters={"customerAccountId": account}
            )
            held = {str(row["customFieldId"]): row["fieldValue"] for row in rows}
        for type_, (_path, expected) in plan.items():
            with self.subTest(type=type_):
                self.assertEqual(value.from_ac(held[fields[type_]], type_), expected)

    def test_api_ready_values_of_a_contact(self):
        field = self.field("Target")
        self.refresh()
        self.map("TARGET", field_path="city")
        self.map("TARGET", field_path="name", sequence=20)  # the first one counts
        partner = self.ada(city="Roma")
        self.assertEqual(
            partner.apply_field_mapping(),
            {"fieldValues": [{"field": field, "value": "Roma"}]},
        )
        self.config.action_disconnect()
        with self.assertRaises(UserError):
            partner.apply_field_mapping()

    def test_a_chunk_costs_as_many_queries_as_one_record(self):
        for number in range(4):
            self.field(f"Target {number}")
        self.refresh()
        paths = ["country_id.code", "category_id.name", "ac_address", "lang"]
        for number, path in enumerate(paths):
            self.map(f"TARGET_{number}", field_path=path)
        self.map("TARGET_0", "template", template="{{ object.country_id.name }}")
        self.make_partners(
            *(
                {
                    "name": f"P {n}",
                    "email": f"p{n}@example.com",
                    "country_id": self.env["res.country"]
                    .search([], offset=n, limit=1)
                    .id,
                    "category_id": [Command.create({"name": f"T {n}"})],
                }
                for n in range(30)
            )
        )
        few, many = self.queries(2), self.queries(30)
        self.assertEqual(few, many)

    def queries(self, count):
        self.env.flush_all()
        self.env.invalidate_all()
        partners = self.env["res.partner"].search(
            [("id", ">", self.last_partner_id)], limit=count
        )
        before = self.cr.sql_log_count
        for mapping in self.own._resolve(self.config, CONTACT):
            for partner in partners:
                mapping.value(partner)
        return self.cr.sql_log_count - before


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


@tagged("post_install", "-at_install")
class TestMappingScreens(MappingCase):
    def test_every_field_can_be_chosen(self):
        """Requirement 1: not only the first 20 or 100."""
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
