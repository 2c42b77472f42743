# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""An audit on paper, as a file and over time; how its values are told and compared."""

import csv
import io

from odoo.tests import TransactionCase, tagged

from ..controllers.audit import written
from ..engine import audit_same
from ..engine.audit_step import veiled
from .audit_case import LEAD, AuditCase


@tagged("post_install", "-at_install")
class TestAuditReport(AuditCase):
    def test_the_report_names_records_numbers_and_causes(self):
        ada = self.linked("Ada Love")
        self.untag("ada@example.com")
        run = self.audit()
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "ac_odoo_connector.report_audit", run.ids
        )
        shown = html.decode()
        for text in (ada.display_name, LEAD, "Told, but not so there", "are veiled"):
            self.assertIn(text, shown)

    def test_the_file_is_no_formula(self):
        self.linked("Ada Love")
        self.config.lead_tag = "=cmd()"
        self.commit()
        run = self.audit()
        rows = list(csv.reader(io.StringIO(written(run._csv_rows()).lstrip("\ufeff"))))
        self.assertIn("'=cmd()", rows[1])
        self.assertEqual(rows[1][4:6], ["0.0", "0.0"])


@tagged("post_install", "-at_install")
class TestAuditValues(TransactionCase):
    def test_values_that_mean_the_same(self):
        for here, there in (
            ("12", 12.0),
            ("12.50", "12.5"),
            ("||a||b||", "b||a"),
            ("2026-01-02", "2026-01-02T00:00:00-05:00"),
            ("2026-01-02T10:00:00+00:00", "2026-01-02T05:00:00-05:00"),
            ("Ada  Love", "Ada Love"),
            (None, ""),
            (False, "0"),
            (["b", "a"], ["a", "b"]),
            ([], None),
        ):
            with self.subTest(here=here):
                self.assertTrue(audit_same.same(here, there))
        for here, there in (
            ("007", "7"),
            ("ada", "Ada"),
            ("2026-01-02", "2026-01-03"),
            (True, None),
            ("1", ""),
        ):
            with self.subTest(here=here):
                self.assertFalse(audit_same.same(here, there))

    def test_veiled_values_can_be_told_apart(self):
        self.assertEqual(veiled("+1 555 0199"), "+••••••••99")
        self.assertEqual(veiled("Ada"), "•••")
        self.assertEqual(veiled(None), "")
