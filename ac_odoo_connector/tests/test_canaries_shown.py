# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""No secret is shown to anybody, whatever way is asked."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .access_case import own_models
from .canary_case import SECRETS, CanaryCase

CONNECTOR = "base.group_user,base.group_allow_export,ac_odoo_connector.group_"
GROUPS = {
    "portal": "base.group_portal",
    "internal": "base.group_user,base.group_allow_export",
    "user": f"{CONNECTOR}user",
    "operator": f"{CONNECTOR}operator",
    "manager": f"{CONNECTOR}manager",
    "administrator": f"{CONNECTOR}manager,base.group_system",
}
STRANGERS = {"public", "portal", "internal"}


def grouped(records):
    """Return what the records have in common, by each text."""
    texts = [
        name
        for name, field in records.fields_get().items()
        if field["type"] in ("char", "text") and field.get("groupable", True)
        if field["store"]
    ]
    return [records._read_group([], [name], ["__count"]) for name in texts]


def exported(records):
    fields = records.fields_get().items()
    return records.export_data([n for n, f in fields if f.get("exportable")])


WAYS = {
    "fields_get": lambda r: r.fields_get(),
    "read": lambda r: r.read(),
    "web_search_read": lambda r: r.web_search_read([], {n: {} for n in r.fields_get()}),
    "search_read": lambda r: r.search_read([]),
    "name_search": lambda r: r.name_search(""),
    "group": grouped,
    "export_data": exported,
}
"""Each by itself: what one way refuses, another may show."""


@tagged("post_install", "-at_install")
class TestCanariesShown(CanaryCase):
    def people(self):
        """Yield everybody, from the public to who administers Odoo."""
        yield "public", self.env.ref("base.public_user")
        for level, groups in GROUPS.items():
            user = new_test_user(self.env, f"canary_{level}", groups)
            self.addCleanup(self.commit)
            self.addCleanup(user.unlink)
            yield level, user

    @mute_logger("odoo.models", "odoo.addons.base.models.ir_model", "odoo.orm.models")
    @mute_logger("odoo.addons.base.models.ir_rule")
    def shown(self, name, user, way):
        """Return what somebody gets of a model in one way, as text; "" if refused."""
        self.env.invalidate_all()
        everything = self.env[name].with_context(active_test=False).search([])
        try:
            return str(WAYS[way](everything.with_user(user)))
        except (AccessError, UserError):
            return ""

    def test_no_group_is_shown_a_secret(self):
        for level, user in self.people():
            for name in own_models(self.env):
                for way in WAYS:
                    with self.subTest(group=level, model=name, way=way):
                        shown = self.shown(name, user, way)
                        for what, secret in SECRETS.items():
                            self.assertNotIn(secret, shown, what)

    def test_each_way_shows_what_it_may(self):
        """Or nothing would be found for the wrong reason."""
        self.config.name = "Canary Account"
        self.commit()
        for level, user in self.people():
            for way in WAYS.keys() - {"fields_get"}:
                with self.subTest(group=level, way=way):
                    shown = self.shown("ac.odoo.config", user, way)
                    told = "Canary Account" in shown
                    self.assertEqual(told, level not in STRANGERS)
            fields = self.shown("ac.odoo.config", user, "fields_get")
            self.assertIn("ac_base_url", fields)  # which hides no model as a whole
