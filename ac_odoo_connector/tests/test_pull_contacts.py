# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Contacts that were changed or added in ActiveCampaign reach their partners."""

from odoo.tests import tagged

from .pull_case import PullCase


@tagged("post_install", "-at_install")
class TestPullContacts(PullCase):
    def there(self, email="ada@example.com"):
        return self.simulator.contacts()[email]

    # What changes ------------------------------------------------------------------

    def test_a_change_over_there_is_taken_over_without_an_echo(self):
        ada = self.linked_ada()
        self.change("ada@example.com", lastName="King", phone="2")
        self.assertEqual((ada.name, ada.phone), ("Ada King", "2"))
        self.assertEqual(self.binding(ada).state, "synced")
        self.assertEqual(self.simulator.writes(), [])

    def test_row_20_one_write_for_a_change_here_and_none_for_one_there(self):
        ada = self.linked_ada()
        ada.phone = "2"
        self.run_jobs()
        self.event("update", self.binding(ada).remote_id, initiated_from="api")
        self.run_jobs()
        self.assertEqual(len(self.simulator.writes()), 1)
        self.simulator.forget_log()
        self.change("ada@example.com", phone="3")
        self.event("update", self.binding(ada).remote_id)
        self.run_jobs()
        self.assertEqual(self.simulator.writes(), [])
        self.assertEqual((ada.phone, self.there()["phone"]), ("3", "3"))

    def test_what_is_emptied_over_there_stays_here(self):
        ada = self.linked_ada()
        self.change("ada@example.com", phone="", lastName="")
        self.assertEqual((ada.name, ada.phone), ("Ada", "1"))

    def test_what_is_emptied_here_is_emptied_there_though_it_came_from_there(self):
        ada = self.linked_ada(phone=False)
        self.change("ada@example.com", phone="5")
        self.assertEqual(ada.phone, "5")
        ada.phone = False
        self.run_jobs()
        self.assertEqual(self.there()["phone"], "")

    def test_a_change_of_one_value_never_repeats_another(self):
        """Two people change two values at once: both changes stay."""
        ada = self.linked_ada()
        id_ = self.edit("ada@example.com", phone="2")
        ada.name = "Ada King"
        self.run_jobs()
        self.event("update", id_)
        self.run_jobs()
        there = self.there()
        self.assertEqual((there["lastName"], there["phone"]), ("King", "2"))
        self.assertEqual((ada.name, ada.phone), ("Ada King", "2"))

    def test_many_events_of_one_contact_are_one_read_and_one_write(self):
        ada = self.linked_ada()
        id_ = self.edit("ada@example.com", phone="2")
        before = ada.write_date
        for _event in range(3):
            self.event("update", id_)
        self.run_jobs()
        self.assertEqual(ada.phone, "2")
        self.assertGreater(ada.write_date, before)
        reads = [c for c in self.simulator.calls() if c["method"] == "GET"]
        self.assertEqual(len(reads), 1)

    def test_a_name_that_is_cut_otherwise_is_the_same_name(self):
        ada = self.linked_ada(name="Ada King Noel")
        self.change("ada@example.com", firstName="Ada King", lastName="Noel")
        self.assertEqual(ada.name, "Ada King Noel")
        self.assertEqual(self.simulator.writes(), [])
        ada.phone = "2"
        self.run_jobs()
        self.assertEqual(self.there()["firstName"], "Ada King")

    # Who owns what -----------------------------------------------------------------

    def test_odoo_owns_a_value(self):
        self.config.pull_phone = "to_ac"
        ada = self.linked_ada()
        self.change("ada@example.com", phone="2", lastName="King")
        self.assertEqual((ada.name, ada.phone), ("Ada King", "1"))

    def test_activecampaign_owns_a_value(self):
        self.config.pull_phone = "from_ac"
        ada = self.linked_ada()
        self.assertEqual(self.there()["phone"], "")
        self.change("ada@example.com", phone="2")
        self.assertEqual(ada.phone, "2")
        ada.write({"phone": "3", "name": "Ada King"})
        self.run_jobs()
        there = self.there()
        self.assertEqual((there["phone"], there["lastName"]), ("2", "King"))

    def test_a_changed_email_is_taken_over_and_told_no_more(self):
        ada = self.linked_ada()
        id_ = self.edit("ada@example.com", new_email="ada@example.org")
        self.event("update", id_)
        self.run_jobs()
        self.assertEqual(ada.email, "ada@example.org")
        self.assertEqual(self.binding(ada).sent["identity"], "ada@example.org")
        self.assertEqual(self.simulator.writes(), [])

    # Custom fields -----------------------------------------------------------------

    def both(self, title, path, type_="text", options=(), **values):
        id_ = self.field(title, type_, options)
        key = title.upper().replace(" ", "_")
        self.map(key, field_path=path, direction="both", **values)
        return str(id_)

    def test_custom_fields_come_back(self):
        fields = {
            self.both("Job", "function"): "Countess",
            self.both("Land", "country_id.code"): "U.K.",
            self.both("Tongue", "lang", transformation="lookup"): "English",
            self.both("Share", "partner_latitude", "number"): "12.5",
            self.both("Staff", "employee", "checkbox", ["Staff"]): "||Staff||",
        }
        mapping = self.own.search([("ac_field", "=", "TONGUE")])
        mapping.lookup_ids = [
            (0, 0, {"value": "en_US", "ac_value": "English"}),
            (0, 0, {"value": "", "ac_value": "None"}),
        ]
        self.refresh()
        ada = self.linked_ada()
        self.change("ada@example.com", fields=fields)
        self.assertFalse(self.last_event().message)
        self.assertEqual((ada.function, ada.lang), ("Countess", "en_US"))
        self.assertEqual(ada.country_id.code, "GB")
        self.assertEqual((ada.employee, ada.partner_latitude), (True, 12.5))
        self.assertEqual(self.simulator.writes(), [])
        self.assertEqual(self.held("ada@example.com"), fields)

    def test_a_bad_value_is_reported_and_its_neighbours_are_unharmed(self):
        land = self.both("Land", "ac_country_name")
        job = self.both("Job", "function")
        self.refresh()
        ada = self.linked_ada()
        self.change("ada@example.com", fields={land: "Atlantis", job: "Countess"})
        event = self.last_event()
        self.assertEqual((event.state, ada.function), ("done", "Countess"))
        self.assertIn("“Atlantis” is no known country", event.message)
        self.assertFalse(ada.country_id)
        self.change("ada@example.com", fields={land: "France"})
        self.assertEqual(ada.country_id.code, "FR")

    def test_a_state_is_looked_for_in_its_country(self):
        state = self.both("State", "ac_state_name")
        land = self.both("Land", "ac_country_name")
        self.refresh()
        ada = self.linked_ada()
        self.change("ada@example.com", fields={state: "California", land: "USA"})
        self.assertEqual(ada.state_id.country_id.code, "US")
        self.assertEqual(ada.state_id.code, "CA")

    def test_what_cannot_be_undone_says_so(self):
        self.field("Whole")
        mapping = self.map(
            "WHOLE", "template", template="{{ object.name }}", direction="both"
        )
        self.assertIn("cannot be undone", mapping.pull_problem)
        mapping.write({"transformation": "direct", "field_path": "category_id"})
        self.assertIn("type", mapping.pull_problem)
        mapping.field_path = "commercial_company_name"
        self.assertIn("computes", mapping.pull_problem)
        mapping.field_path = "name"
        self.assertIn("Pull", mapping.pull_problem)
        mapping.field_path = "function"
        self.assertFalse(mapping.pull_problem)

    # Where the account's lists bring no values along ----------------------------------

    def test_values_are_read_whether_lists_bring_them_along_or_not(self):
        job = self.both("Job", "function")
        self.refresh()
        ada = self.linked_ada()
        bob = self.make_partners({"name": "Bob", "email": "bob@example.com"})
        self.run_jobs()
        for include in (True, False):
            self.simulator.call("POST", "options", contacts_include=include)
            words = f"Told {include}"
            for partner in ada | bob:
                self.event("update", self.edit(partner.email, fields={job: words}))
            self.run_jobs()
            self.assertEqual((ada | bob).mapped("function"), [words, words])

    # Contacts that nobody here knows ----------------------------------------------------

    def test_an_unknown_contact_waits_and_is_woken_by_its_link(self):
        id_ = self.new_contact("bob@example.com", firstName="Bob")
        self.event("open", id_, campaign={"name": "Spring"})
        self.event("subscribe", id_)
        self.run_jobs()
        events = self.env["ac.event"].search([])
        self.assertEqual(set(events.mapped("state")), {"waiting"})
        self.assertTrue(all(events.mapped("message")))
        bob = self.make_partners({"name": "Bob", "email": "bob@example.com"})
        self.run_jobs()
        self.env.invalidate_all()
        self.assertEqual(set(events.mapped("state")), {"done"})
        self.assertEqual(events.partner_id, bob)

    def test_a_partner_with_the_email_is_linked(self):
        """No second partner, whatever the policy; its own values stay, gaps are filled."""
        self.config.unknown_contact = "create"
        self.cr.execute("UPDATE ac_odoo_config SET state = 'draft'")
        bob = self.make_partners({"name": "Bob Odoo", "email": "BOB@example.com "})
        self.cr.execute("UPDATE ac_odoo_config SET state = 'confirmed'")
        self.commit()
        id_ = self.new_contact("bob@example.com", firstName="Bob Odoo", phone="7")
        self.event("subscribe", id_)
        self.run_jobs()
        people = self.env["res.partner"].search([("id", ">", self.last_partner_id)])
        self.assertEqual(people, bob)
        self.assertEqual(self.binding(bob).remote_id, str(id_))
        self.assertEqual((bob.name, bob.phone), ("Bob Odoo", "7"))
        self.assertEqual(self.simulator.writes(), [])

    def test_a_partner_is_made_where_the_account_says_so(self):
        self.config.unknown_contact = "create"
        job = self.both("Job", "function")
        self.refresh()
        id_ = self.new_contact("bob@example.com", firstName="Bob", lastName="Noel")
        self.edit("bob@example.com", fields={job: "Earl"})
        self.event("open", id_, campaign={"name": "Spring"})
        self.run_jobs()
        bob = self.env["res.partner"].search([("email", "=", "bob@example.com")])
        self.assertEqual((bob.name, bob.function), ("Bob Noel", "Earl"))
        self.assertEqual(self.binding(bob).remote_id, str(id_))
        states = self.env["ac.event"].search([]).mapped("state")
        self.assertEqual(set(states), {"done"})
        self.assertEqual(self.simulator.writes(), [])

    def test_nobody_is_made_twice(self):
        self.config.unknown_contact = "create"
        id_ = self.new_contact("bob@example.com", firstName="Bob")
        self.event("subscribe", id_)
        self.event("update", id_)
        self.event("subscribe", id_, list="1")
        self.run_jobs()
        found = self.env["res.partner"].search([("email", "=", "bob@example.com")])
        self.assertEqual(len(found), 1)

    def test_a_partner_out_of_reach_is_neither_linked_nor_doubled(self):
        self.config.unknown_contact = "create"
        bob = self.make_partners({"name": "Bob", "email": "bob@example.com"})
        self.config.partner_domain = str([("id", "=", 0)])
        id_ = self.new_contact("bob@example.com")
        self.event("subscribe", id_)
        self.run_jobs()
        self.assertEqual(self.last_event().state, "waiting")
        found = self.env["res.partner"].search([("email", "=", "bob@example.com")])
        self.assertEqual(found, bob)
        self.assertFalse(self.binding(bob).remote_id)

    def test_row_39_a_first_run_over_people_on_both_sides_makes_nobody(self):
        """User requirement 39; `tests/e2e/test_two_way.py` has a thousand."""
        self.config.unknown_contact = "create"
        people = [{"name": f"P {n}", "email": f"p{n}@example.com"} for n in range(30)]
        ids = [self.new_contact(p["email"], firstName="P") for p in people]
        partners = self.make_partners(*people)
        for id_ in ids:
            self.event("update", id_)
        self.run_jobs()
        count = self.env["res.partner"].search_count(
            [("id", ">", self.last_partner_id)]
        )
        self.assertEqual(count, 30)
        self.assertEqual(len(self.simulator.contacts()), 30)
        links = self.env["ac.binding"].search([("res_id", "in", partners.ids)])
        self.assertEqual(sorted(links.mapped("remote_id")), sorted(map(str, ids)))

    def test_an_event_of_a_deleted_contact_is_ignored(self):
        ada = self.linked_ada()
        id_ = self.binding(ada).remote_id
        self.simulator.call("POST", "actions/delete", email=ada.email)
        self.event("update", id_)
        self.run_jobs()
        self.assertEqual(self.last_event().state, "ignored")
