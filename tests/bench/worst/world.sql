-- SPDX-FileCopyrightText: The relais authors
-- SPDX-License-Identifier: Apache-2.0
--
-- The same cars and bookings as tables. Time is in minutes, which is kinder than timestamps. What is
-- taken may not overlap (the constraint decides); what is free is kept as rows beside it, so that a
-- booking and the next date are each one look into an index. Nothing here changes places.
CREATE EXTENSION btree_gist;
CREATE TABLE car (car int PRIMARY KEY, class text NOT NULL);
CREATE TABLE booking (
	booking int PRIMARY KEY,
	car int NOT NULL REFERENCES car,
	taken int4range NOT NULL CHECK (NOT isempty(taken)),
	EXCLUDE USING gist (car WITH =, taken WITH &&)
);
CREATE TABLE gap (car int NOT NULL, class text NOT NULL, begins int NOT NULL, ends int NOT NULL);
CREATE INDEX gap_holds ON gap USING gist (class, int4range(begins, ends));
CREATE INDEX gap_begins ON gap (class, begins) INCLUDE (ends);
CREATE INDEX gap_of_car ON gap (car, begins);

-- After the bookings were copied in.
CREATE FUNCTION world_gaps(begin_at int, end_at int) RETURNS void LANGUAGE sql AS $$
	INSERT INTO gap
	SELECT car, class, begins, ends
	FROM car CROSS JOIN LATERAL (
		SELECT begin_at AS begins,
			coalesce((SELECT min(lower(taken)) FROM booking b WHERE b.car = car.car), end_at) AS ends
		UNION ALL
		SELECT upper(taken), lead(lower(taken), 1, end_at) OVER (ORDER BY taken)
		FROM booking b WHERE b.car = car.car
	) free
	WHERE begins < ends
$$;

CREATE FUNCTION place(id int, at int, wanted int4range) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	g gap;
BEGIN
	DELETE FROM gap
	WHERE car = at AND ends >= upper(wanted)
		AND begins = (SELECT max(begins) FROM gap WHERE car = at AND begins <= lower(wanted))
	RETURNING * INTO STRICT g;
	IF g.begins < lower(wanted) THEN
		INSERT INTO gap VALUES (at, g.class, g.begins, lower(wanted));
	END IF;
	IF upper(wanted) < g.ends THEN
		INSERT INTO gap VALUES (at, g.class, upper(wanted), g.ends);
	END IF;
	INSERT INTO booking VALUES (id, at, wanted);
END $$;

-- The tightest gap, as any good desk does it.
CREATE FUNCTION book(id int, of_class text, from_minute int, until_minute int) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
	wanted int4range := int4range(from_minute, until_minute);
	chosen int;
BEGIN
	SELECT car INTO chosen FROM gap
	WHERE class = of_class AND int4range(begins, ends) @> wanted
	ORDER BY ends - begins LIMIT 1;
	IF FOUND THEN
		PERFORM place(id, chosen, wanted);
	END IF;
	RETURN chosen;
END $$;

CREATE FUNCTION lift(id int) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	b booking;
	left_begins int;
	right_ends int;
BEGIN
	DELETE FROM booking WHERE booking = id RETURNING * INTO STRICT b;
	DELETE FROM gap WHERE car = b.car AND ends = lower(b.taken)
		AND begins = (SELECT max(begins) FROM gap WHERE car = b.car AND begins < lower(b.taken))
	RETURNING begins INTO left_begins;
	DELETE FROM gap WHERE car = b.car AND begins = upper(b.taken) RETURNING ends INTO right_ends;
	INSERT INTO gap
	SELECT b.car, class, coalesce(left_begins, lower(b.taken)), coalesce(right_ends, upper(b.taken))
	FROM car WHERE car = b.car;
END $$;
