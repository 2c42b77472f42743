# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Where visitors say whether they want our e-mails: sign-up page and portal."""

from odoo import http
from odoo.http import request

from odoo.addons.auth_signup.controllers.main import AuthSignupHome
from odoo.addons.portal.controllers.portal import CustomerPortal


def consent_text():
    """Return the words of the account in charge, in the visitor's language."""
    return request.env["ac.odoo.config"]._asking(request.env.company).consent_text


def add_values(response, **values):
    """Give values to a page; a redirection is none."""
    if getattr(response, "is_qweb", False):
        response.qcontext.update(values)
    return response


class SignUp(AuthSignupHome):
    @http.route()
    def web_auth_signup(self, *args, **kw):
        response = super().web_auth_signup(*args, **kw)
        return add_values(
            response,
            ac_consent_text=consent_text(),
            ac_consent=bool(request.params.get("ac_consent")),
        )

    def do_signup(self, *args, **kw):
        if request.params.get("ac_consent"):
            request.update_context(ac_consent_text=consent_text())
        return super().do_signup(*args, **kw)


class Portal(CustomerPortal):
    @http.route()
    def account(self, *args, **kw):
        partner = request.env.user.partner_id.sudo()
        consents = request.env["ac.consent"].sudo()
        return add_values(
            super().account(*args, **kw),
            ac_consent_text=consent_text(),
            ac_consent=consents._general_state(partner) == "granted",
            ac_barred=bool(consents._barred(partner)),
            ac_consent_saved=bool(request.params.get("consent_saved")),
        )

    @http.route("/my/consent", type="http", auth="user", methods=["POST"], website=True)
    def consent(self, ac_consent=None, **_params):
        """Record what was ticked or unticked; nothing when it was so already."""
        partner = request.env.user.partner_id.sudo()
        consents = request.env["ac.consent"].sudo()
        text = consent_text()
        given = consents._general_state(partner) == "granted"
        if text and bool(ac_consent) != given:
            state = "granted" if ac_consent else "withdrawn"
            consents._record(partner, state, "portal", text=text)
        return request.redirect("/my/account?consent_saved=1#ac_consent")
