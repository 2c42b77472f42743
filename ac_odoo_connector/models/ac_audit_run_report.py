# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class AcAuditRun(models.Model):
    """An audit on paper and as a file."""

    _inherit = "ac.audit.run"

    def _csv_rows(self):
        """Return the rows of the exported file, numbers first; both with a heading."""
        checks = [self._csv_of_check(check) for check in self.check_ids]
        lines = [self._csv_of_line(line) for line in self.line_ids]
        numbers = ["object", "label", "measure", "currency", "here", "there"]
        values = ["object", "record_name", "label", "here", "there", "cause", "done"]
        return [
            self._headings("ac.audit.check", [*numbers, "difference", "state"]),
            *checks,
            [],
            self._headings("ac.audit.line", [*values, "remote_id"]),
            *lines,
        ]

    def _headings(self, model, names):
        fields_ = self.env[model]._fields
        return [fields_[name]._description_string(self.env) for name in names]

    def _csv_of_check(self, check):
        return [
            _word(check, "object"),
            check.label,
            _word(check, "measure"),
            check.currency or "",
            check.here,
            check.there,
            check.difference,
            _word(check, "state"),
        ]

    def _csv_of_line(self, line):
        return [
            _word(line, "object"),
            line.record_name or "",
            line.label,
            line.here or "",
            line.there or "",
            _word(line, "cause"),
            _word(line, "done"),
            line.remote_id,
        ]


def _word(record, name):
    """Return the label of a selection in the reader's language, "" for none."""
    return dict(record._fields[name]._description_selection(record.env)).get(
        record[name], ""
    )
