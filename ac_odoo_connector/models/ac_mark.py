# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class AcMark(models.Model):
    """A change that could not be noted on its link without a conflict.

    Rows are only inserted by people's transactions and only deleted by the engine;
    see `engine.marks.mark`.
    """

    _name = "ac.mark"
    _description = "ActiveCampaign Mark"
    _log_access = False

    object = fields.Char(required=True)
    res_id = fields.Integer(required=True)
