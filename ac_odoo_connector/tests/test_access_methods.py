# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Buttons, questions and everything else that a request can call by name."""

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .access_case import INSIDE, LEVELS, AccessCase
from .access_matrix import ADMINISTRATOR, LOOK, METHODS
from .test_access import QUIET

HOME = "odoo.addons.ac_odoo_connector."


def callable_by_name(cls):
    """Return the methods of ours that a request can call; those that only extend
    Odoo's own are guarded where Odoo guards them."""
    ours, others = set(), set()
    for base in cls.__mro__:
        names = {n for n, v in vars(base).items() if callable(v) and n[0] != "_"}
        (ours if base.__module__.startswith(HOME) else others).update(names)
    found = ours - others
    return {n for n in found if not getattr(getattr(cls, n), "_api_private", False)}


OF_ALL = {
    "ac.odoo.config.get_dashboard",
    "ac.error.log.action_retry_all",
    "ac.owner.mapping.action_match_by_email",
    "ac.field.mapping.apply_field_mapping",
}
"""Methods of the model, not of a record: they work on what the person may see."""


@tagged("post_install", "-at_install")
class TestAccessMethods(AccessCase):
    def test_every_method_has_its_line(self):
        registry = self.env.registry
        found = {
            name: methods
            for name in registry
            if not registry[name]._abstract
            and (methods := callable_by_name(registry[name]))
        }
        written = {name: set(methods) for name, methods in METHODS.items()}
        self.assertEqual(found, written)

    def each(self, world):
        for name, methods in METHODS.items():
            for method, least in methods.items():
                if name in world.records and world.records[name]:
                    yield world.records[name], method, least

    def call(self, record, method):
        arguments = ()
        if (record._name, method) == ("ac.field.mapping", "apply_field_mapping"):
            arguments = (self.alpha.partner.with_user(record.env.user),)
        return getattr(record, method)(*arguments)

    @mute_logger(*QUIET)
    def test_who_may_not_is_refused_by_the_method_itself(self):
        """With the number of a record known, and no screen in between."""
        for record, method, least in self.each(self.alpha):
            for level in LEVELS[: self.first(least)]:
                what = f"{record._name}.{method}"
                with self.subTest(method=what, level=level):
                    mine = self.owned(record, self.alpha.users[level])
                    self.check(mine, method, least, self.alpha.canary)

    @mute_logger(*QUIET)
    def test_nobody_sets_anything_in_motion_for_another_company(self):
        for ours, theirs in self.worlds:
            for record, method, least in self.each(theirs):
                for level in LEVELS[self.first(least) :]:
                    what = f"{record._name}.{method}"
                    if what not in OF_ALL:
                        with self.subTest(method=what, level=level):
                            foreign = self.as_user(record, ours.users[level])
                            self.check(foreign, method, least, theirs.canary)

    def first(self, least):
        """Return where the groups begin for which a method is meant."""
        return (*LEVELS, ADMINISTRATOR).index("user" if least == LOOK else least)

    def check(self, record, method, least, canary):
        """Refused; only what opens a list may answer, and tells nothing of it."""
        try:
            answer = str(self.call(record, method))
        except AccessError:
            return
        self.assertEqual(least, LOOK, answer)
        self.assertNotIn(canary, answer)

    @mute_logger(*QUIET)
    def test_questions_are_not_asked_about_another_company(self):
        """What names an account is refused, saved or only typed in."""
        for name in METHODS:
            model = self.as_user(self.env[name], self.alpha.users["manager"])
            if "config_id" not in model._fields:
                continue
            values = {"config_id": self.beta.config.id}
            with self.subTest(question=name):
                self.assertNotIn("betacanary", self.typed(model, values))
                if model._transient:
                    self.assertNotIn("betacanary", self.saved(model, values))

    def typed(self, question, values):
        spec = {name: {} for name in question.fields_get()}
        try:
            return str(question.onchange(values, ["config_id"], spec))
        except AccessError:
            return ""

    def saved(self, question, values):
        try:
            with self.env.cr.savepoint():
                return str(question.create(values).read())
        except AccessError:
            return ""

    @mute_logger(*QUIET)
    def test_forms_tell_strangers_nothing(self):
        """A form computes before anything is saved."""
        for name in METHODS:
            for level in ("public", "portal", INSIDE[0]):
                if not name.startswith("ac."):
                    continue
                model = self.as_user(self.env[name], self.alpha.users[level])
                values = {"config_id": self.alpha.config.id}
                values = values if "config_id" in model._fields else {}
                with self.subTest(model=name, level=level):
                    self.assertNotIn("alphacanary", self.typed(model, values))
