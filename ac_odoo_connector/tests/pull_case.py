# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What tests of changes made in the account share."""

from datetime import datetime, timedelta, timezone

from ..engine import inbox
from .mapping_common import MappingCase


class PullCase(MappingCase):
    """People edit contacts in the simulated account; the events are stored by hand."""

    moment = 0

    def edit(self, email, **values):
        """Change a contact as a user of the account does; return its AC id."""
        return self.simulator.call(
            "POST", "actions/edit", email=email, source="admin", **values
        )["id"]

    def event(self, type_, contact_id, config=None, **values):
        """Store one event about a contact; another call is another event."""
        self.moment += 1
        at = datetime.now(timezone.utc) + timedelta(seconds=self.moment)
        contact = {"id": str(contact_id), **values.pop("contact", {})}
        payload = {
            "type": type_,
            "date_time": f"{at:%Y-%m-%dT%H:%M:%S}+00:00",
            "initiated_from": "admin",
            "contact": contact,
            **values,
        }
        inbox.store(self.env, config or self.config, payload)
        self.commit()

    def change(self, email, **values):
        """Edit a contact over there and apply the event of it."""
        self.event("update", self.edit(email, **values))
        self.run_jobs()

    def new_contact(self, email, **values):
        """Make a contact over there that nobody here knows; return its AC id."""
        with self.client() as client:
            id_ = client.contacts.create({"email": email, **values}).id
        self.simulator.forget_log()
        return id_

    def last_event(self):
        self.env.invalidate_all()
        return self.env["ac.event"].search([], limit=1)

    def conflicts(self, partners):
        self.env.invalidate_all()
        return self.env["ac.conflict"].search([("partner_id", "in", partners.ids)])

    def linked_ada(self, **values):
        """A partner whose contact holds the same; nothing is under way."""
        ada = self.make_partners(
            {"name": "Ada Lovelace", "email": "ada@example.com", "phone": "1", **values}
        )
        self.run_jobs()
        self.assertEqual(self.binding(ada).state, "synced")
        self.simulator.forget_log()
        return ada
