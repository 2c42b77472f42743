# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Addresses over there: the parts, in one line, and how places are spelled."""

from psycopg2 import IntegrityError

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .mapping_common import MappingCase


@tagged("post_install", "-at_install")
class TestPlaceAlias(MappingCase):
    def setUp(self):
        super().setUp()
        self.aliases = self.env["ac.place.alias"]
        self.last_alias_id = self.aliases.search([], order="id desc", limit=1).id
        self.addCleanup(self.forget_aliases)
        self.texas = self.env.ref("base.state_us_44")
        self.usa = self.texas.country_id

    def forget_aliases(self):
        self.cr.rollback()
        self.aliases.search([("id", ">", self.last_alias_id)]).unlink()
        self.aliases.search([("preferred", "=", True)]).preferred = False
        self.commit()

    def prefer(self, name, country, state=None):
        alias = self.aliases.create(
            {
                "name": name,
                "country_id": country.id,
                "state_id": state and state.id,
                "preferred": True,
            }
        )
        self.commit()
        return alias

    def texan(self, number=0):
        return self.make_partners(
            {
                "name": "Ada",
                "email": f"ada{number}@example.com",
                "street": "1 Main Street",
                "street2": "Floor 2",
                "zip": "73301",
                "city": "Austin",
                "state_id": self.texas.id,
                "country_id": self.usa.id,
            }
        )

    def test_every_part_arrives(self):
        tags = "STREET STREET2 ZIP CITY STATE COUNTRY COUNTRY_CODE".split()
        fields = {tag: self.field(tag) for tag in tags}
        self.refresh()
        self.texan()
        self.run_jobs()
        held = self.held("ada0@example.com")
        self.assertEqual(
            [held[fields[tag]] for tag in tags],
            ["1 Main Street", "Floor 2", "73301", "Austin", "Texas"]
            + ["United States", "US"],
        )

    def test_address_in_one_line(self):
        partner = self.texan()
        self.assertEqual(
            partner.ac_address,
            "1 Main Street, Floor 2, 73301 Austin, Texas, United States",
        )
        partner.write({"street2": False, "zip": False, "state_id": False})
        self.assertEqual(partner.ac_address, "1 Main Street, Austin, United States")

    def test_preferred_spelling_is_sent_and_reaches_those_who_are_there(self):
        field = self.field("COUNTRY")
        self.refresh()
        self.texan()
        self.run_jobs()
        self.prefer("US of A", self.usa)
        self.run_jobs()
        self.assertEqual(self.held("ada0@example.com")[field], "US of A")

    def test_preferred_spelling_of_a_state(self):
        self.prefer("Lone Star State", self.usa, self.texas)
        partner = self.texan()
        self.assertEqual(partner.ac_state_name, "Lone Star State")
        self.assertEqual(partner.ac_country_name, "United States")

    def test_spelling_is_understood_both_ways(self):
        self.prefer("US of A", self.usa)
        for text in ("us of a", "U.S.A.", "United States", "US", " usa "):
            self.assertEqual(self.aliases._find(text), self.usa, text)
        for text in ("texas", "TX", "Tx."):
            found = self.aliases._find(text, country=self.usa)
            self.assertEqual(found, self.texas, text)
        self.assertEqual(self.aliases._find("Cote d'Ivoire").code, "CI")
        self.assertFalse(self.aliases._find("TX", country=self.env.ref("base.it")))

    def test_one_place_has_one_preferred_spelling(self):
        self.prefer("US of A", self.usa)
        with self.assertRaises(ValidationError):
            self.prefer("The States", self.usa)
        self.cr.rollback()
        self.prefer("Lone Star State", self.usa, self.texas)

    def test_one_spelling_means_one_place(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.aliases.create(
                {"name": "Italy!", "country_id": self.env.ref("base.fr").id}
            )
            self.env.flush_all()
        self.cr.rollback()
        with self.assertRaises(ValidationError):
            self.aliases.create({"name": "…", "country_id": self.usa.id})
        self.cr.rollback()
        with self.assertRaises(ValidationError):
            self.aliases.create(
                {
                    "name": "Nowhere",
                    "country_id": self.env.ref("base.it").id,
                    "state_id": self.texas.id,
                }
            )
        self.cr.rollback()

    def test_a_change_of_the_address_marks(self):
        self.assertLessEqual(
            {"street", "street2", "city", "zip", "state_id", "country_id"},
            self.own._watched("contact"),
        )
        partner = self.texan()
        self.run_jobs()
        partner.zip = "73302"
        self.assertEqual(self.binding(partner).state, "pending")

    def test_only_mapped_parts_are_watched(self):
        self.own.search([]).active = False
        self.assertNotIn("street2", self.own._watched("contact"))
        self.map("X", field_path="ac_address")
        self.assertLessEqual(
            {"street2", "state_id", "country_id"}, self.own._watched("contact")
        )
        self.cr.rollback()

    def test_many_partners_cost_the_queries_of_one(self):
        self.prefer("US of A", self.usa)
        for number in range(20):
            self.texan(number)
        few, many = self.queries(2), self.queries(20)
        self.assertEqual(few, many)

    def queries(self, count):
        self.env.invalidate_all()
        partners = self.env["res.partner"].search(
            [("id", ">", self.last_partner_id)], limit=count
        )
        before = self.cr.sql_log_count
        for partner in partners:
            self.assertIn("US of A", partner.ac_address)
        return self.cr.sql_log_count - before
