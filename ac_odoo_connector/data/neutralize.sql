-- a copy of the database must not talk to ActiveCampaign
UPDATE ac_odoo_config SET state = 'draft';
