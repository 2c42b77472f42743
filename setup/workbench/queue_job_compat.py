"""A pytest plugin for Odoo 18.0 trees of before 2026.

queue_job's test helper (`trap_jobs`) imports a name that newer trees of 18.0 have.
"""

import odoo.tests.common

if not hasattr(odoo.tests.common, "SETATTR_SOURCES"):
    odoo.tests.common.SETATTR_SOURCES = {}
