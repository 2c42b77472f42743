# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

KINDS = ("pipeline", "stage")


class Places:
    """The pipelines and stages of one account by name.

    `entries` `ac.metadata` of both kinds, archived ones too: those are gone over there.
    """

    def __init__(self, entries):
        by_kind = entries.grouped("kind")
        none = entries.browse()
        self.pipelines = by_kind.get("pipeline", none).sorted(_number)
        self.stages = by_kind.get("stage", none).sorted(_position)

    def pipeline(self, row):
        """Return the entry of a line's pipeline, empty when there is none any more."""
        here = self.pipelines.filtered("active")
        if row.pipeline:
            here = here.filtered(lambda e: same(e.name, row.pipeline))
        return here[:1]

    def stage(self, row, pipeline):
        """Return the entry of a line's stage in a pipeline."""
        here = self.of_pipeline(pipeline)
        return here.filtered(lambda e: same(e.name, row.stage))[:1]

    def of_pipeline(self, pipeline):
        """Return the entries of a pipeline's stages in their order."""
        return self.stages.filtered(
            lambda e: e.active and group_of(e) == pipeline.remote_id
        )

    def is_lost(self, row):
        """Whether the account has no such pipeline, or not this stage in it."""
        pipeline = self.pipeline(row)
        if not pipeline:
            return True
        return bool(row.stage) and not self.stage(row, pipeline)

    def begins_first(self, row):
        """Whether a line for every account names a stage that this one never had: the
        lines that are shipped must work before anybody has seen them."""
        return (
            not row.config_id
            and bool(row.stage and self.pipeline(row))
            and not any(same(entry.name, row.stage) for entry in self.stages)
        )

    def fits(self, row, place):
        """Whether a deal stands at a line's place; what the line leaves open fits any."""
        if self.is_lost(row) or row.status != str(place["status"]):
            return False
        pipeline = self.pipeline(row)
        if row.stage:
            return self.stage(row, pipeline).remote_id == place["stage"]
        return not row.pipeline or pipeline.remote_id == place["group"]


def group_of(entry):
    return str((entry.data or {}).get("group") or "")


def same(one, other):
    return one.strip().casefold() == other.strip().casefold()


def _number(entry):
    return int(entry.remote_id) if entry.remote_id.isdecimal() else 0


def _position(entry):
    order = str((entry.data or {}).get("order") or "")
    return (int(order) if order.isdecimal() else 0, _number(entry))


class AcDealStageMapping(models.Model):
    """A line's pipeline and stage as the accounts have them."""

    _inherit = "ac.deal.stage.mapping"

    pipeline_id = fields.Many2one(
        "ac.metadata", "Pipeline There", compute="_compute_place", readonly=False
    )
    stage_id = fields.Many2one(
        "ac.metadata", "Stage There", compute="_compute_place", readonly=False
    )
    stage_group = fields.Char(compute="_compute_place")
    place_state = fields.Selection(
        [
            ("found", "Found"),
            ("partly", "Missing in Some"),
            ("missing", "Missing"),
            ("unknown", "Not Connected"),
        ],
        "In ActiveCampaign",
        compute="_compute_place",
    )
    place_text = fields.Char("Remark", compute="_compute_place")

    @api.depends("pipeline", "stage", "config_id", "action")
    def _compute_place(self):
        configs = self.env["ac.odoo.config"].search([("state", "=", "confirmed")])
        places = {config: config._places() for config in configs}
        for row in self:
            wanted = configs & (row.config_id or configs)
            lacks = wanted.filtered(lambda c, r=row: places[c].is_lost(r))
            if row.action == "ignore":
                lacks = wanted.browse()
            has = (wanted - lacks)[:1]
            entry = row.pipeline and has and places[has].pipeline(row)
            row.pipeline_id = entry or False
            group = has and places[has].pipeline(row)
            row.stage_id = row.stage and has and places[has].stage(row, group) or False
            row.stage_group = group and group.remote_id or False
            row.place_state = _state_of(wanted, lacks)
            row.place_text = row._where(lacks, places)

    def _where(self, lacks, places):
        first = lacks.filtered(lambda c: places[c].begins_first(self))
        said = []
        if gone := lacks - first:
            said.append(self.env._("missing in %s", ", ".join(gone.mapped("name"))))
        if first:
            names = ", ".join(first.mapped("name"))
            said.append(self.env._("new deals begin in the first stage of %s", names))
        return "; ".join(said)

    @api.onchange("pipeline_id")
    def _onchange_pipeline_id(self):
        if self.pipeline_id.name != self.pipeline:
            self.pipeline = self.pipeline_id.name
            self.stage = False

    @api.onchange("stage_id")
    def _onchange_stage_id(self):
        self.stage = self.stage_id.name


def _state_of(wanted, lacks):
    if not wanted:
        return "unknown"
    if not lacks:
        return "found"
    return "missing" if lacks == wanted else "partly"
