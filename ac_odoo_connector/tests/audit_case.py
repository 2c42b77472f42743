# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Audits of accounts whose two sides are known."""

from .common import ConnectorCase

LEAD = "Odoo-Lead"


class AuditCase(ConnectorCase):
    def setUp(self):
        super().setUp()
        self.config.lead_tag = LEAD
        self.commit()

    def audit(self):
        """Audit the account and let everything arrive; return the audit."""
        self.commit()
        self.config.action_audit()
        self.run_jobs()
        return self.last()

    def last(self):
        self.env.invalidate_all()
        return self.env["ac.audit.run"].search([], limit=1)

    def repair(self):
        """Repair what the last audit has found; return how."""
        run = self.last()
        run.action_repair()
        self.commit()
        self.run_jobs()
        self.env.invalidate_all()
        return run.line_ids.mapped("done")

    def linked(self, *names, **values):
        """Return partners with contacts; nothing is under way."""
        partners = self.make_partners(
            *(
                {
                    "name": name,
                    "email": f"{name.split()[0].lower()}@example.com",
                    **values,
                }
                for name in names
            )
        )
        self.run_jobs()
        self.simulator.forget_log()
        return partners

    def act(self, action, **values):
        self.simulator.call("POST", f"actions/{action}", **values)

    def untag(self, email, name=LEAD):
        """Take a tag away over there."""
        with self.client() as client:
            contact = self.simulator.contacts()[email]
            tags = {str(tag["id"]): tag["tag"] for tag in client.tags.list()}
            for link in list(client.contact_tags.of_contact(contact["id"])):
                if tags[str(link["tag"])] == name:
                    client.contact_tags.delete(link["id"])

    def assertEqualSides(self, run):
        self.assertEqual(run.state, "done", run.message)
        found = [(x.label, x.cause, x.here, x.there) for x in run.line_ids]
        self.assertEqual(found, [])
        wrong = run.check_ids.filtered(lambda c: c.state == "different")
        self.assertFalse([(c.label, c.here, c.there) for c in wrong])
        self.assertEqual((run.result, run.agreement), ("equal", 100))

    def assertDiffers(self, run, label, cause, record=None):
        """One value of one record differs, for this cause; return its line."""
        self.assertEqual(run.state, "done", run.message)
        found = [(line.label, line.cause) for line in run.line_ids]
        self.assertEqual(found, [(label, cause)])
        self.assertEqual(run.result, "different")
        if record is not None:
            self.assertEqual(run.line_ids.record_name, record.display_name)
        return run.line_ids
