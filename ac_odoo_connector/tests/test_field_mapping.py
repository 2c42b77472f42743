# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Custom fields: every transformation and every type."""

import hashlib

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..engine import vault
from ..mapping import value
from ..mapping.registry import OBJECTS
from .mapping_common import OPTIONS, MappingCase

CONTACT = OBJECTS["contact"]


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


OF_ACCOUNT = {
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
"""{type: (field path of a company, what comes back)}."""


@tagged("post_install", "-at_install")
class TestTypes(MappingCase):
    """User requirement 19: a field of each type is mapped and its value round-trips."""

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
        fields = {}
        for type_, (path, _value) in OF_ACCOUNT.items():
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
        self.assertEqual(len(ready["fields"]), len(OF_ACCOUNT) + 2)
        amount = [row for row in ready["fields"] if "fieldCurrency" in row]
        self.assertEqual(amount[0]["fieldValue"], "1235")
        self.assertEqual(amount[0]["fieldCurrency"], self.env.company.currency_id.name)
        with self.client() as client:
            account = client.accounts.create({"name": "Example Inc.", **ready}).id
            rows = client.account_field_data.list(
                filters={"customerAccountId": account}
            )
            held = {str(row["customFieldId"]): row["fieldValue"] for row in rows}
        for type_, (_path, expected) in OF_ACCOUNT.items():
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
