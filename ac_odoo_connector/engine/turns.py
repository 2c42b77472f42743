# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Whose turn in the outbox comes after something else."""

from odoo.tools import SQL

_AFTER_ITS_CONTACT = SQL(
    """
    NOT EXISTS (
        SELECT 1 FROM sale_order o JOIN res_partner p ON p.id = o.partner_id
            JOIN ac_binding person
                ON person.config_id = b.config_id AND person.object = 'contact'
                AND person.res_id IN (p.id, p.commercial_partner_id,
                    o.partner_invoice_id, o.partner_shipping_id)
        WHERE o.id = b.res_id AND person.remote_id IS NULL
            AND person.priority <= b.priority
            AND person.state IN ('pending', 'sending', 'sent'))
    """
)

_AFTER_ITS_COMPANY = """
    (NOT EXISTS (
        SELECT 1 FROM ac_binding company WHERE company.config_id = %s
            AND company.object = 'account' AND company.remote_id IS NULL
            AND company.state IN ('pending', 'sending'))
    OR NOT EXISTS (
        SELECT 1 FROM res_partner p JOIN ac_binding company
            ON company.config_id = b.config_id AND company.object = 'account'
            AND company.res_id = p.commercial_partner_id
        JOIN ac_odoo_config c ON c.id = b.config_id AND c.sync_accounts
        WHERE p.id = b.res_id AND company.remote_id IS NULL
            AND company.priority <= b.priority
            AND company.state IN ('pending', 'sending')))
"""


def turn(config, name):
    """Return whose turn comes after something else: a contact waits for its company's
    account, so that one request links it, an order for its contacts. What failed makes
    nobody wait."""
    if name == "contact":
        return SQL(_AFTER_ITS_COMPANY, config.id)
    return _AFTER_ITS_CONTACT if name in ("deal", "order") else SQL("TRUE")
