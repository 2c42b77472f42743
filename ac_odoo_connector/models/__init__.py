# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import (
    ac_binding,
    ac_deal_stage_mapping,
    ac_error_log,
    ac_event,
    ac_field_mapping,
    ac_mark,
    ac_metadata,
    ac_odoo_config,
    ac_odoo_config_facts,
    ac_odoo_config_jobs,
    ac_place_alias,
    ac_sync_mixin,
    ac_sync_run,
    ac_throttle,
    res_partner,
    sale_order,
)
