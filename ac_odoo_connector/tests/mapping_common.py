# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the tests of the field mapping share."""

from .common import ConnectorCase

OPTIONS = ["English", "Italian", "German"]


class MappingCase(ConnectorCase):
    """With mappings of its own: those of the installation are put aside."""

    def setUp(self):
        super().setUp()
        self.own = self.env["ac.field.mapping"]
        before = self.own.with_context(active_test=False).search([]).ids
        self.addCleanup(self.forget_mappings, before)

    def forget_mappings(self, before):
        # runs before the connector's own clean-up, which closes the cursor
        self.cr.rollback()
        mappings = self.own.with_context(active_test=False)
        mappings.search([("id", "not in", before)]).unlink()
        self.commit()

    def field(self, title, type_="text", options=(), kind="field"):
        """Make a field in the simulated account; return its AC id."""
        with self.client() as client:
            if kind == "account_field":
                values = {"fieldLabel": title, "fieldType": type_}
                values |= {"fieldOptions": list(options)} if options else {}
                return client.account_fields.create(values).id
            id_ = client.fields.create({"title": title, "type": type_}).id
            if options:
                client.field_options.create(
                    [{"field": id_, "value": o, "label": o} for o in options]
                )
            return id_

    def refresh(self):
        self.config.action_refresh_metadata()
        self.run_jobs()

    def map(self, ac_field, transformation="direct", **values):
        return self.own.create(
            {"ac_field": ac_field, "transformation": transformation, **values}
        )

    def held(self, email):
        """Return ``{AC field id: text}`` of a contact in the simulated account."""
        state = self.simulator.state()
        contact = self.simulator.contacts()[email]
        return {
            str(row["field"]): row["value"]
            for row in state["fieldValues"].values()
            if row["contact"] == contact["id"]
        }

    def ada(self, **values):
        return self.make_partners({"name": "Ada", "email": "ada@example.com", **values})
