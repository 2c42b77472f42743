# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""An audit as a file for a spreadsheet."""

import csv
import io

from odoo import http
from odoo.http import content_disposition, request

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would take for a formula is told as text."""


class Audit(http.Controller):
    @http.route("/ac/audit/<int:run_id>.csv", type="http", auth="user")
    def export(self, run_id):
        """Return numbers and differences of an audit; 404 for who may not see it."""
        if not (run := _run(run_id)):
            return request.not_found()
        rows = run._csv_rows()
        trail = request.env["ac.trail"]
        trail._note_count("exported", run, len(rows), config=run.config_id)
        name = f"audit-{run.started_at:%Y-%m-%d}.csv"
        headers = [
            ("Content-Type", "text/csv; charset=utf-8"),
            ("Content-Disposition", content_disposition(name)),
        ]
        return request.make_response(written(rows), headers)


def _run(run_id):
    """Return an audit whose differences the user may read, or nothing."""
    if not request.env["ac.audit.line"].has_access("read"):
        return None
    return request.env["ac.audit.run"].search([("id", "=", run_id)])


def written(rows):
    """Return rows as CSV (str) that no spreadsheet calculates with; begins with a mark
    that has it read as UTF-8."""
    file = io.StringIO()
    csv.writer(file).writerows([[_plain(value) for value in row] for row in rows])
    return f"\ufeff{file.getvalue()}"


def _plain(value):
    if not isinstance(value, str):
        return value
    return f"'{value}" if value.startswith(FORMULA) else value
