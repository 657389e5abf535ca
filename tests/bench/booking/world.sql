-- SPDX-FileCopyrightText: The relais authors
-- SPDX-License-Identifier: Apache-2.0
--
-- Bookings as a careful team keeps them in PostgreSQL: what is taken may not overlap (an exclusion
-- constraint decides), an index in order of time finds a free car, each booking has its row of history.
-- What a booking costs, who pays and which papers are wanted is decided elsewhere, and not counted here.
CREATE EXTENSION btree_gist;
CREATE TABLE car (car int PRIMARY KEY, site int NOT NULL, class int NOT NULL);
CREATE TABLE reservation (
	id bigint GENERATED ALWAYS AS IDENTITY,
	car int NOT NULL,
	taken int4range NOT NULL CHECK (NOT isempty(taken)),
	customer text NOT NULL,
	repair_order text,
	made_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE history (
	seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	reservation bigint NOT NULL,
	kind smallint NOT NULL,
	at timestamptz NOT NULL DEFAULT clock_timestamp(),
	body text
);

CREATE PROCEDURE world_index() LANGUAGE sql AS $$
	CREATE INDEX car_of_class ON car (site, class) INCLUDE (car);
	ALTER TABLE reservation ADD PRIMARY KEY (id);
	ALTER TABLE reservation ADD FOREIGN KEY (car) REFERENCES car;
	ALTER TABLE reservation ADD EXCLUDE USING gist (car WITH =, taken WITH &&);
	CREATE INDEX reservation_in_order ON reservation (car, lower(taken)) INCLUDE (taken);
$$;

-- The first car of the class whose last reservation before the end is over by the beginning. PL/pgSQL
-- keeps the plan.
CREATE FUNCTION free_car(of_site int, of_class int, wanted int4range) RETURNS int LANGUAGE plpgsql STABLE AS $$
DECLARE
	found_car int;
BEGIN
	SELECT car.car INTO found_car
	FROM car LEFT JOIN LATERAL (
		SELECT upper(taken) AS ends FROM reservation
		WHERE reservation.car = car.car AND lower(taken) < upper(wanted) ORDER BY lower(taken) DESC LIMIT 1
	) last ON true
	WHERE site = of_site AND class = of_class AND (last.ends IS NULL OR last.ends <= lower(wanted))
	LIMIT 1;
	RETURN found_car;
END $$;

CREATE FUNCTION note(made bigint, who text) RETURNS void LANGUAGE sql AS $$
	INSERT INTO history (reservation, kind, body) VALUES (made, 1, who)
$$;

-- Hopeful: whoever was quicker is found by the constraint, and the next car is tried.
CREATE FUNCTION book_hopeful(of_site int, of_class int, wanted int4range, who text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	chosen int;
	made bigint;
BEGIN
	FOR i IN 1..8 LOOP
		chosen := free_car(of_site, of_class, wanted);
		EXIT WHEN chosen IS NULL;
		INSERT INTO reservation (car, taken, customer, repair_order) VALUES (chosen, wanted, who, 'RO')
		ON CONFLICT DO NOTHING RETURNING id INTO made;
		IF made IS NOT NULL THEN
			PERFORM note(made, who);
			RETURN made;
		END IF;
	END LOOP;
	RETURN NULL;
END $$;

-- Careful: the car's row is locked, and cars that somebody else is booking are left out.
CREATE FUNCTION book_skipping(of_site int, of_class int, wanted int4range, who text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	chosen int;
	made bigint;
BEGIN
	SELECT car.car INTO chosen
	FROM car
	WHERE site = of_site AND class = of_class AND coalesce((
		SELECT upper(taken) FROM reservation
		WHERE reservation.car = car.car AND lower(taken) < upper(wanted) ORDER BY lower(taken) DESC LIMIT 1
	), lower(wanted)) <= lower(wanted)
	LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED;
	IF chosen IS NOT NULL THEN
		INSERT INTO reservation (car, taken, customer, repair_order) VALUES (chosen, wanted, who, 'RO')
		ON CONFLICT DO NOTHING RETURNING id INTO made;
	END IF;
	IF made IS NULL THEN
		RETURN book_hopeful(of_site, of_class, wanted, who);
	END IF;
	PERFORM note(made, who);
	RETURN made;
END $$;

-- One after the other in a class of a site.
CREATE FUNCTION book_queueing(of_site int, of_class int, wanted int4range, who text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	chosen int;
	made bigint;
BEGIN
	PERFORM pg_advisory_xact_lock(of_site, of_class);
	chosen := free_car(of_site, of_class, wanted);
	IF chosen IS NULL THEN
		RETURN NULL;
	END IF;
	INSERT INTO reservation (car, taken, customer, repair_order) VALUES (chosen, wanted, who, 'RO')
	RETURNING id INTO made;
	PERFORM note(made, who);
	RETURN made;
END $$;
