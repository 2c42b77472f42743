# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What is known of one person, as a file and as a page."""

import json

from odoo import http
from odoo.http import content_disposition, request

PRIVATE = [("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff")]
NOTHING_RUNS = "default-src 'none'; style-src 'unsafe-inline'"
"""What people and ActiveCampaign have written is shown; nothing of it is loaded or run."""


class Privacy(http.Controller):
    @http.route("/ac/privacy/<int:wizard_id>.json", type="http", auth="user")
    def file(self, wizard_id):
        """Return what both sides know of a person as JSON; 404 for who may not."""
        if not (wizard := _wizard(wizard_id)):
            return request.not_found()
        known = json.dumps(wizard._exported(), indent=2, ensure_ascii=False)
        headers = [
            ("Content-Type", "application/json; charset=utf-8"),
            ("Content-Disposition", content_disposition("person.json")),
        ]
        return request.make_response(known, [*headers, *PRIVATE])

    @http.route("/ac/privacy/<int:wizard_id>.html", type="http", auth="user")
    def page(self, wizard_id):
        """Return what both sides know of a person to be read; 404 for who may not."""
        if not (wizard := _wizard(wizard_id)):
            return request.not_found()
        page = request.env["ir.qweb"]._render(
            "ac_odoo_connector.page_privacy", wizard._exported()
        )
        headers = [
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Security-Policy", NOTHING_RUNS),
        ]
        return request.make_response(page, [*headers, *PRIVATE])


def _wizard(wizard_id):
    """Return what the user has asked for, nothing of what others have."""
    wizards = request.env["ac.privacy"]
    if not wizards.has_access("read"):
        return None
    return wizards.search([("id", "=", wizard_id)])
