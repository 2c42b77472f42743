# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the tests of the first load share."""

from odoo.tests import new_test_user

from .common import ConnectorCase


class LoadCase(ConnectorCase):
    def people(self, count, prefix="p"):
        return [
            {"name": f"Person {n}", "email": f"{prefix}{n}@example.com"}
            for n in range(count)
        ]

    def partners_of_old(self, *vals_list):
        """Return partners that were there before the account: nobody has marked them."""
        partners = self.make_partners(*vals_list)
        self.cr.execute("DELETE FROM ac_binding; DELETE FROM queue_job")
        self.commit()
        self.env.invalidate_all()
        return partners

    def make_user(self, role):
        """Return a person with a role of the connector; gone after the test."""
        groups = f"base.group_user,ac_odoo_connector.group_{role}"
        user = new_test_user(self.env, f"{role}{self.last_partner_id}", groups)
        self.addCleanup(self._forget_user, user)
        self.commit()
        return user

    def _forget_user(self, user):
        """Odoo keeps the partner of a user, and so would not let the others go."""
        self.cr.rollback()
        self.env["ac.first.load"].search([]).unlink()
        user.unlink()
        self.commit()

    def first_load(self):
        action = self.config.action_first_load()
        self.commit()
        return self.env["ac.first.load"].browse(action["res_id"])

    def surveyed(self):
        """Return a first load whose dry run is complete."""
        load = self.first_load()
        load.action_next()
        self.run_jobs()
        return load

    def counts(self, load):
        """Return `{(outcome, reason): count}` of a dry run."""
        return {(line.outcome, line.reason): line.count for line in load.line_ids}

    def lines(self, load, outcome):
        return load.line_ids.filtered(lambda line: line.outcome == outcome)
