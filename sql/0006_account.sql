-- SPDX-FileCopyrightText: The relais authors
-- SPDX-License-Identifier: Apache-2.0

-- Users, sessions and tokens, so that who signs in at one server is known at all. Rows are what each server
-- keeps in its directory: passwords as scrypt made them, sessions and tokens as their SHA-256. A change is one
-- step of one line: it says on which step it was decided, and of two that say the same one is first. What is
-- gone stays as a row without value, so that whoever follows hears of it; later it is forgotten, and who was
-- away for longer takes all rows anew.

CREATE TABLE relais.account_step (
	n    bigint PRIMARY KEY CHECK (n >= 1),
	mark bytea NOT NULL CHECK (octet_length(mark) = 16) -- chance: the same step of another line has another
);
CREATE TABLE relais.account (
	key   bytea PRIMARY KEY CHECK (octet_length(key) BETWEEN 2 AND 511),
	value bytea CHECK (octet_length(value) BETWEEN 1 AND 65536), -- NULL: it is gone
	n     bigint NOT NULL -- the step that it was last changed by
);
CREATE INDEX account_news ON relais.account (n);

CREATE TRIGGER account_step_stays BEFORE UPDATE OR TRUNCATE ON relais.account_step
	FOR EACH STATEMENT EXECUTE FUNCTION relais.refuse_change();

-- With the rights of its owner: servers add, and take nothing away.
CREATE FUNCTION relais.account_forget() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
	SET search_path = pg_catalog, relais AS $$
BEGIN
	DELETE FROM relais.account_step WHERE n <= NEW.n - 1024;
	DELETE FROM relais.account WHERE value IS NULL AND n <= NEW.n - 1024;
	RETURN NULL;
END $$;
CREATE TRIGGER account_forgets AFTER INSERT ON relais.account_step
	FOR EACH ROW WHEN (NEW.n % 256 = 0) EXECUTE FUNCTION relais.account_forget();

REVOKE ALL ON relais.account, relais.account_step FROM PUBLIC;
REVOKE ALL ON FUNCTION relais.account_forget() FROM PUBLIC;
DO $$
BEGIN
	IF EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'relais_server') THEN
		GRANT SELECT, INSERT ON relais.account_step TO relais_server;
		GRANT SELECT, INSERT, UPDATE ON relais.account TO relais_server;
	END IF;
END $$;
