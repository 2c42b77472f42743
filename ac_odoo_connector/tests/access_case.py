# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Two companies, each with one record of every model and one person of every group."""

from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user

from odoo.addons.base.models import res_users

from .access_matrix import SHARED

LEVELS = ("public", "portal", "internal", "user", "operator", "manager")
"""Who there is, from nobody to everything; each may do what those before it may."""
INSIDE = ("internal", "user", "operator", "manager")
GROUPS = {
    "portal": "base.group_portal",
    "internal": "base.group_user,base.group_allow_export,base.group_partner_manager,"
    "sales_team.group_sale_salesman_all_leads",
}
LINKS = {"company_id", "config_id", "partner_id"}
TEXTS = {
    *("name", "email", "identity", "message", "remote_text", "record_name", "text"),
    *("remote_id", "list_name", "ac_value", "odoo_value", "hint", "names", "label"),
}
"""Fields that get the canary even where they may stay empty."""
SPECIAL = {
    "ac.binding": {"res_model": "res.partner", "object": "contact"},
    "ac.error.log": {"res_model": "res.partner"},
    "ac.audit.line": {"res_model": "res.partner", "object": "contact"},
    "ac.reconciliation.line": {"res_model": "res.partner", "object": "contact"},
    "ac.field.mapping": {"field_path": "name", "object": "contact"},
    "ac.field.mapping.part": {"field_path": "name"},
    "ac.audience.rule": {"domain": "[]"},
    "ac.metadata": {"kind": "list"},
    "ac.first.load": {"partner_domain": "[]"},
    "ac.event": {"type": "open", "topic": False},
    "ac.conflict": {"unit": "phone"},
}
MAGIC = {"id", "create_uid", "create_date", "write_uid", "write_date"}
NUMBERS = {"integer", "float", "monetary", "many2one_reference"}


def own_models(env):
    """Return the names of the addon's models that have a table, or a view of one."""
    registry = env.registry
    return sorted(
        name
        for name in registry
        if name.startswith("ac.") and not registry[name]._abstract
    )


class World:
    """One company: its people, its account, and one record of each model.

    Every text in it holds `canary`, so that whoever sees any of it can be told.
    """

    def __init__(self, env, canary):
        self.env, self.canary = env, canary
        self.company = env["res.company"].create({"name": f"Company {canary}"})
        self.users = {level: self._user(level) for level in LEVELS}
        own = {"company_id": self.company.id}
        person = {"name": canary, "email": f"{canary}@example.com"}
        self.partner = env["res.partner"].create({**person, **own})
        self.config = env["ac.odoo.config"].create(
            {
                "name": canary,
                "ac_base_url": f"https://{canary}.api-us1.com",
                "ac_api_key": f"secret-{canary}",
                "ac_webhook_events": "open",
                **own,
            }
        )
        self.records = {
            "res.company": self.company,
            "ac.odoo.config": self.config,
            "res.partner": self.partner,
            "sale.order": env["sale.order"].create(
                {"partner_id": self.partner.id, "client_order_ref": canary, **own}
            ),
            "product.product": env["product.product"].create({"name": canary, **own}),
        }
        product = self.records["product.product"]
        self.records["product.template"] = product.product_tmpl_id
        for name in own_models(env):
            self.make(name)

    def _user(self, level):
        if level == "public":
            return self.env.ref("base.public_user")
        groups = GROUPS["portal" if level == "portal" else "internal"]
        if level in INSIDE[1:]:
            groups += f",ac_odoo_connector.group_{level}"
        return new_test_user(
            self.env,
            f"{level} {self.company.id}",
            groups,
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )

    def make(self, name):
        """Return the record of a model; what it needs is made before it."""
        if name not in self.records:
            self.records[name] = self._made(name)
            self.env.flush_all()  # what is computed may make and delete others
        return self.records[name]

    def _made(self, name):
        model = self.env[name]
        if not model._auto:  # a view
            self.env.flush_all()
            return model.search([("config_id", "=", self.config.id)], limit=1)
        if name == "ac.mailing.link" and not self.env["ir.model"]._get("mailing.list"):
            return model.browse()  # the app with the lists is not installed
        return model.create(self.values(name))

    def values(self, name):
        """Return values that a record of a model can be made with."""
        model = self.env[name]
        fields = [f for f in model._fields.values() if self._is_needed(model, f)]
        return {f.name: self._value(f) for f in fields} | SPECIAL.get(name, {})

    def _is_needed(self, model, field):
        if not field.store or field.compute or field.related or field.name in MAGIC:
            return False
        if field.name in LINKS | (TEXTS if field.type in ("char", "text") else set()):
            return True
        if field.type == "many2one_reference":
            return True
        return field.required and not model.default_get([field.name])

    def _value(self, field):
        if field.type == "many2one":
            return self._target(field).id
        if field.type == "many2many":
            return [Command.set(self._target(field).ids)]
        if field.type == "selection":
            return field.get_values(self.env)[0]
        if field.type in NUMBERS:
            return self.partner.id
        if (field.model_name, field.name) == ("ac.suppression", "email"):
            return self.partner.email_normalized  # it names its person by nothing else
        if field.type in ("date", "datetime"):
            return "2026-01-01"
        # what all companies share is on the audit trail of all, too
        shared = f"shared {self.company.id}"
        return shared if field.model_name in SHARED else self.canary

    def _target(self, field):
        if field.comodel_name == "res.users":
            return self.users["user"]
        if field.model_name == "ac.team.mapping" and field.name == "owner_id":
            return self._owner()
        if field.comodel_name in self.records or field.comodel_name.startswith("ac."):
            return self.make(field.comodel_name)
        return self.env[field.comodel_name].search([], limit=1)

    def _owner(self):
        """Return a user of the account in ActiveCampaign."""
        entries = self.env["ac.metadata"]
        values = {**self.values("ac.metadata"), "kind": "user"}
        mine = [("config_id", "=", self.config.id), ("kind", "=", "user")]
        return entries.search(mine) or entries.create(values)


class AccessCase(TransactionCase):
    """Nothing here is committed, and nothing leaves: no account is connected."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.classPatch(res_users, "MIN_ROUNDS", 1)  # as in common
        cls.alpha = World(cls.env, "alphacanary")
        cls.beta = World(cls.env, "betacanary")
        cls.worlds = ((cls.alpha, cls.beta), (cls.beta, cls.alpha))

    def as_user(self, record, user):
        """Return a record as a person's request finds it: with nothing in the cache."""
        self.env.invalidate_all()
        return record.with_user(user).with_context(lang="en_US")

    def owned(self, record, user):
        """Return a record of alpha as the person finds it who has asked its questions."""
        for question in self.alpha.records.values() if record._transient else ():
            if question._transient:
                self.env.cr.execute(
                    f"UPDATE {question._table} SET create_uid = %s WHERE id = %s",
                    (user.id, question.id),
                )
        return self.as_user(record, user)
