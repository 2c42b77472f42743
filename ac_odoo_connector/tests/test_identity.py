# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One ActiveCampaign contact per e-mail, whatever happens to the partners."""

from odoo.tests import tagged

from .common import ConnectorCase

LONG = "a" * 65 + "@example.com"


@tagged("post_install", "-at_install")
class TestIdentity(ConnectorCase):
    def reason(self, partner):
        return self.binding(partner).skip_reason

    def test_bad_emails_are_skipped_with_a_reason(self):
        """User requirement 14."""
        reasons = {
            "": "no_email",
            "not an address": "bad_email",
            "a@example.com, b@example.com": "many_emails",
            LONG: "long_email",
        }
        partners = self.make_partners(
            *[{"name": f"Bad {n}", "email": email} for n, email in enumerate(reasons)]
        )
        good = self.make_partners({"name": "Good", "email": "good@example.com"})
        self.run_jobs()
        self.assertEqual([self.reason(p) for p in partners], list(reasons.values()))
        self.assertEqual(set(partners.ac_binding_ids.mapped("state")), {"skipped"})
        self.assertEqual(self.binding(good).state, "synced")
        self.assertEqual(list(self.simulator.contacts()), ["good@example.com"])

    def test_corrected_email_is_sent(self):
        partner = self.make_partners({"name": "Ada", "email": "ada@@example.com"})
        self.run_jobs()
        partner.email = "ada@example.com"
        self.run_jobs()
        self.assertEqual(self.binding(partner).state, "synced")
        self.assertFalse(self.reason(partner))

    def test_three_partners_with_one_email_are_one_contact(self):
        """User requirement 8."""
        partners = self.make_partners(
            *[{"name": f"Twin {n}", "email": "TWIN@example.com"} for n in range(3)]
        )
        self.run_jobs()
        self.assertEqual(self.simulator.contacts()["twin@example.com"]["lastName"], "0")
        states = [self.binding(p).state for p in partners]
        self.assertEqual(states, ["synced", "skipped", "skipped"])
        self.assertEqual(self.reason(partners[1]), "shared_email")
        self.assertIn("Twin 0", self.binding(partners[1]).message)
        self.simulator.forget_log()
        for _round in range(2):
            partners._ac_mark()
            self.run_jobs()
        self.assertEqual(self.simulator.writes(), [])

    def test_duplicates_within_an_import_are_one_contact(self):
        partners = self.make_partners(
            *[{"name": f"P {n}", "email": f"p{n % 12}@example.com"} for n in range(24)]
        )
        self.run_jobs()
        self.assertEqual(len(self.simulator.contacts()), 12)
        states = partners.mapped(lambda p: self.binding(p).state)
        self.assertEqual(states, ["synced"] * 12 + ["skipped"] * 12)

    def test_next_in_line_takes_over_a_free_email(self):
        first, second = self.make_partners(
            {"name": "First", "email": "one@example.com"},
            {"name": "Second", "email": "one@example.com"},
        )
        self.run_jobs()
        first.email = "other@example.com"
        self.run_jobs()
        contacts = self.simulator.contacts()
        self.assertEqual(contacts["one@example.com"]["firstName"], "Second")
        self.assertEqual(contacts["other@example.com"]["firstName"], "First")
        self.assertNotEqual(
            self.binding(first).remote_id, self.binding(second).remote_id
        )

    def test_swapped_emails_are_a_conflict_that_overwrites_nothing(self):
        first, second = self.make_partners(
            {"name": "First", "email": "one@example.com"},
            {"name": "Second", "email": "two@example.com"},
        )
        self.run_jobs()
        first.email, second.email = second.email, first.email
        self.run_jobs()
        for partner in (first, second):
            self.assertEqual(self.binding(partner).state, "failed")
            self.assertIn("exists", self.binding(partner).message)
        names = {e: c["firstName"] for e, c in self.simulator.contacts().items()}
        expected = {"one@example.com": "First", "two@example.com": "Second"}
        self.assertEqual(names, expected)

    def test_taken_over_email_brings_no_data_to_the_old_contact(self):
        tag = self.env["res.partner.category"].create({"name": "Secret"})
        ada = self.make_partners({"name": "Ada", "email": "ada@example.com"})
        self.run_jobs()
        ada.email = "ada2@example.com"
        self.make_partners(
            {
                "name": "Bob",
                "email": "ada@example.com",
                "category_id": [(6, 0, tag.ids)],
            },
            *[{"name": f"P {n}", "email": f"p{n}@example.com"} for n in range(12)],
        )
        self.run_jobs()
        self.retry_failed()
        contacts = self.simulator.contacts()
        self.assertEqual(contacts["ada2@example.com"]["tags"], [])
        self.assertEqual(contacts["ada2@example.com"]["firstName"], "Ada")
        self.assertEqual(contacts["ada@example.com"]["tags"], ["Secret"])

    def test_email_of_a_foreign_contact_overwrites_nothing(self):
        """User requirement 7."""
        partner = self.make_partners({"name": "Ada", "email": "ada@example.com"})
        self.run_jobs()
        with self.client() as client:
            client.contacts.create({"email": "bob@example.com", "firstName": "Bob"})
        partner.email = "bob@example.com"
        self.run_jobs()
        self.assertEqual(self.binding(partner).state, "failed")
        contacts = self.simulator.contacts()
        self.assertEqual(contacts["bob@example.com"]["firstName"], "Bob")
        self.assertIn("ada@example.com", contacts)

    def test_archived_partner_is_skipped_and_its_contact_stays(self):
        partner = self.make_partners({"name": "Ada", "email": "ada@example.com"})
        self.run_jobs()
        partner.active = False
        self.run_jobs()
        self.assertEqual(self.reason(partner), "archived")
        self.assertIn("ada@example.com", self.simulator.contacts())
        heir = self.make_partners({"name": "Ada L", "email": "ada@example.com"})
        self.run_jobs()
        self.assertEqual(self.binding(heir).state, "synced")
        self.assertFalse(self.binding(partner).remote_id)

    def test_deleted_partner_leaves_the_contact_alone(self):
        partner = self.make_partners({"name": "Ada", "email": "ada@example.com"})
        self.run_jobs()
        self.simulator.forget_log()
        partner.unlink()
        self.run_jobs()
        self.assertFalse(self.env["ac.binding"].search([]))
        self.assertEqual(self.simulator.writes(), [])

    def test_merged_partner_keeps_its_contact(self):
        keep, drop = self.make_partners(
            {"name": "Keep", "email": False}, {"name": "Drop", "email": "d@example.com"}
        )
        self.run_jobs()
        remote_id = self.binding(drop).remote_id
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((keep + drop).ids, keep)
        keep.email = "d@example.com"
        self.run_jobs()
        self.assertEqual(self.binding(keep).remote_id, remote_id)
        self.assertEqual(self.binding(keep).state, "synced")
        self.assertEqual(len(self.simulator.contacts()), 1)

    def test_first_link_keeps_what_activecampaign_knows(self):
        with self.client() as client:
            client.contacts.sync(
                {"email": "ada@example.com", "lastName": "Lovelace", "phone": "555"}
            )
        self.make_partners({"name": "Ada", "email": "ada@example.com"})
        self.run_jobs()
        contact = self.simulator.contacts()["ada@example.com"]
        shown = contact["firstName"], contact["lastName"], contact["phone"]
        self.assertEqual(shown, ("Ada", "Lovelace", "555"))

    def test_other_account_gets_none_of_the_old_links(self):
        partner = self.make_partners({"name": "Ada", "email": "ada@example.com"})
        self.run_jobs()
        self.config.ac_base_url = "https://other.api-us1.com"
        self.assertEqual(self.config.state, "draft")
        self.assertFalse(self.config.ac_api_key_encrypted)
        self.assertFalse(self.binding(partner))

    def test_merge_into_a_partner_without_contact_takes_the_contact_over(self):
        keep, drop = self.make_partners(
            {"name": "Keep", "email": False}, {"name": "Drop", "email": "d@example.com"}
        )
        self.run_jobs()
        remote_id = self.binding(drop).remote_id
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((keep + drop).ids, keep)
        keep.email = "new@example.com"
        self.run_jobs()
        self.assertEqual(self.binding(keep).remote_id, remote_id)
        self.assertEqual(list(self.simulator.contacts()), ["new@example.com"])

    def test_every_script_and_emoji_arrives_whole(self):
        names = [
            "Zoë Ñandú",
            "李 小龍",
            "محمد علي",
            "🎉 Party👨‍👩‍👧",
            "A&B <b>Bold</b>",
        ]
        self.make_partners(
            *[{"name": n, "email": f"n{i}@example.com"} for i, n in enumerate(names)],
            {"name": "N" * 10_000, "email": "long@example.com"},
        )
        self.run_jobs()
        contacts = self.simulator.contacts()
        shown = [
            f"{contacts[f'n{i}@example.com']['firstName']} "
            f"{contacts[f'n{i}@example.com']['lastName']}"
            for i in range(len(names))
        ]
        self.assertEqual(shown, [*names[:4], "A&B Bold"])
        self.assertEqual(contacts["long@example.com"]["firstName"], "N" * 100)
