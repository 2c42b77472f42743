# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""An account that makes deals of orders, and what a person does with them over there."""

import json
from contextlib import contextmanager

from ..engine import inbox
from ..mapping.deal import at
from ..mapping.registry import OBJECTS, fingerprint
from .common import ConnectorCase

DEAL = OBJECTS["deal"]


class StageCase(ConnectorCase):
    def setUp(self):
        super().setUp()
        self.config.sync_deals = True
        self.perform("metadata")
        self.partner = self.make_partners({"name": "Ada", "email": "ada@example.com"})
        self.run_jobs()

    def order(self, **values):
        product = self.env["product.product"].create({"name": "Engine"})
        line = {"product_id": product.id, "product_uom_qty": 2, "price_unit": 5}
        order = self.env["sale.order"].create(
            {"partner_id": self.partner.id, "order_line": [(0, 0, line)], **values}
        )
        self.commit()
        return order

    def line(self, state, **values):
        """Add a line of the mapping, for this test only."""
        row = self.env["ac.deal.stage.mapping"].create({"order_state": state, **values})
        self.commit()
        return row

    def _clean_sales(self):
        rows = self.env["ac.deal.stage.mapping"].with_context(active_test=False)
        data = self.env["ir.model.data"].search([("model", "=", rows._name)])
        shipped = rows.browse(data.mapped("res_id"))
        (rows.search([]) - shipped).unlink()
        shipped.active = True
        return super()._clean_sales()

    # What is there ----------------------------------------------------------------

    def stage_of(self, order):
        self.commit()
        return self.config._stages_of(order)[order.id]

    def stage_name(self, stage):
        return self.simulator.state()["dealStages"][stage.stage]["title"]

    def stage_id(self, name):
        stages = self.simulator.state()["dealStages"].values()
        return next(str(stage["id"]) for stage in stages if stage["title"] == name)

    def deal(self, order):
        """Return the order's link with its deal, freshly read."""
        return self.binding(order).filtered(lambda b: b.object == "deal")

    def tags(self, order):
        return self.simulator.contacts()[order.partner_id.email]["tags"]

    @contextmanager
    def counted(self):
        """Count the queries inside."""
        self.env.flush_all()
        before = self.cr.sql_log_count
        end = []
        yield lambda: end[0] - before
        end.append(self.cr.sql_log_count)

    # What a person does over there ------------------------------------------------

    def add_stage(self, name):
        with self.client() as client:
            stage = client.stages.create({"title": name, "group": "1", "order": 9})
        self.perform("metadata")
        return str(stage.id)

    def delete_stage(self, name):
        with self.client() as client:
            client.stages.delete(self.stage_id(name))

    def linked(self, order, group="1", stage="1", status=0):
        """Make the order's deal over there and link it, as a push leaves it."""
        contact = self.binding(self.partner).remote_id
        values = {"title": order.name, "contact": contact, "value": 1000}
        with self.client() as client:
            deal = client.deals.create(
                values
                | {"currency": "usd", "group": "1", "stage": "1", "status": status}
            )
        told = {"identity": str(order.id), "at": [group, stage, status]}
        self.commit()
        self.cr.execute(
            "UPDATE ac_binding SET state = 'synced', remote_id = %s, sent = %s, "
            "synced_at = '2020-01-01' WHERE object = 'deal' AND res_id = %s",
            (str(deal.id), json.dumps(told), order.id),
        )
        self.commit()
        self.env.invalidate_all()
        if group == "1":
            self.in_step(order)
        return self.deal(order)

    def in_step(self, order):
        """Have ActiveCampaign hold what Odoo would send."""
        link = self.deal(order)
        payload = DEAL.to_ac(order, self.config._facts(DEAL, order))
        link.write(
            {
                "state": "synced",
                "fingerprint": fingerprint(payload),
                "sent": {**(link.sent or {}), "at": at(payload)},
            }
        )
        self.commit()
        self.cr.execute("DELETE FROM queue_job")
        self.commit()
        self.simulator.forget_log()

    def moved(self, order, stage="", status="0", by="admin", **values):
        """Have the webhook tell that the deal stands elsewhere, and apply it."""
        stages = self.simulator.state()["dealStages"]
        id_ = self.stage_id(stage) if stage else "1"
        payload = {
            "type": "deal_update",
            "date_time": "2026-07-17T22:01:25-05:00",
            "initiated_from": by,
            "initiated_by": by,
            "contact": {"id": self.binding(self.partner).remote_id},
            "deal": {
                "id": self.deal(order).remote_id,
                "pipelineid": "1",
                "pipeline_title": "Sales",
                "stageid": id_,
                "stage_title": stages[id_]["title"],
                "status": status,
                "value": "1,234.50",
                "value_raw": "1234.50",
                "currency": "eur",
            },
            **values,
        }
        inbox.store(self.env, self.config, payload)
        self.commit()
        self.perform("inbox")
        return self.env["ac.event"].search([], limit=1)

    def notes(self, order):
        """Return the texts of the order's notes about its deal, in their order."""
        bodies = order.message_ids.sorted("id").mapped("body")
        return [str(body) for body in bodies if "ActiveCampaign" in body]
