# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What people write belongs to accounts that they may see.

Odoo looks at the rules of companies before a record is written, not after it: without
this, a manager of one company could hand a line over to the account of another.
"""

from odoo import api, models


class AcOwnAccount(models.AbstractModel):
    """For models whose records can be written by people and belong to an account."""

    _name = "ac.own.account"
    _description = "Belongs to an ActiveCampaign Account"

    _ac_owner = "config_id"

    @api.constrains(lambda self: [self._ac_owner])
    def _check_own_account(self):
        """:raise AccessError: it is given to an account that the person may not see"""
        self.sudo(False)[self._ac_owner].check_access("read")


class AcFieldMapping(models.Model):
    _name = "ac.field.mapping"
    _inherit = ["ac.field.mapping", "ac.own.account"]


class AcFieldMappingValue(models.Model):
    _name = "ac.field.mapping.value"
    _inherit = ["ac.field.mapping.value", "ac.own.account"]
    _ac_owner = "mapping_id"


class AcFieldMappingPart(models.Model):
    _name = "ac.field.mapping.part"
    _inherit = ["ac.field.mapping.part", "ac.own.account"]
    _ac_owner = "mapping_id"


class AcDealStageMapping(models.Model):
    _name = "ac.deal.stage.mapping"
    _inherit = ["ac.deal.stage.mapping", "ac.own.account"]


class AcOwnerMapping(models.Model):
    _name = "ac.owner.mapping"
    _inherit = ["ac.owner.mapping", "ac.own.account"]


class AcTeamMapping(models.Model):
    _name = "ac.team.mapping"
    _inherit = ["ac.team.mapping", "ac.own.account"]


class AcAudienceRule(models.Model):
    _name = "ac.audience.rule"
    _inherit = ["ac.audience.rule", "ac.own.account"]


class AcMailingLink(models.Model):
    _name = "ac.mailing.link"
    _inherit = ["ac.mailing.link", "ac.own.account"]


class AcPollState(models.Model):
    _name = "ac.poll.state"
    _inherit = ["ac.poll.state", "ac.own.account"]
