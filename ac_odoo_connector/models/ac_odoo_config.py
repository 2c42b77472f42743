# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import ast
import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..activecampaign import ActiveCampaignError
from ..engine import closed_fields, gateway, marks, metadata, readable, ring, vault
from ..engine.button import PATIENCE
from ..engine.words import in_words
from ..mapping.registry import OBJECTS
from ..mapping.skip import Skip

MASK = "••••••••"
METADATA_LIFETIME = timedelta(hours=6)


class AcOdooConfig(models.Model):
    """One ActiveCampaign account: where it is, what goes there, how it is doing."""

    _name = "ac.odoo.config"
    _description = "ActiveCampaign Account"
    _inherit = ["mail.thread"]
    _order = "sequence, id"

    name = fields.Char(required=True, tracking=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(
        "res.company",
        tracking=True,
        help="Only records of this company or of no company are sent. "
        "Empty: those of every company.",
    )
    state = fields.Selection(
        [("draft", "Not Connected"), ("confirmed", "Connected")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    ac_base_url = fields.Char(
        "API URL",
        required=True,
        tracking=True,
        help="ActiveCampaign: Settings > Developer > API Access.",
    )
    ac_api_key = fields.Char(
        "API Key",
        compute="_compute_secrets",
        compute_sudo=True,
        inverse="_inverse_ac_api_key",
        groups="ac_odoo_connector.group_manager",
        help="Stored encrypted; shown to nobody afterwards.",
    )
    ac_webhook_token = fields.Char(
        "Webhook Token",
        compute="_compute_secrets",
        compute_sudo=True,
        inverse="_inverse_ac_webhook_token",
        groups="ac_odoo_connector.group_manager",
        help="ActiveCampaign proves with it that a webhook is its own. "
        "Made by itself; stored encrypted.",
    )
    # for nobody: who may write one could put it beside another URL and be told the key
    ac_api_key_encrypted = fields.Char(
        "Stored API Key", groups=fields.NO_ACCESS, copy=False
    )
    ac_webhook_token_encrypted = fields.Char(
        "Stored Webhook Token", groups=fields.NO_ACCESS, copy=False
    )
    ac_webhook_id = fields.Char("Webhook ID", readonly=True, copy=False)
    partner_domain = fields.Char(
        "Which Partners",
        default='[("type", "=", "contact"), ("partner_share", "=", True)]',
        required=True,
        tracking=True,
    )
    exclude_automations = fields.Boolean(
        "No Automations on Imports",
        default=True,
        tracking=True,
        help="Contacts that arrive in a bulk import start no automation.",
    )
    database_uuid = fields.Char(readonly=True, copy=False)
    problem = fields.Char(
        readonly=True, copy=False, help="Why nothing is sent at the moment."
    )
    metadata_at = fields.Datetime("Metadata Refreshed", readonly=True, copy=False)
    run_ids = fields.One2many("ac.sync.run", "config_id", readonly=True)
    binding_count = fields.Integer(compute="_compute_counts")
    waiting_count = fields.Integer(compute="_compute_counts")
    synced_count = fields.Integer(compute="_compute_counts")
    failed_count = fields.Integer(compute="_compute_counts")
    skipped_count = fields.Integer(compute="_compute_counts")

    @api.depends("ac_api_key_encrypted", "ac_webhook_token_encrypted")
    def _compute_secrets(self):
        for config in self:
            config.ac_api_key = config.ac_api_key_encrypted and MASK
            config.ac_webhook_token = config.ac_webhook_token_encrypted and MASK

    def _inverse_ac_api_key(self):
        for config in self:
            if secret := self._typed(config.ac_api_key):
                config.sudo().ac_api_key_encrypted = self._encrypt(secret)

    def _inverse_ac_webhook_token(self):
        for config in self:
            if secret := self._typed(config.ac_webhook_token):
                config.sudo().ac_webhook_token_encrypted = self._encrypt(secret)
                config.ac_webhook_id = False  # AC does not know the new token yet

    @api.model
    def _typed(self, value):
        """Return what was typed into a masked field, also behind the mask."""
        return (value or "").replace(MASK[0], "").strip()

    def _encrypt(self, secret):
        """:raise UserError: the key is missing or wrong; nothing is overwritten"""
        try:
            ring.check(self.env)
            return vault.encrypt(secret, self.env.cr.dbname)
        except vault.VaultError as error:
            raise UserError(str(error)) from error

    def _compute_counts(self):
        counts = {}
        for config, state, count in self.env["ac.binding"]._read_group(
            [("config_id", "in", self.ids)], ["config_id", "state"], ["__count"]
        ):
            counts[config.id, state] = count
        for config in self:
            of = {state: n for (id_, state), n in counts.items() if id_ == config.id}
            config.binding_count = sum(of.values())
            config.synced_count = of.get("synced", 0)
            config.skipped_count = of.get("skipped", 0)
            config.failed_count = of.get("failed", 0) + of.get("dead", 0)
            config.waiting_count = sum(
                of.get(state, 0) for state in ("pending", "sending", "sent")
            )

    @api.constrains(
        "partner_domain", "account_domain", "order_domain", "product_domain"
    )
    def _check_domains(self):
        for config in self:
            for synced_object in OBJECTS.values():
                config._check_domain(synced_object)

    def _check_domain(self, synced_object):
        try:
            model = self.sudo(False).env[synced_object.model]
            domain = self._domain(synced_object)
            readable.check(model, domain)
            model.sudo().search(domain, limit=1)
        except Exception as error:
            field = self._fields[synced_object.scope]
            raise ValidationError(
                self.env._(
                    "“%(field)s” is not a valid filter: %(filter)s",
                    field=field._description_string(self.env),
                    filter=self[synced_object.scope],
                )
            ) from error

    @api.model_create_multi
    def create(self, vals_list):
        closed_fields.check(self, vals_list)
        configs = super().create(vals_list)
        configs._make_missing_tokens()
        return configs

    def _make_missing_tokens(self):
        for config in self.sudo().filtered(lambda c: not c.ac_webhook_token_encrypted):
            config.ac_webhook_token_encrypted = self._encrypt(secrets.token_urlsafe(32))

    def write(self, vals):
        if {"ac_base_url", "ac_api_key"} & vals.keys():
            vals = {"problem": False, **vals}
        moved = self.filtered(
            lambda c: c.ac_base_url != vals.get("ac_base_url", c.ac_base_url)
        )
        if moved:
            moved._forget_account()
            if not self._typed(
                vals.get("ac_api_key")
            ):  # no key for a host it was not meant for
                moved.sudo().ac_api_key_encrypted = False
        switched_on = self.filtered(
            lambda c: vals.get("sync_accounts") and not c.sync_accounts
        )
        result = super().write(vals)
        for config in switched_on.filtered(lambda c: c.state == "confirmed"):
            marks.mark_again(config)
        return result

    def _forget_account(self):
        """Drop what belongs to the account at the old URL; nobody else's is touched."""
        self.env["ac.binding"].sudo().search([("config_id", "in", self.ids)]).unlink()
        self.env["ac.metadata"].sudo().with_context(active_test=False).search(
            [("config_id", "in", self.ids)]
        ).unlink()
        self.write(
            {
                "state": "draft",
                "ac_webhook_id": False,
                "token_untold": False,
                "metadata_at": False,
            }
        )

    # What belongs to the account -------------------------------------------------

    def _objects(self):
        """Return the rows of the registry that this account synchronises, in order."""
        rows = OBJECTS.values()
        return [row for row in rows if not row.switch or self[row.switch]]

    def _domain(self, synced_object=OBJECTS["contact"]):
        """Return the filter of the records that an object is made of."""
        return ast.literal_eval(self[synced_object.scope])

    def _in_scope(self, records, synced_object=OBJECTS["contact"]):
        """Return those of `records` that the account's filter lets through."""
        self.ensure_one()
        return records.with_context(active_test=False).search(
            [("id", "in", records.ids), *self._domain(synced_object)]
        )

    def _check_sendable(self, record, in_scope, binding):
        """:raise Skip: the record is archived, of another company, or filtered out"""
        archived = "active" in record and not record.active
        if archived and not self._tells_archived(binding):
            raise Skip("archived")
        if self.company_id and record.company_id not in (
            self.company_id.browse(),
            self.company_id,
        ):
            raise Skip("other_company", record.company_id.name)
        if record not in in_scope:
            raise Skip("out_of_scope")

    # Buttons ----------------------------------------------------------------------

    def test_connection(self):
        """Ask ActiveCampaign who we are; answer with a notification.

        :raise UserError: what is wrong and what to do about it
        """
        self.ensure_one()
        self.check_access("write")
        user, account = self._ask_who_we_are()
        return self._notify(
            self.env._("Connected"),
            self.env._("%(user)s of %(account)s answers.", user=user, account=account),
        )

    def _ask_who_we_are(self):
        if not self.sudo().ac_api_key_encrypted:
            raise UserError(self.env._("Enter the API key first."))
        names = self._try_key()
        self._let_flow()
        return names

    def _try_key(self, key=None):
        """Ask who we are with a key, the stored one by default; change nothing.

        :return: ``(user, account)``, readable names
        :raise UserError: what is wrong and what to do about it
        """
        try:
            with gateway.trial_client(self, key=key, retry=PATIENCE) as client:
                user = client.users.me().record
                return metadata.user_name(user), metadata.account_name(client)
        except ActiveCampaignError as error:
            raise UserError(in_words(error)) from error
        except vault.VaultError as error:
            raise UserError(str(error)) from error

    def action_confirm(self):
        """Test the connection, then let the account's records flow."""
        self.check_access("write")
        for config in self:
            config._ask_who_we_are()
            config._make_missing_tokens()
            config.write(
                {
                    "state": "confirmed",
                    "database_uuid": gateway.database_uuid(self.env),
                    "problem": False,
                }
            )
            config._enqueue("metadata")
            marks.mark_again(config)
        return self._notify(
            self.env._("Connected"),
            self.env._("Changes flow from now on. Next: Synchronise Everything."),
        )

    def action_disconnect(self):
        """Stop all traffic; nothing is deleted on either side."""
        return self.write({"state": "draft"})

    def action_refresh_metadata(self):
        """Fetch fields, tags, lists, pipelines … anew in the background."""
        self._check_operator()
        for config in self:
            config._enqueue("metadata")
        return self._notify(
            self.env._("Refreshing"),
            self.env._("The metadata will be here in a moment."),
        )

    def action_sync_all(self):
        """Start a run over every partner in scope and show it."""
        self.ensure_one()
        self._check_operator()
        runs = self.env["ac.sync.run"].sudo()
        under_way = [
            ("config_id", "=", self.id),
            ("kind", "=", "everything"),
            ("state", "in", ("running", "paused")),
        ]
        return self._opened_run(runs.search(under_way, limit=1) or runs._start(self))

    def action_view_bindings(self):
        """Open the links of this account, filtered by the button's context."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ac_odoo_connector.action_ac_binding"
        )
        action["domain"] = [("config_id", "=", self.id)]
        action["context"] = dict(self.env.context)
        return action

    def _check_operator(self):
        """:raise AccessError: the user may look, but not set things in motion, or the
        account is one that they may not even see"""
        self.check_access("read")
        if not self.env.user.has_group("ac_odoo_connector.group_operator"):
            raise AccessError(
                self.env._("This takes the role “Operator” of ActiveCampaign.")
            )

    def _notify(self, title, message):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "title": title,
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _metadata_is_old(self):
        limit = fields.Datetime.now() - METADATA_LIFETIME
        return not self.metadata_at or self.metadata_at < limit

    def _mark_missed(self):
        """Mark records in scope that have no link yet or changed without a mark.

        That happens to records made by SQL, or when a filter was widened.
        """
        for synced_object in self._loaded_objects():
            query = self.env["ac.binding"]._missed(self, synced_object)
            marks.mark_query(self, synced_object, query)
