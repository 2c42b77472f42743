# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""From Odoo's own privacy lookup one gets to what ActiveCampaign has to do with it."""

from odoo.tests import tagged

from ..wizards.privacy_ways import LOOKUP
from .privacy_case import EMAIL, PrivacyCase


@tagged("post_install", "-at_install")
class TestPrivacyLookup(PrivacyCase):
    def setUp(self):
        super().setUp()
        if LOOKUP not in self.env:
            self.skipTest("privacy_lookup is not installed: no lookup to come from")

    def test_what_was_found_can_be_erased_on_both_sides(self):
        lookup = self.env["privacy.lookup.wizard"].create(
            {"name": "Ada Lovelace", "email": EMAIL}
        )
        lookup.action_lookup()
        offered = self.env.ref("ac_odoo_connector.action_privacy_from_lookup")
        self.assertEqual(offered.binding_model_id.model, LOOKUP)
        lines = lookup.line_ids
        opened = offered.with_context(
            active_model=LOOKUP, active_ids=lines.ids, active_id=lines[:1].id
        ).run()
        wizard = self.env["ac.privacy"].browse(opened["res_id"])
        self.assertEqual(wizard.partner_ids, self.ada)
        self.assertEqual(wizard.email, EMAIL)
        wizard.action_preview()
        wizard.action_erase()
        self.commit()
        self.assertNotIn(EMAIL, self.simulator.contacts())

    def test_it_is_offered_once(self):
        self.env["ac.privacy"]._register_hook()
        action = self.env.ref("ac_odoo_connector.action_privacy_from_lookup")
        same = [("name", "=", action.name), ("model_id.model", "=", LOOKUP)]
        self.assertEqual(self.env["ir.actions.server"].search(same), action)
