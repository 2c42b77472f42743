# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Every model, group and operation against the written matrix; companies apart."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .access_case import INSIDE, LEVELS, AccessCase, own_models
from .access_matrix import MATRIX, SHARED

LETTERS = {"r": "read", "w": "write", "c": "create", "u": "unlink"}
QUIET = ("odoo.models", "odoo.addons.base.models.ir_rule", "odoo.sql_db")
QUIET += ("odoo.addons.base.models.ir_model", "odoo.orm.models")


def everything(records):
    """Return the specification that has the web client read all fields it may."""
    return {name: {} for name in records.fields_get()}


READING = {
    "read": lambda r: r.read(),
    "web_read": lambda r: r.web_read(everything(r)),
    "search_read": lambda r: r.search_read([]),
    "web_search_read": lambda r: r.web_search_read([], everything(r)),
    "search_count": lambda r: r.search_count([]) and "",
    "name_search": lambda r: r.name_search(""),
    "export_data": lambda r: r.export_data(["display_name"]),
    "group": lambda r: r._read_group([], [], ["__count"]) and "",
}
CHANGING = {
    "w": lambda r, values: r.write({}),
    "c": lambda r, values: r.create(dict(values)),
    "u": lambda r, values: r.unlink(),
}


def letters_of(name, level):
    """Return what a group may do with a model, by the matrix."""
    groups = INSIDE[1:]
    return MATRIX[name][groups.index(level)] if level in groups else ""


@tagged("post_install", "-at_install")
class TestAccess(AccessCase):
    def each(self):
        """Yield (model, level, what it may, its record as that person finds it)."""
        for name in own_models(self.env):
            for level in LEVELS:
                user = self.alpha.users[level]
                with self.subTest(model=name, level=level):
                    if record := self.owned(self.alpha.records[name], user):
                        yield name, letters_of(name, level), record

    def test_every_model_has_its_line(self):
        self.assertEqual(own_models(self.env), sorted(MATRIX))
        lists = self.env["ir.model"]._get("mailing.list")
        for world in (self.alpha, self.beta):
            empty = {n for n in MATRIX if not world.records[n]}
            self.assertEqual(empty, set() if lists else {"ac.mailing.link"})

    def test_rights_are_those_of_the_matrix(self):
        for _name, may, record in self.each():
            found = {c for c, op in LETTERS.items() if record.has_access(op)}
            self.assertEqual("".join(sorted(found)), "".join(sorted(may)))

    @mute_logger(*QUIET)
    def test_who_may_not_read_learns_nothing(self):
        """Whatever way is asked, with the record's number known."""
        for name, may, record in self.each():
            for way, ask in READING.items() if "r" not in may else ():
                refusal = UserError if way == "export_data" else AccessError
                with self.subTest(way=way), self.assertRaises(refusal):
                    self.fail(f"{name}: {ask(record)}")

    @mute_logger(*QUIET)
    def test_who_may_not_change_changes_nothing(self):
        for name, may, record in self.each():
            values = self.alpha.values(name) if self.env[name]._auto else {}
            for letter, change in CHANGING.items():
                if letter not in may:
                    with self.subTest(change=letter), self.assertRaises(AccessError):
                        change(self.as_user(record, record.env.user), values)

    @mute_logger(*QUIET)
    def test_who_may_read_sees_all_but_the_other_company(self):
        """Each field that a form could show is read, so computed ones work, too."""
        for name, may, record in self.each():
            for way, ask in READING.items() if "r" in may else ():
                with self.subTest(way=way):
                    answer = str(ask(self.as_user(record, record.env.user)))
                    if name not in SHARED:
                        self.assertNotIn("betacanary", answer)

    @mute_logger(*QUIET)
    def test_no_company_reaches_another(self):
        """User requirement 36, both ways: nobody of one company finds, reads, changes
        or deletes a record of the other."""
        for ours, theirs in self.worlds:
            for name in sorted(set(MATRIX) - SHARED):
                foreign = theirs.records[name]
                for level in INSIDE[1:] if foreign else ():
                    with self.subTest(model=name, level=level, whose=theirs.canary):
                        self.check_foreign(foreign, ours.users[level])

    def check_foreign(self, foreign, user):
        record = self.as_user(foreign, user)
        may = letters_of(foreign._name, user.login.split()[0])
        for letter in LETTERS:
            self.assertFalse(letter != "c" and record.has_access(LETTERS[letter]))
        with self.assertRaises(AccessError):
            record.read()
        if "r" in may:
            self.assertNotIn(foreign.id, record.search([]).ids)

    @mute_logger(*QUIET)
    def test_nobody_makes_a_record_for_another_company(self):
        """A manager of one company does not configure the other's account."""
        for name in sorted(n for n in MATRIX if "c" in MATRIX[n][2]):
            model = self.env[name]
            if name in SHARED or model._transient or name == "ac.odoo.config":
                continue
            if "config_id" in model._fields and self.beta.records[name]:
                user = self.alpha.users["manager"]
                values = {**self.beta.values(name), "config_id": self.beta.config.id}
                if "user_id" in values:  # nothing that is there already
                    values["user_id"] = self.beta.users["manager"].id
                if "team_id" in values:
                    values["team_id"] = self.env["crm.team"].create({"name": "T"}).id
                with self.subTest(model=name), self.assertRaises(UserError):
                    self.as_user(model, user).create(values)
                if "w" in MATRIX[name][2]:
                    ours = self.as_user(self.alpha.records[name], user)
                    with self.subTest(model=name), self.assertRaises(UserError):
                        ours.config_id = self.beta.config.id

    @mute_logger(*QUIET)
    def test_nobody_has_the_records_of_other_companies_sent(self):
        """An account without a company is sent those of all."""
        config = self.as_user(self.alpha.config, self.alpha.users["manager"])
        with self.assertRaises(ValidationError):
            config.company_id = False
        with self.assertRaises(ValidationError):
            config.company_id = self.beta.company
        of_all = {"name": "All", "ac_base_url": "https://all.api-us1.com"}
        with self.assertRaises(ValidationError):
            config.create(of_all)
        config.env.user.sudo().company_ids = self.env["res.company"].search([])
        self.assertFalse(config.create(of_all).company_id)

    def test_the_dashboard_tells_of_ones_own_accounts_only(self):
        for ours, theirs in self.worlds:
            configs = self.as_user(ours.config.browse(), ours.users["user"])
            answer = str(configs.get_dashboard(theirs.config.id))
            self.assertIn(ours.canary, answer)
            self.assertNotIn(theirs.canary, answer)
