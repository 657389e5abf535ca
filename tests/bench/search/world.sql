-- SPDX-FileCopyrightText: The relais authors
-- SPDX-License-Identifier: Apache-2.0
--
-- The same year as tables, as somebody who knows PostgreSQL would keep it to be asked: loans in order
-- by car, and, as rows beside them, what is free of each car and which quarters of an hour somebody
-- can hand over in. Minutes are plain integers, kinder than timestamps. What keeps the rows beside up
-- to date (triggers) is not counted against it.
CREATE TABLE car (car int PRIMARY KEY, site int NOT NULL, class int NOT NULL);
CREATE TABLE loan (car int NOT NULL, begins int NOT NULL, ends int NOT NULL);
CREATE TABLE gap (site int NOT NULL, class int NOT NULL, car int NOT NULL, begins int NOT NULL, ends int NOT NULL);
CREATE TABLE quarter (site int NOT NULL, at int NOT NULL);

-- After the rows were copied in.
CREATE PROCEDURE world_index() LANGUAGE sql AS $$
	CREATE INDEX car_of_class ON car (site, class) INCLUDE (car);
	CREATE UNIQUE INDEX loan_of_car ON loan (car, begins) INCLUDE (ends);
	CREATE INDEX gap_begins ON gap (site, class, begins) INCLUDE (ends, car);
	CREATE INDEX gap_of_car ON gap (car, begins) INCLUDE (ends);
	CREATE UNIQUE INDEX quarter_at ON quarter (site, at);
$$;

-- Cars whose last loan before the end is over by the beginning: one look into the index for each.
CREATE FUNCTION ask_free(of_site int, of_class int, after int, minutes int) RETURNS bigint
LANGUAGE sql STABLE AS $$
	SELECT count(*)
	FROM car LEFT JOIN LATERAL (
		SELECT ends FROM loan
		WHERE loan.car = car.car AND begins < after + minutes ORDER BY begins DESC LIMIT 1
	) last ON true
	WHERE site = of_site AND class = of_class AND (last.ends IS NULL OR last.ends <= after)
$$;

-- A car that is free already, else the first gap that is long enough.
CREATE FUNCTION ask_next(of_site int, of_class int, after int, minutes int) RETURNS int
LANGUAGE sql STABLE AS $$
	SELECT coalesce(
		(SELECT after
		FROM car CROSS JOIN LATERAL (
			SELECT ends FROM gap
			WHERE gap.car = car.car AND begins <= after ORDER BY begins DESC LIMIT 1
		) present
		WHERE site = of_site AND class = of_class AND present.ends >= after + minutes LIMIT 1),
		(SELECT begins FROM gap
		WHERE site = of_site AND class = of_class AND begins > after AND ends >= begins + minutes
		ORDER BY begins LIMIT 1))
$$;

-- The first quarter of an hour at or after that minute at which the doors are open for a quarter.
CREATE FUNCTION opens(at int) RETURNS int LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE
		WHEN at / 1440 % 7 > 4 THEN (at / 10080 + 1) * 10080 + 450
		WHEN at % 1440 < 450 THEN at - at % 1440 + 450
		WHEN at % 1440 <= 1095 THEN (at + 14) / 15 * 15
		WHEN at / 1440 % 7 = 4 THEN (at / 10080 + 1) * 10080 + 450
		ELSE at - at % 1440 + 1890
	END
$$;

-- With the doors open and somebody at the desk at both ends; `turn` minutes of turnaround. Gaps come in
-- the order in which they begin, until none can hold an earlier date than the one found.
CREATE FUNCTION ask_next_full(of_site int, of_class int, after int, minutes int, turn int,
	OUT best int, OUT best_until int) LANGUAGE plpgsql STABLE AS $$
DECLARE
	g record;
	start int;
	doors int;
	back int;
BEGIN
	FOR g IN
		SELECT begins, ends FROM (
			(SELECT after AS begins, present.ends
			FROM car CROSS JOIN LATERAL (
				SELECT gap.ends FROM gap
				WHERE gap.car = car.car AND gap.begins <= after ORDER BY gap.begins DESC LIMIT 1
			) present
			WHERE site = of_site AND class = of_class AND present.ends >= after + minutes + turn)
			UNION ALL
			(SELECT begins, ends FROM gap
			WHERE site = of_site AND class = of_class AND begins > after
				AND ends >= begins + minutes + turn
			ORDER BY begins)
		) candidate
	LOOP
		EXIT WHEN best IS NOT NULL AND g.begins >= best;
		FOR start IN
			SELECT at FROM quarter
			WHERE site = of_site AND at >= g.begins AND at <= g.ends - minutes - turn
			ORDER BY at
		LOOP
			EXIT WHEN best IS NOT NULL AND start >= best;
			doors := opens(start + minutes - 15);
			SELECT at INTO back FROM quarter
			WHERE site = of_site AND at >= doors ORDER BY at LIMIT 1;
			EXIT WHEN back IS NULL OR back + 15 + turn > g.ends; -- a later start ends no sooner
			CONTINUE WHEN back / 1440 <> doors / 1440; -- nobody is there on that day any more
			best := start;
			best_until := back + 15;
			EXIT;
		END LOOP;
	END LOOP;
END $$;
