# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

from ..engine.remedies import remedy_for
from ..mapping.deal import Stage
from ..mapping.registry import OBJECTS
from .ac_deal_stage_places import KINDS, Places
from .ac_error_log import UNSOLVED


class AcOdooConfig(models.Model):
    """Where orders stand in the pipelines; queries per chunk and line, not per order."""

    _inherit = "ac.odoo.config"

    def _places(self):
        """Return `Places` of the account; one query."""
        entries = self.env["ac.metadata"].with_context(active_test=False)
        domain = [("config_id", "=", self.id), ("kind", "in", KINDS)]
        return Places(entries.search(domain))

    def _rows_of(self, orders):
        """Return ``{order id: ac.deal.stage.mapping}``: the first line that fits."""
        found = {}
        for row in self.env["ac.deal.stage.mapping"]._of(self):
            left = orders.filtered(lambda o: o.id not in found)
            found.update(dict.fromkeys(row._fitting(left).ids, row))
        return found

    def _stages_of(self, orders):
        """Return ``{order id: mapping.deal.Stage}``.

        Absent where no line fits; the reason in words (str) where the line ignores the
        order or names a place that the account does not have.
        """
        rows, places = self._rows_of(orders), self._places()
        groups = self._groups_of(orders)
        known = {row: self._stage_of(row, places) for row in set(rows.values())}
        stages = {order_id: known[row] for order_id, row in rows.items()}
        for order_id, stage in stages.items():
            row = rows[order_id]
            stays = order_id in groups and not (row.pipeline or row.stage)
            if stays and isinstance(stage, Stage):
                stages[order_id] = stage._replace(group=groups[order_id])
        return stages

    def _stage_of(self, row, places):
        if row.action == "ignore":
            return self.env._("the stage mapping ignores such orders")
        if not (pipeline := places.pipeline(row)):
            return self._lost(row)
        stage = places.stage(row, pipeline) if row.stage else pipeline.browse()
        if row.stage and not (stage or places.begins_first(row)):
            return self._lost(row)
        return Stage(pipeline.remote_id, stage.remote_id or "", int(row.status))

    def _lost(self, row):
        return self.env._(
            "%(account)s has no stage “%(place)s”: correct the stage mapping",
            account=self.name,
            place=" › ".join(part for part in (row.pipeline, row.stage) if part),
        )

    def _groups_of(self, orders):
        """Return ``{order id: AC pipeline id}`` of the deals that are there: a line that
        names neither pipeline nor stage leaves them where they are."""
        links = self.env["ac.binding"].search(
            [
                ("config_id", "=", self.id),
                ("object", "=", "deal"),
                ("res_id", "in", orders.ids),
                ("remote_id", "!=", False),
            ]
        )
        groups = {link.res_id: link._deal_place().get("group") for link in links}
        return {order_id: group for order_id, group in groups.items() if group}

    def _row_back(self, order, place):
        """Return the line that says what a deal moved to a place does to its order:
        the first that fits and does something.

        :param place: see `engine.deal_place`
        """
        places = self._places()
        rows = self.env["ac.deal.stage.mapping"]._of(self)
        for row in rows.filtered(lambda r: r.when_moved != "nothing"):
            domain = [("id", "=", order.id), *row._domain()]
            if places.fits(row, place) and order.search_count(domain):
                return row
        return rows.browse()

    # Tags of the customers --------------------------------------------------------

    def _order_tags_of(self, partners):
        """Return ``{partner id: {tag}}`` by the lines that their orders are at."""
        if not any(self.env["ac.deal.stage.mapping"]._of(self).mapped("tag")):
            return {}
        tags = {}
        orders = self._orders_of(partners)
        for order_id, row in self._rows_of(orders).items():
            if row.tag:
                partner = orders.browse(order_id).partner_id
                tags.setdefault(partner.id, set()).add(row.tag)
        return tags

    def _orders_of(self, partners):
        domain = [("partner_id", "in", partners.ids), *self._domain(OBJECTS["deal"])]
        if self.company_id:
            domain.append(("company_id", "=", self.company_id.id))
        return self.env["sale.order"].sudo().search(domain)

    # Pipelines and stages that are gone -------------------------------------------

    def _report_lost_stages(self):
        """Write one error for each line whose place is gone, and solve those of lines
        that are in order again."""
        places = self._places()
        errors = self.env["ac.error.log"]
        for row in self.env["ac.deal.stage.mapping"]._of(self):
            lost = places.is_lost(row) and not places.begins_first(row)
            lost = lost and row.action == "move" and self.sync_deals
            errors._record_lost_stage(self, row, lost)


class AcErrorLog(models.Model):
    _inherit = "ac.error.log"

    def _record_lost_stage(self, config, row, lost):
        """Keep one open error for a line of the stage mapping as long as it is lost."""
        code = f"stage_mapping_{row.id}"
        known = self.search(
            [
                ("config_id", "=", config.id),
                ("code", "=", code),
                ("state", "in", UNSOLVED),
            ]
        )
        if known and not lost:
            known.state = "solved"
        elif lost and not known:
            self.create(
                {
                    "config_id": config.id,
                    "direction": "push",
                    "operation": self.env._("Stage Mapping"),
                    "code": code,
                    "message": config._lost(row),
                    "hint": self.env._(remedy_for(code=code).advice),
                }
            )
