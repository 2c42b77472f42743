# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Where ActiveCampaign's webhooks arrive: guard, store, answer."""

import logging
import re
from urllib.parse import unquote_plus

from odoo import http
from odoo.http import request

from ..activecampaign import (
    EVENT_TYPES,
    MalformedWebhook,
    parse_webhook,
    webhook_from_pairs,
)
from ..engine import guard, inbox, knocks
from ..engine.guard import Refusal

MAX_BYTES = 256 * 1024
LONGEST_ADDRESS = 64
ACTIONS = EVENT_TYPES | {"any", "automation"}


READ_ON = 4  # times what an event may have: below that we answer ourselves


def _read_at_most(_controller):
    """Return where Odoo stops reading; the system parameter is for unusual events."""
    parameters = request.env["ir.config_parameter"].sudo()
    said = parameters.get_param("ac_odoo_connector.webhook_max_bytes") or ""
    return READ_ON * (int(said) if said.isdecimal() else MAX_BYTES)


class Webhook(http.Controller):
    @http.route(
        "/ac/webhook/<string:action>",
        type="http",
        auth="none",
        methods=["GET", "POST"],
        csrf=False,
        save_session=False,
        max_content_length=_read_at_most,
        only_arguments=("action",),
    )
    def receive(self, action):
        """Store one event of ActiveCampaign and answer 200 at once.

        413 too large, 404 unknown action, 403 wrong token or address, 429 too many,
        400 malformed. GET answers 200 with nothing, for people who try the address.
        """
        if request.httprequest.method != "POST":
            return request.make_response("")
        try:
            self._receive(action)
        except Refusal as refusal:
            return self._refused(refusal)
        return request.make_response("OK")

    def _receive(self, action):
        limit = request.httprequest.max_content_length // READ_ON
        if (request.httprequest.content_length or 0) > limit:
            raise Refusal(413, "The event is too large.")
        if action not in ACTIONS:
            raise Refusal(404, "There is no such action.")
        config_id = guard.account_of(request.env.cr, self._token(), self._address())
        payload = self._payload(limit)
        if action != "any" and (payload.get("type") or "automation") != action:
            raise Refusal(400, "The event is of another type.")
        inbox.store(
            request.env, request.env["ac.odoo.config"].browse(config_id), payload
        )

    def _refused(self, refusal):
        if isinstance(refusal, guard.Unknown):
            knocks.knocked(request.env, self._address())
        after = [("Retry-After", str(refusal.retry_after))]
        return request.make_response(
            str(refusal), after if refusal.retry_after else [], status=refusal.status
        )

    def _address(self):
        """Return where the request comes from; behind a proxy Odoo needs proxy_mode."""
        return (request.httprequest.remote_addr or "")[:LONGEST_ADDRESS]

    def _token(self):
        headers = request.httprequest.headers
        basic = request.httprequest.authorization
        return (
            headers.get("X-AC-Webhook-Token")
            or request.httprequest.args.get("token")
            or (basic and basic.password)
            or ""
        )

    def _payload(self, limit):
        """Return the payload; Odoo has read a form already, anything else is unread."""
        form = request.httprequest.form
        self._check_plain(request.httprequest)
        try:
            if form:
                self._check_unmeasured(form, limit)
                return webhook_from_pairs(form.items(multi=True))
            body = request.httprequest.get_data()
            if len(body) > limit:  # sent in chunks, without a length
                raise Refusal(413, "The event is too large.")
            kind = request.httprequest.content_type or ""
            return parse_webhook(body, kind, max_bytes=limit)
        except MalformedWebhook as error:
            raise Refusal(400, str(error)) from error

    def _check_plain(self, httprequest):
        """Nothing is unpacked: what ActiveCampaign sends is neither zipped nor a file."""
        if httprequest.headers.get("Content-Encoding", "identity") != "identity":
            raise Refusal(400, "The event is compressed.")
        if httprequest.mimetype.startswith("multipart/"):
            raise Refusal(400, "The content type is neither form nor JSON")

    def _check_unmeasured(self, form, limit):
        """A form sent in chunks has no length: its parts are counted."""
        if request.httprequest.content_length is None:
            parts = (len(name) + len(value) for name, value in form.items(multi=True))
            if sum(parts) > limit:
                raise Refusal(413, "The event is too large.")


class _HideToken(logging.Filter):
    """Keep the token out of the access log, where the address would show it."""

    def filter(self, record):
        if isinstance(record.args, tuple):
            record.args = tuple(map(_without_token, record.args))
        record.msg = _without_token(record.msg)
        return True


def _without_token(text):
    return _PARAMETER.sub(_hidden, text) if isinstance(text, str) else text


def _hidden(match):
    """Hide the value of ``token``, however its name is written."""
    name, value = match.groups()
    hidden = unquote_plus(name[1:]) == "token"
    return f"{name}={'***' if hidden else _without_token(value)}"


_PARAMETER = re.compile(r"([?&;][^=&;?\s\"]*)=([^&\s\"]*)")
for _name in ("werkzeug", "longpolling"):  # the latter: Odoo's second port
    logging.getLogger(_name).addFilter(_HideToken())
