# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""People with a role of the connector."""

from odoo.tests import new_test_user

from .common import ConnectorCase


class PeopleCase(ConnectorCase):
    def user(self, role, login=None, **values):
        """Return a person with a role, or with none; gone after the test."""
        groups = "base.group_user"
        if role:
            groups += f",ac_odoo_connector.group_{role}"
        name = f"{login or role}{self.last_partner_id}"
        user = new_test_user(self.env, name, groups, **values)
        self.addCleanup(self.forget_user, user)
        self.commit()
        return user

    def forget_user(self, user):
        """Odoo keeps the partner of a user, and so would not let the others go."""
        self.cr.rollback()
        user.unlink()
        self.commit()
