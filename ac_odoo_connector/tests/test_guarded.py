# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who may not read a partner or an order reads nothing that tells of it."""

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .access_case import AccessCase, own_models
from .access_matrix import MATRIX
from .test_access import QUIET, READING, everything, letters_of

OWN_PARTNERS = (
    "['|', ('user_id', '=', user.id), "
    "('message_partner_ids', 'in', user.partner_id.ids)]"
)
OPEN = {
    "ac.mapping.preview",  # a question of whoever chooses the record
    "ac.mark",  # nobody's
}
"""Models that name a record and are not guarded by it."""
LOOKING = {
    "search": lambda r: r.search([]).ids,
    "search_read": lambda r: [row["id"] for row in r.search_read([], ["id"])],
    "web_search_read": lambda r: [
        row["id"] for row in r.web_search_read([], {"id": {}})["records"]
    ],
    "name_search": lambda r: [id_ for id_, _name in r.name_search("", limit=None)],
    "group": lambda r: r._read_group([], [], ["id:array_agg"])[0][0] or [],
    "id": lambda r: r.search([("id", "=", r.id)]).ids,
    "count": lambda r: r.ids * r.search_count([("id", "=", r.id)]),
}
KNOWING = {
    "read": lambda r: r.read(),
    "web_read": lambda r: r.web_read(everything(r)),
    "export": lambda r: r.export_data(["id", "display_name"]),
}


def guarded_models(env):
    """Return the names of the models whose rows are seen with their record."""
    return [name for name in own_models(env) if hasattr(env[name], "_ac_seen")]


def names_a_record(model):
    """Return whether rows of a model name a partner, or a record of any model."""
    stored = [field for field in model._fields.values() if field.store]
    partners = [f for f in stored if f.type == "many2one"]
    return "res_id" in model._fields or any(
        f.comodel_name == "res.partner" for f in partners
    )


@tagged("post_install", "-at_install")
class TestGuarded(AccessCase):
    """A rule of a company: partners are for their salesperson and their followers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.rule"].create(
            {
                "name": "Partners: own",
                "model_id": cls.env["ir.model"]._get_id("res.partner"),
                "domain_force": OWN_PARTNERS,
            }
        )
        cls.partner = cls.alpha.partner

    def each(self):
        """Yield (record, what the level may, level) of each guarded model."""
        for name in guarded_models(self.env):
            for level in ("user", "operator", "manager"):
                if "r" in letters_of(name, level):
                    user = self.alpha.users[level]
                    with self.subTest(model=name, level=level):
                        yield self.owned(self.alpha.records[name], user), level

    def again(self, record):
        return self.as_user(record, record.env.user)

    def assert_hidden(self, record):
        for way, look in LOOKING.items():
            with self.subTest(way=way):
                self.assertNotIn(record.id, look(self.again(record)))
        for way, ask in KNOWING.items():
            with self.subTest(way=way), self.assertRaises(AccessError):
                self.fail(str(ask(self.again(record))))
        for operation in ("read", "write", "unlink"):
            self.assertFalse(self.again(record).has_access(operation))

    def assert_seen(self, record):
        for way, look in LOOKING.items():
            with self.subTest(way=way):
                self.assertIn(record.id, look(self.again(record)))
        for way, ask in KNOWING.items():
            with self.subTest(way=way):
                self.assertTrue(ask(self.again(record)))

    def test_every_model_that_names_a_record_is_guarded(self):
        named = {n for n in own_models(self.env) if names_a_record(self.env[n])}
        self.assertEqual(named - set(guarded_models(self.env)), OPEN & named)

    def test_the_rule_hides_the_partner(self):
        for level in ("user", "operator", "manager"):
            mine = self.as_user(self.partner, self.alpha.users[level])
            self.assertFalse(mine.has_access("read"))

    @mute_logger(*QUIET)
    def test_nothing_is_told_of_a_partner_whom_a_person_may_not_read(self):
        for record, _level in self.each():
            self.assert_hidden(record)

    @mute_logger(*QUIET)
    def test_no_way_of_reading_has_a_word_of_it(self):
        for record, _level in self.each():
            for way in ("search_read", "web_search_read", "name_search"):
                answer = str(READING[way](self.again(record)))
                self.assertNotIn(self.alpha.canary, answer)

    def test_the_salesperson_of_the_partner_sees_it(self):
        for record, level in self.each():
            self.partner.user_id = self.alpha.users[level]
            self.assert_seen(record)

    def test_a_follower_of_the_partner_sees_it(self):
        self.partner.user_id = False
        for record, level in self.each():
            self.partner.message_subscribe(self.alpha.users[level].partner_id.ids)
            self.assert_seen(record)

    def test_the_engine_sees_all(self):
        """It serves the account, whoever pressed the button."""
        for record, _level in self.each():
            self.assertIn(record.id, record.sudo().search([]).ids)

    def test_an_export_of_a_list_has_only_ones_own(self):
        """As the web client does it: search, then export."""
        mine = self.alpha.partner.create(
            {"name": "Mine", "user_id": self.alpha.users["user"].id}
        )
        events = self.as_user(self.env["ac.event"], self.alpha.users["user"])
        values = {**self.alpha.values("ac.event"), "key": "mine"}
        self.env["ac.event"].create({**values, "partner_id": mine.id})
        rows = events.search([]).export_data(["partner_id"])["datas"]
        self.assertEqual(rows, [["Mine"]])

    def test_both_partners_of_a_conflict_must_be_readable(self):
        conflict = self.alpha.records["ac.conflict"]
        user = self.alpha.users["operator"]
        mine = self.partner.create({"name": "Mine", "user_id": user.id})
        conflict.write({"partner_id": mine.id, "other_partner_id": self.partner.id})
        self.assertFalse(self.as_user(conflict, user).has_access("read"))
        conflict.other_partner_id = False
        self.assertTrue(self.as_user(conflict, user).has_access("read"))

    def test_what_is_about_nobody_is_for_operators(self):
        event = self.alpha.records["ac.event"]
        link = self.alpha.records["ac.binding"]
        event.partner_id = False
        link.res_id = self.partner.search([], order="id desc", limit=1).id + 1000
        for record in event | self.env["ac.event"], link:
            for level, sees in (("user", False), ("operator", True), ("manager", True)):
                mine = self.as_user(record, self.alpha.users[level])
                with self.subTest(model=record._name, level=level):
                    self.assertEqual(mine.has_access("read"), sees)
                    self.assertEqual(bool(mine.search([("id", "=", mine.id)])), sees)

    def test_queries_do_not_grow_with_the_rows(self):
        self.partner.user_id = user = self.alpha.users["user"]
        values = self.alpha.values("ac.event")
        counts = []
        for number in range(2):
            self.env["ac.event"].create(
                [{**values, "key": f"{number} {n}"} for n in range(20 * number)]
            )
            events = self.as_user(self.env["ac.event"], user)
            self.env.flush_all()
            events.search([("id", "=", 0)])  # rights and rules are read once
            before = self.env.cr.sql_log_count
            events.search_read([], ["type", "partner_id"])
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)


@tagged("post_install", "-at_install")
class TestOwnDocuments(AccessCase):
    """*User: Own Documents Only* of Odoo's sales."""

    def setUp(self):
        super().setUp()
        self.seller = self.person("seller", "sales_team.group_sale_salesman")
        self.order = self.alpha.records["sale.order"]
        self.link = self.env["ac.binding"].create(
            {
                "config_id": self.alpha.config.id,
                "object": "deal",
                "res_model": "sale.order",
                "res_id": self.order.id,
            }
        )

    def person(self, name, groups):
        company = self.alpha.company
        return new_test_user(
            self.env,
            f"{name} {company.id}",
            f"base.group_user,ac_odoo_connector.group_user,{groups}",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )

    def sees(self, user):
        link = self.as_user(self.link, user)
        found = bool(link.search([("id", "=", link.id)]))
        self.assertEqual(found, link.has_access("read"))
        return found

    def test_deals_of_others_are_not_seen(self):
        self.order.user_id = self.alpha.users["manager"]
        self.assertFalse(self.sees(self.seller))
        self.order.user_id = self.seller
        self.assertTrue(self.sees(self.seller))

    def test_who_may_read_all_orders_sees_all_deals(self):
        everything = self.person("all", "sales_team.group_sale_salesman_all_leads")
        self.order.user_id = self.alpha.users["manager"]
        self.assertTrue(self.sees(everything))

    def test_who_sells_nothing_sees_no_deal_and_all_contacts(self):
        reader = self.person("reader", "base.group_partner_manager")
        self.assertFalse(self.sees(reader))
        contact = self.as_user(self.alpha.records["ac.binding"], reader)
        self.assertTrue(contact.has_access("read"))
        self.assertIn(contact, contact.search([]))

    def test_the_matrix_says_who_reads_links_at_all(self):
        self.assertEqual(MATRIX["ac.binding"], ("r", "r", "r"))
