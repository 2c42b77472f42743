# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What has an audit trail: accounts, and everything that managers set up for them."""

from odoo import models


class AcFieldMapping(models.Model):
    _name = "ac.field.mapping"
    _inherit = ["ac.field.mapping", "ac.trail.mixin"]


class AcFieldMappingValue(models.Model):
    _name = "ac.field.mapping.value"
    _inherit = ["ac.field.mapping.value", "ac.trail.mixin"]

    def _ac_trail_account(self):
        return self.mapping_id.config_id


class AcFieldMappingPart(models.Model):
    _name = "ac.field.mapping.part"
    _inherit = ["ac.field.mapping.part", "ac.trail.mixin"]

    def _ac_trail_account(self):
        return self.mapping_id.config_id


class AcDealStageMapping(models.Model):
    _name = "ac.deal.stage.mapping"
    _inherit = ["ac.deal.stage.mapping", "ac.trail.mixin"]


class AcOwnerMapping(models.Model):
    _name = "ac.owner.mapping"
    _inherit = ["ac.owner.mapping", "ac.trail.mixin"]


class AcTeamMapping(models.Model):
    _name = "ac.team.mapping"
    _inherit = ["ac.team.mapping", "ac.trail.mixin"]


class AcPlaceAlias(models.Model):
    _name = "ac.place.alias"
    _inherit = ["ac.place.alias", "ac.trail.mixin"]


class AcAudienceRule(models.Model):
    _name = "ac.audience.rule"
    _inherit = ["ac.audience.rule", "ac.trail.mixin"]


class AcMailingLink(models.Model):
    _name = "ac.mailing.link"
    _inherit = ["ac.mailing.link", "ac.trail.mixin"]


class AcPollState(models.Model):
    _name = "ac.poll.state"
    _inherit = ["ac.poll.state", "ac.trail.mixin"]
