# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from .engine import vault


def post_init_hook(env):
    """Give the groups their heading; the series differ in how it is stored."""
    groups = env["res.groups"]
    for level in ("user", "operator", "manager"):
        groups |= env.ref(f"ac_odoo_connector.group_{level}")
    category = env.ref("ac_odoo_connector.module_category")
    if "privilege_id" in groups._fields:
        privilege = env["res.groups.privilege"].create(
            {"name": category.name, "category_id": category.id}
        )
        env["ir.model.data"].create(
            {
                "module": "ac_odoo_connector",
                "name": "privilege",
                "model": privilege._name,
                "res_id": privilege.id,
                "noupdate": True,  # else the end of the installation deletes it
            }
        )
        groups.privilege_id = privilege
    else:
        groups.category_id = category


def uninstall_hook(env):
    """Leave ActiveCampaign as it is, but have it call no address that nobody answers any
    more: the accounts have said so. The secrets go with their tables, the file with
    their key where every account wants them forgotten."""
    configs = env["ac.odoo.config"].with_context(active_test=False).search([])
    configs._take_webhook_away()
    if configs and all(config.farewell_secrets for config in configs):
        vault.forget_key(env.cr.dbname)
