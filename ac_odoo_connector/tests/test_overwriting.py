# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which side's value a mapped field keeps: always ours, only when empty, never."""

from odoo.tests import tagged

from .mapping_common import MappingCase


@tagged("post_install", "-at_install")
class TestOverwriting(MappingCase):
    def setUp(self):
        super().setUp()
        self.field_id = self.field("Target")
        self.refresh()

    def value(self):
        return self.held("ada@example.com").get(str(self.field_id))

    def there(self, value):
        contact = self.client().contacts.create({"email": "ada@example.com"}).id
        if value:
            self.client().field_values.create(
                {"contact": contact, "field": self.field_id, "value": value}
            )

    def send(self, policy):
        self.map("TARGET", field_path="ref", policy=policy)
        return self.ada(ref="Ours")

    def test_always(self):
        self.there("Theirs")
        self.send("always")
        self.run_jobs()
        self.assertEqual(self.value(), "Ours")

    def test_only_when_empty(self):
        self.there("Theirs")
        ada = self.send("empty")
        self.run_jobs()
        self.assertEqual(self.value(), "Theirs")
        ada.ref = "Changed"
        self.run_jobs()
        self.assertEqual(self.value(), "Theirs")

    def test_empty_is_filled(self):
        self.there("")
        self.send("empty")
        self.run_jobs()
        self.assertEqual(self.value(), "Ours")

    def test_never_on_what_exists(self):
        self.there("")
        self.send("never")
        self.run_jobs()
        self.assertFalse(self.value())

    def test_new_contact_is_filled(self):
        self.send("never")
        self.run_jobs()
        self.assertEqual(self.value(), "Ours")
