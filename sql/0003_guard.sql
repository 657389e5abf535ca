-- SPDX-FileCopyrightText: The relais authors
-- SPDX-License-Identifier: Apache-2.0

-- A witness of its own that no seat is promised twice: who has which seat when, read by the database from
-- each entry as it is appended, under an exclusion constraint. It knows nothing of how relais decides; an
-- entry that would double-book is refused, and the server says so. It is looked at when the entries of the
-- append are all there, since one entry may move several promises.

CREATE EXTENSION IF NOT EXISTS btree_gist WITH SCHEMA relais;

CREATE TABLE relais.guard (
	site     text COLLATE "C" NOT NULL,
	kind     text NOT NULL, -- booking, desk, block
	id       text COLLATE "C" NOT NULL,
	resource text COLLATE "C" NOT NULL,
	seat     integer NOT NULL,
	during   tstzrange NOT NULL CHECK (NOT isempty(during)),
	CONSTRAINT guard_one_promise_a_seat EXCLUDE USING gist
		(site WITH =, resource WITH =, seat WITH =, during WITH &&) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX guard_of ON relais.guard (site, kind, id);

-- The claims of one effect take the place of those that its object had.
CREATE FUNCTION relais.guard_effect(journal text, effect jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	doc jsonb := effect->'doc';
	what text := effect->>'kind';
BEGIN
	IF what = 'block' AND effect->>'op' = 'put' THEN
		DELETE FROM relais.guard AS g WHERE g.site = journal AND g.kind = what AND g.id = effect->>'id';
		INSERT INTO relais.guard
			SELECT journal, what, effect->>'id', doc->>'resource', seat,
				tstzrange((doc->>'from')::timestamptz, (doc->>'until')::timestamptz)
			FROM generate_series(0, coalesce((doc->>'seats')::int, 1) - 1) AS seat;
	ELSIF effect->>'op' = 'delete' OR doc ? 'claims' OR effect->>'op' = 'put' THEN
		DELETE FROM relais.guard AS g WHERE g.site = journal AND g.kind = what AND g.id = effect->>'id';
		INSERT INTO relais.guard
			SELECT journal, what, effect->>'id', c->>'resource', (c->>'seat')::int,
				tstzrange((c->>'from')::timestamptz, (c->>'until')::timestamptz)
			FROM jsonb_array_elements(CASE jsonb_typeof(doc->'claims')
				WHEN 'array' THEN doc->'claims' ELSE '[]' END) AS c;
	END IF;
END $$;

CREATE FUNCTION relais.guard_entry(journal text, bytes bytea) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	effect jsonb;
BEGIN
	FOR effect IN SELECT e FROM jsonb_array_elements(
			convert_from(bytes, 'UTF8')::jsonb->'effects') WITH ORDINALITY AS t(e, n)
		WHERE e->>'kind' IN ('booking', 'desk', 'block') ORDER BY n
	LOOP
		PERFORM relais.guard_effect(journal, effect);
	END LOOP;
END $$;

-- With the rights of its owner: who appends need not be able to write here.
CREATE FUNCTION relais.guard_append() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
	SET search_path = pg_catalog, relais AS $$
BEGIN
	PERFORM relais.guard_entry(NEW.site, NEW.bytes);
	RETURN NULL;
END $$;
CREATE TRIGGER journal_guard AFTER INSERT ON relais.journal
	FOR EACH ROW WHEN (NEW.site <> 'directory') EXECUTE FUNCTION relais.guard_append();

DO $$
DECLARE
	e record;
BEGIN
	FOR e IN SELECT site, bytes FROM relais.journal WHERE site <> 'directory' ORDER BY site, seq LOOP
		PERFORM relais.guard_entry(e.site, e.bytes);
	END LOOP;
END $$;
