-- SPDX-FileCopyrightText: The relais authors
-- SPDX-License-Identifier: Apache-2.0

-- Papers and photos of bookings, in pieces as each server keeps them: sealed with the person's key, so that they
-- are noise to whoever has no key, here too. They come with the statement that appends their entry: both
-- are there, or neither.

CREATE TABLE relais.attachment_part (
	site       text COLLATE "C" NOT NULL CHECK (octet_length(site) BETWEEN 1 AND 64),
	attachment text COLLATE "C" NOT NULL CHECK (octet_length(attachment) BETWEEN 1 AND 64),
	number     integer NOT NULL CHECK (number BETWEEN 0 AND 159),
	box        bytea NOT NULL CHECK (octet_length(box) BETWEEN 29 AND 65564),
	PRIMARY KEY (site, attachment, number)
);
ALTER TABLE relais.attachment_part ALTER COLUMN box SET STORAGE EXTERNAL; -- noise cannot be packed

CREATE TRIGGER attachment_part_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON relais.attachment_part
	FOR EACH STATEMENT EXECUTE FUNCTION relais.refuse_change();

REVOKE ALL ON relais.attachment_part FROM PUBLIC;
DO $$
BEGIN
	IF EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'relais_server') THEN
		GRANT SELECT, INSERT ON relais.attachment_part TO relais_server;
	END IF;
END $$;
