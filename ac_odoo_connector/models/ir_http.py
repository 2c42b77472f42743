# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.http import request


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _dispatch(cls, endpoint):
        """Odoo makes arguments of a form's keys; a webhook's are anybody's, and one
        called ``self`` is an argument already."""
        names = endpoint.routing.get("only_arguments")
        if names is not None:
            request.params = {name: request.params[name] for name in names}
        return super()._dispatch(endpoint)
