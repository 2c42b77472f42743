# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Where ActiveCampaign's webhooks arrive: guard, store, answer."""

import logging
import re
from urllib.parse import urlencode

from werkzeug.exceptions import (
    BadRequest,
    Forbidden,
    HTTPException,
    NotFound,
    RequestEntityTooLarge,
)

from odoo import http
from odoo.http import request
from odoo.tools import consteq

from ..activecampaign import MalformedWebhook, parse_webhook
from ..engine import inbox, vault
from ..engine.webhook_setup import EVENTS

MAX_BYTES = 256 * 1024
ACTIONS = frozenset([*EVENTS, "any"])
FORM = "application/x-www-form-urlencoded"


class Webhook(http.Controller):
    @http.route(
        "/ac/webhook/<string:action>",
        type="http",
        auth="public",
        methods=["GET", "POST"],
        csrf=False,
        save_session=False,
        max_content_length=4 * MAX_BYTES,  # where reading ends without a length
    )
    def receive(self, action, **_params):
        """Store one event of ActiveCampaign and answer 200 at once.

        403 wrong token, 404 unknown action, 413 too large, 400 malformed. GET
        answers 200 with nothing, for people who try the address.
        """
        if request.httprequest.method == "GET":
            return request.make_response("")
        try:
            self._receive(action)
        except HTTPException as refusal:
            return request.make_response(refusal.description, status=refusal.code)
        return request.make_response("OK")

    def _receive(self, action):
        if (request.httprequest.content_length or 0) > MAX_BYTES:
            raise RequestEntityTooLarge("The event is too large.")
        if action not in ACTIONS:
            raise NotFound("There is no such action.")
        config = self._config_of_token()
        payload = self._payload()
        if action != "any" and payload.get("type") != action:
            raise BadRequest("The event is of another type.")
        inbox.store(request.env, config, payload)

    def _config_of_token(self):
        """Return the account whose token was sent; all are compared, in constant time.

        No token configured means that nothing is accepted.
        """
        sent, found = self._token(), None
        configs = request.env["ac.odoo.config"].sudo()._confirmed()
        for config in configs:
            try:
                token = vault.decrypt(
                    config.ac_webhook_token_encrypted, request.env.cr.dbname
                )
            except vault.VaultError:
                continue
            if token and consteq(token.encode(), sent.encode()):
                found = config
        if not found:
            raise Forbidden("The token is wrong.")
        return found

    def _token(self):
        headers = request.httprequest.headers
        basic = request.httprequest.authorization
        return (
            headers.get("X-AC-Webhook-Token")
            or request.httprequest.args.get("token")
            or (basic and basic.password)
            or ""
        )

    def _payload(self):
        """Return the payload; Odoo has read a form already, anything else is unread."""
        form = request.httprequest.form
        if form:
            body, kind = urlencode(list(form.items(multi=True))).encode(), FORM
        else:
            body = request.httprequest.get_data()
            kind = request.httprequest.content_type or ""
        if len(body) > MAX_BYTES:  # sent in chunks, without a length
            raise RequestEntityTooLarge("The event is too large.")
        try:
            return parse_webhook(body, kind, max_bytes=MAX_BYTES)
        except MalformedWebhook as error:
            raise BadRequest(str(error)) from error


class _HideToken(logging.Filter):
    """Keep the token out of the access log, where the address would show it."""

    def filter(self, record):
        if isinstance(record.args, tuple):
            record.args = tuple(map(_without_token, record.args))
        record.msg = _without_token(record.msg)
        return True


def _without_token(text):
    return _TOKEN.sub(r"\1***", text) if isinstance(text, str) else text


_TOKEN = re.compile(r"([?&]token=)[^&\s\"]+")
logging.getLogger("werkzeug").addFilter(_HideToken())
