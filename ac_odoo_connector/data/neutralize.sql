-- a copy of the database must not talk to ActiveCampaign until a manager has said what it is
UPDATE ac_odoo_config SET database_uuid = 'neutralized' WHERE database_uuid IS NOT NULL;
