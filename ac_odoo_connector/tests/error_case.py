# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Partners that ActiveCampaign refuses, and the errors that this leaves."""

from odoo.tests import new_test_user

from .common import ConnectorCase

REFUSED = {"kind": "status", "status": 422, "path": "contact/sync"}


class ErrorCase(ConnectorCase):
    def ada(self, **values):
        return self.make_partners(
            {"name": "Ada Lovelace", "email": "ada@example.com", **values}
        )

    def refused(self, times=None, **values):
        """Return a partner that ActiveCampaign has refused; its error is there."""
        self.simulator.faults({**REFUSED, "times": times})
        partner = self.ada(**values)
        self.run_jobs()
        return partner

    def errors(self, *domain):
        self.commit()
        self.env.invalidate_all()
        return self.env["ac.error.log"].search([*domain], order="id")

    def mend(self):
        self.simulator.call("DELETE", "faults")

    def user(self, role):
        groups = f"base.group_user,ac_odoo_connector.group_{role}"
        user = new_test_user(self.env, f"errors_{role}", groups)
        self.addCleanup(self.commit)
        self.addCleanup(user.unlink)
        return user
