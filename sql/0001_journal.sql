-- SPDX-FileCopyrightText: The relais authors
-- SPDX-License-Identifier: Apache-2.0

-- The journal. Primary key, unique hash and foreign key let only one history of each site be written: an
-- entry hangs on the one before it, none is between them, and no place is taken twice. The hash is that of
-- the contract, SHA-256(prev || bytes), and the database works it out again. All keys begin with the site.

CREATE TABLE relais.journal (
	site     text COLLATE "C" NOT NULL CHECK (octet_length(site) BETWEEN 1 AND 64),
	seq      bigint NOT NULL CHECK (seq >= 1),
	prev_seq bigint CHECK (prev_seq >= 1), -- NULL: the first entry, which hangs on nothing
	prev     bytea NOT NULL CHECK (octet_length(prev) = 32),
	hash     bytea NOT NULL CHECK (hash = sha256(prev || bytes)),
	request  bytea CHECK (octet_length(request) = 32), -- what its request is known by; NULL: it had no key
	at       timestamptz NOT NULL,
	bytes    bytea NOT NULL CHECK (octet_length(bytes) BETWEEN 1 AND 1048576),
	PRIMARY KEY (site, seq),
	UNIQUE (site, seq, hash),
	UNIQUE (site, request),
	CHECK (coalesce(prev_seq, 0) = seq - 1),
	CHECK (seq > 1 OR prev = decode(repeat('00', 32), 'hex')),
	FOREIGN KEY (site, prev_seq, prev) REFERENCES relais.journal (site, seq, hash)
);
-- Which journals there are, without reading all of them.
CREATE UNIQUE INDEX journal_births ON relais.journal (site) WHERE seq = 1;

CREATE FUNCTION relais.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	RAISE EXCEPTION 'relais.% only grows: % is refused', TG_TABLE_NAME, TG_OP
		USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER journal_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON relais.journal
	FOR EACH STATEMENT EXECUTE FUNCTION relais.refuse_change();

-- Who acknowledges what was only read commits here first: the log of PostgreSQL is one sequence, so that
-- commit is as durable as all that was visible before it.
CREATE TABLE relais.barrier (
	server text PRIMARY KEY CHECK (octet_length(server) BETWEEN 1 AND 64),
	n      bigint NOT NULL
) WITH (fillfactor = 10);
