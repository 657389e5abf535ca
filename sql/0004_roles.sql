-- SPDX-FileCopyrightText: The relais authors
-- SPDX-License-Identifier: Apache-2.0

-- Rights, for roles that sign in by membership (GRANT relais_server TO ...):
--   relais_server   appends and reads; no entry can be changed, and no guard written
--   relais_report   reads views that hold no keys and no secret
-- Where the role that migrates may not make roles, their making is left to an administrator: the file
-- can be run again by hand.

REVOKE ALL ON SCHEMA relais FROM PUBLIC;
REVOKE ALL ON ALL TABLES IN SCHEMA relais FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA relais FROM PUBLIC;

DO $$
DECLARE
	r text;
BEGIN
	FOREACH r IN ARRAY ARRAY['relais_server', 'relais_report'] LOOP
		IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = r) THEN
			BEGIN
				EXECUTE format('CREATE ROLE %I NOLOGIN', r);
			EXCEPTION
				WHEN insufficient_privilege THEN
					RAISE NOTICE 'role % is to be made by an administrator', r;
				WHEN duplicate_object OR unique_violation THEN
					NULL; -- another database's migration was first
			END;
		END IF;
	END LOOP;
	IF EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'relais_server') THEN
		GRANT USAGE ON SCHEMA relais TO relais_server;
		GRANT SELECT ON relais.migration TO relais_server;
		GRANT SELECT, INSERT ON relais.journal, relais.identity TO relais_server;
		GRANT SELECT, INSERT, UPDATE ON relais.barrier TO relais_server;
		GRANT SELECT, INSERT, DELETE ON relais.person_key TO relais_server;
	END IF;
	IF EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'relais_report') THEN
		GRANT USAGE ON SCHEMA relais TO relais_report;
	END IF;
END $$;
