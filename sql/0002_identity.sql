-- SPDX-FileCopyrightText: The relais authors
-- SPDX-License-Identifier: Apache-2.0

-- What servers of one journal have to have in common beside it: whose journal it is, the installation's
-- secret (requests are known by it, so the same key is the same request at every server), and the keys
-- that persons' words are sealed with. A key that is taken away makes noise of what it sealed.

CREATE TABLE relais.identity (
	one    boolean PRIMARY KEY DEFAULT true CHECK (one),
	id     text NOT NULL CHECK (octet_length(id) = 26),
	secret bytea NOT NULL CHECK (octet_length(secret) = 32)
);
CREATE TRIGGER identity_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON relais.identity
	FOR EACH STATEMENT EXECUTE FUNCTION relais.refuse_change();

CREATE TABLE relais.person_key (
	subject text COLLATE "C" PRIMARY KEY CHECK (octet_length(subject) BETWEEN 1 AND 64),
	key     bytea NOT NULL CHECK (octet_length(key) = 32)
);
-- Whatever was sealed with a key must stay readable: a second one never takes its place.
CREATE TRIGGER person_key_stays BEFORE UPDATE OR TRUNCATE ON relais.person_key
	FOR EACH STATEMENT EXECUTE FUNCTION relais.refuse_change();
