# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The vault is opened by the engine alone: not by fields, filters, templates or code."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..engine import living_domain
from ..engine.ring import SECRETS
from ..engine.webhook_setup import webhook_url
from ..mapping import template
from ..mapping.value import MappingError
from .access_case import INSIDE, AccessCase
from .test_access import QUIET

ASKING = {
    "read": lambda r, name: r.read([name]),
    "search": lambda r, name: r.search([(name, "like", "gAAAA")]),
    "search past a link": lambda r, name: r.env["ac.binding"].search(
        [(f"config_id.{name}", "like", "gAAAA")]
    ),
    "order": lambda r, name: r.search([], order=name),
    "group": lambda r, name: r._read_group([], [name]),
    "export": lambda r, name: r.export_data([name]),
    "web_read": lambda r, name: r.web_read({name: {}}),
    "write": lambda r, name: r.write({name: "gAAAA"}),
    "create": lambda r, name: r.create(
        {"name": "x", "ac_base_url": "https://x.api-us1.com", name: "gAAAA"}
    ),
}


@tagged("post_install", "-at_install")
class TestVaultOutOfReach(AccessCase):
    @mute_logger(*QUIET)
    def test_ciphertexts_are_for_nobody(self):
        """A manager who could copy one to an account of another address would be sent
        what is in it."""
        config = self.alpha.config
        for level in INSIDE[1:]:
            for name in SECRETS:
                for way, ask in ASKING.items():
                    with self.subTest(level=level, field=name, way=way):
                        mine = self.as_user(config, self.alpha.users[level])
                        with self.assertRaises(AccessError):
                            ask(mine, name)
                fields = self.as_user(config, self.alpha.users[level]).fields_get()
                self.assertNotIn(name, fields)

    @mute_logger(*QUIET)
    def test_nobody_enters_a_ciphertext_as_a_new_key(self):
        questions = self.as_user(
            self.alpha.records["ac.api.key.change"], self.alpha.users["manager"]
        )
        values = {"config_id": self.alpha.config.id, "new_key_encrypted": "gAAAA"}
        with self.assertRaises(AccessError):
            questions.create(values)
        with self.assertRaises(AccessError):
            questions.write(values)

    def test_a_key_goes_to_no_other_address(self):
        """Neither empty nor masked: only a key that is typed goes with a new address."""
        for typed in ({}, {"ac_api_key": "•" * 8}, {"ac_api_key": " •"}):
            config = self.alpha.config
            config.ac_api_key = "secret-once-more"
            moved = {"ac_base_url": f"https://other{len(typed)}.api-us1.com", **typed}
            self.as_user(config, self.alpha.users["manager"]).write(moved)
            self.assertFalse(config.ac_api_key_encrypted, typed)
            config.ac_base_url = "https://alphacanary.api-us1.com"

    def test_a_copy_of_an_account_has_no_secrets(self):
        manager = self.alpha.users["manager"]
        copied = self.as_user(self.alpha.config, manager).copy().sudo()
        self.assertFalse(copied.ac_api_key_encrypted)
        self.assertNotEqual(webhook_url(copied), webhook_url(self.alpha.config))

    @mute_logger("odoo.addons.mail.models.mail_render_mixin", "odoo.addons.mail")
    def test_an_email_template_shows_no_secret(self):
        render = self.env["mail.render.mixin"]._render_template
        ids = self.alpha.config.ids
        for engine, text in (
            ("inline_template", "{{ object.ac_api_key }}"),
            ("inline_template", "{{ object.sudo().ac_api_key_encrypted }}"),
            ("qweb", "<t t-out='object.ac_webhook_token'/>"),
        ):
            with self.subTest(template=text):
                shown = render(text, "ac.odoo.config", ids, engine=engine)
                self.assertNotIn("secret-alphacanary", str(shown))

    def test_a_mapping_sends_no_secret(self):
        """Neither by its path nor by its template, whoever writes it."""
        mappings = self.env["ac.field.mapping"].with_user(self.alpha.users["manager"])
        for name in SECRETS:
            path = f"ac_binding_ids.config_id.{name}"
            with self.subTest(path=path), self.assertRaises(UserError):
                mappings.create({"ac_field": "X", "field_path": path})
            program = template.compiled("{{ object." + path + " }}")
            with self.subTest(template=path), self.assertRaises(MappingError):
                template.rendered(program, self.alpha.partner)

    def test_a_template_reaches_no_python(self):
        for text in (
            "{{ object._records.env }}",
            "{{ object.__class__ }}",
            "{{ object.name.__class__.__mro__ }}",
            "{{ '{0.__class__.__init__.__globals__}'.format(object) }}",
            "{{ '{0._records}'.format(object) }}",
            "{{ ('{0._records.env}'|format)(object) }}",
            "{{ object.sudo() }}",
            "{{ self.__init__.__globals__ }}",
            "{{ cycler.__init__.__globals__ }}",
            "{% import 'os' as os %}{{ os.environ }}",
            "{% include '/etc/hostname' %}",
        ):
            with self.subTest(template=text), self.assertRaises(MappingError):
                shown = template.rendered(template.compiled(text), self.alpha.partner)
                self.fail(shown)

    def test_a_filter_reaches_no_python(self):
        """Odoo's evaluation lets a text's own `format` follow attributes past it."""
        for text in (
            "[('name', '=', '{0.__globals__}'.format(context_today))]",
            "[('name', '=', str.format('{0.__globals__}', context_today))]",
            "[('name', '=', '{f.__globals__}'.format_map({'f': context_today}))]",
            "[('name', '=', [f for f in ['{0.__doc__}'.format]][0](context_today))]",
            "[('name', '=', context_today.__globals__)]",
            "[('name', '=', datetime.__class__)]",
            "[('name', '=', env.cr)]",
        ):
            with self.subTest(filter=text), self.assertRaises(Exception) as refused:
                self.fail(living_domain.read(text))
            self.assertNotIsInstance(refused.exception, AssertionError)

    @mute_logger(*QUIET)
    def test_a_filter_answers_nothing_that_its_author_may_not_read(self):
        """Who is counted would tell a hidden value letter by letter."""
        key = "ac_api_key_encrypted"
        path = f"[('ac_binding_ids.config_id.{key}', 'like', 'gAAAA')]"
        inner = f"[('config_id', 'ANY', [('{key}', 'like', 'gAAAA')])]"
        for hidden in (
            path,
            f"[('ac_binding_ids', 'any', {inner})]",
            f"[('ac_binding_ids', 'Not Any', {inner})]",
            f"[('ac_binding_ids', 'any!', {inner})]",
        ):
            with self.subTest(filter=hidden):
                self.check_refused(hidden)

    def check_refused(self, hidden):
        rules = self.as_user(
            self.alpha.records["ac.audience.rule"], self.alpha.users["manager"]
        )
        with self.assertRaises(ValidationError):
            rules.domain = hidden
        account = self.as_user(self.alpha.config, self.alpha.users["manager"])
        with self.assertRaises(ValidationError):
            account.partner_domain = hidden
        load = self.as_user(
            self.alpha.records["ac.first.load"], self.alpha.users["operator"]
        )
        load.partner_domain = hidden
        self.assertTrue(load.scope_problem)
        self.assertEqual(load.scope_count, 0)
