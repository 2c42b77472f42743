# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Odd companies and people: a clear word or a clean value, and neighbours unharmed.

Values of mapped fields: test_field_mapping_errors.py; e-mails: test_identity.py.
"""

from odoo.tests import tagged

from .common import ConnectorCase

ODD_NAMES = [
    "شركة الأمل",
    "חברת התקווה",
    "李氏集团",
    "🎉 Party 👨‍👩‍👧 Ltd",
    "𝔉𝔯𝔞𝔨𝔱𝔲𝔯 & Söhne",
]


@tagged("post_install", "-at_install")
class TestBadInput(ConnectorCase):
    def setUp(self):
        super().setUp()
        self.acme, self.ada = self.make_partners(
            {"name": "Acme", "is_company": True},
            {"name": "Ada Lovelace", "email": "ada@example.com"},
        )
        self.ada.parent_id = self.acme

    def company_with_person(self, name, **values):
        """Return a company and somebody who works there."""
        company = self.make_partners({"name": name, "is_company": True, **values})
        person = self.make_partners(
            {
                "name": "Eve Engineer",
                "email": f"eve{company.id}@example.com",
                "parent_id": company.id,
            }
        )
        return company, person

    def send(self):
        """Send everything; the neighbours must arrive whatever else there is."""
        self.run_jobs()
        self.assertEqual(self.links(self.acme).state, "synced")
        self.assertEqual(self.works_for(self.ada), "Acme")

    def links(self, record, name="account"):
        self.commit()
        self.env.invalidate_all()
        return record.ac_binding_ids.filtered(lambda b: b.object == name)

    def accounts(self):
        return {a["name"]: a for a in self.simulator.state()["accounts"].values()}

    def works_for(self, person):
        return self.simulator.contacts()[person.email]["account"]

    def test_every_script_and_emoji_arrives_whole(self):
        people = [self.company_with_person(name)[1] for name in ODD_NAMES]
        self.send()
        self.assertEqual([self.works_for(person) for person in people], ODD_NAMES)

    def test_html_in_a_name_is_no_html_over_there(self):
        _company, person = self.company_with_person(
            "<script>alert(1)</script>Acme <b>& Sons</b>"
        )
        self.send()
        self.assertEqual(self.works_for(person), "alert(1) Acme & Sons")

    def test_endless_names_are_cut(self):
        company, person = self.company_with_person("Ünï" * 3334)
        person.name = "N" * 10_000
        person.function = "F" * 10_000
        self.send()
        name = self.works_for(person)
        self.assertEqual((len(name), self.links(company).state), (250, "synced"))
        contact = self.simulator.contacts()[person.email]
        self.assertEqual(contact["firstName"], "N" * 100)
        titles = [
            link["jobTitle"]
            for link in self.simulator.state()["accountContacts"].values()
        ]
        self.assertIn("F" * 250, titles)

    def test_endless_names_that_begin_alike_share_an_account_and_say_so(self):
        _first, one = self.company_with_person("X" * 9_999 + "1")
        second, two = self.company_with_person("X" * 9_999 + "2")
        self.send()
        self.assertEqual(self.links(second).skip_reason, "shared_name")
        self.assertEqual(self.works_for(one), self.works_for(two))

    def test_company_without_a_name_is_skipped_with_a_reason(self):
        companies, people = self.acme.browse(), []
        for name in (" ", "<br/>", "\u200b\t"):
            company, person = self.company_with_person(name)
            companies |= company
            people.append(person)
        self.cr.execute(
            "UPDATE res_partner SET type = 'other', name = NULL WHERE id = %s",
            (companies[0].id,),
        )
        self.send()
        for company, person in zip(companies, people, strict=True):
            link = self.links(company)
            self.assertEqual((link.state, link.skip_reason), ("skipped", "no_name"))
            self.assertEqual(self.links(person, "contact").state, "synced")
            self.assertFalse(self.works_for(person))
        self.assertEqual(list(self.accounts()), ["Acme"])

    def test_website_that_is_none_arrives_as_one_line_of_text(self):
        odd = {
            "No scheme": "www.example.com",
            "No address": "see\n\tour <b>shop</b>\x00",
            "Script": "javascript:alert(1)",
            "Long": "https://example.com/" + "a" * 10_000,
        }
        for name, website in odd.items():
            company, _person = self.company_with_person(name)
            self.cr.execute(  # as an import may leave it
                "UPDATE res_partner SET website = %s WHERE id = %s",
                (website.replace("\x00", ""), company.id),
            )
        self.send()
        accounts = self.accounts()
        self.assertEqual(accounts["No scheme"]["accountUrl"], "www.example.com")
        self.assertEqual(accounts["No address"]["accountUrl"], "see our shop")
        self.assertEqual(set(odd) - set(accounts), set())

    def make_cycle(self, *records):
        """Let every record be the parent of the next and the last of the first."""
        self.env.flush_all()
        for child, parent in zip(records, [records[-1], *records], strict=False):
            self.cr.execute(
                "UPDATE res_partner SET parent_id = %s WHERE id = %s",
                (parent.id, child.id),
            )
        self.commit()
        self.env.invalidate_all()

    def test_companies_that_own_each_other_do_not_stop_anybody(self):
        one, eve = self.company_with_person("One")
        two, bob = self.company_with_person("Two")
        self.make_cycle(one, two)
        self.send()
        self.assertEqual([self.works_for(p) for p in (eve, bob)], ["One", "Two"])
        (one | two | eve)._ac_mark()
        self.simulator.forget_log()
        self.send()
        self.assertEqual(self.simulator.writes(), [])

    def test_people_who_are_their_own_parents_arrive(self):
        crowd = self.make_partners(
            *[{"name": f"P {n}", "email": f"p{n}@example.com"} for n in range(12)]
        )
        self.make_cycle(*crowd)
        self.make_cycle(self.ada)
        self.run_jobs()
        links = crowd.ac_binding_ids | self.ada.ac_binding_ids
        self.assertEqual(set(links.mapped("state")), {"synced"})

    def test_company_in_a_cycle_can_be_renamed(self):
        one, eve = self.company_with_person("One")
        two, _bob = self.company_with_person("Two")
        self.make_cycle(one, two)
        self.run_jobs()
        one.name = "One & Only"
        self.send()
        self.assertEqual(self.works_for(eve), "One & Only")
