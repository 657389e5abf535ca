-- SPDX-FileCopyrightText: The relais authors
-- SPDX-License-Identifier: Apache-2.0

-- Views for reports, made of the journal alone: what is sealed for persons stays sealed, so nobody's name,
-- phone or free words are in them. They read the journal whole: whoever asks often keeps the answer.

CREATE SCHEMA relais_report;
REVOKE ALL ON SCHEMA relais_report FROM PUBLIC;

-- An object after one more effect: put gives it whole, set replaces members (null removes), delete ends it.
CREATE FUNCTION relais.fold_step(state jsonb, effect jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE effect->>'op'
		WHEN 'put' THEN effect->'doc'
		WHEN 'set' THEN (coalesce(state, '{}') || (effect->'doc')) - ARRAY(
			SELECT key FROM jsonb_each(effect->'doc') WHERE value = 'null')
		WHEN 'delete' THEN NULL
		ELSE state
	END
$$;
CREATE AGGREGATE relais.fold(jsonb) (SFUNC = relais.fold_step, STYPE = jsonb);

-- Every effect of every entry of a site.
CREATE VIEW relais_report.effects AS
	SELECT j.site, j.seq, j.at, t.n, t.e->>'kind' AS kind, t.e->>'id' AS id, t.e AS effect
	FROM relais.journal AS j
	CROSS JOIN LATERAL jsonb_array_elements(convert_from(j.bytes, 'UTF8')::jsonb->'effects')
		WITH ORDINALITY AS t(e, n)
	WHERE t.e->>'op' <> 'refuse';

-- Each object as it is now, with the entry that last changed it.
CREATE VIEW relais_report.objects AS
	SELECT site, kind, id, max(seq) AS seq, max(at) AS changed_at,
		relais.fold(effect ORDER BY seq, n) AS doc
	FROM relais_report.effects GROUP BY site, kind, id;

CREATE VIEW relais_report.bookings AS
	SELECT site, id AS booking, doc->>'number' AS number, doc->>'status' AS status,
		doc->>'visit' AS visit, doc->>'customer' AS customer, doc->>'vin' AS vin,
		doc->>'solution' AS solution, doc->>'class' AS class, doc->>'resource' AS resource,
		doc->>'for_site' AS for_site, coalesce((doc->>'at_risk')::boolean, false) AS at_risk,
		(doc->>'from')::timestamptz AS "from", (doc->>'until')::timestamptz AS until,
		(doc->'out'->>'at')::timestamptz AS out_at, (doc->'in'->>'at')::timestamptz AS in_at,
		doc->'terms'->>'decision' AS decision, doc->'terms'->>'currency' AS currency,
		(doc->'terms'->>'customer_minor')::bigint AS customer_minor,
		(doc->'terms'->>'value_minor')::bigint AS value_minor, seq, changed_at
	FROM relais_report.objects WHERE kind = 'booking' AND doc IS NOT NULL;

-- Who pays: one line for each covered part of a booking.
CREATE VIEW relais_report.costs AS
	SELECT o.site, o.doc->>'number' AS number, o.doc->>'status' AS status,
		(o.doc->>'from')::timestamptz AS "from", o.doc->>'solution' AS solution,
		c->>'programme' AS programme, c->>'payer' AS payer, c->>'cost_code' AS cost_code,
		(c->>'units')::int AS units, (c->>'amount_minor')::bigint AS amount_minor,
		o.doc->'terms'->>'currency' AS currency
	FROM relais_report.objects AS o
	CROSS JOIN LATERAL jsonb_array_elements(o.doc->'terms'->'covered') AS c
	WHERE o.kind = 'booking' AND jsonb_typeof(o.doc->'terms'->'covered') = 'array';

-- Demand that found nothing, as counted: nothing tells who asked.
CREATE VIEW relais_report.refused_demand AS
	SELECT site, doc->>'day' AS day, (doc->>'days')::int AS days, doc->>'class' AS class,
		doc->>'solution' AS solution, doc->>'reason' AS reason,
		(doc->>'offers')::bigint AS offers, (doc->>'bookings')::bigint AS bookings
	FROM relais_report.objects WHERE kind = 'demand' AND doc IS NOT NULL;

-- What of each day (UTC) each seat is promised, blocked or lent, in minutes.
CREATE VIEW relais_report.utilisation AS
	SELECT g.site, g.resource, g.seat, g.kind, (day AT TIME ZONE 'UTC')::date AS day,
		(sum(extract(epoch FROM least(upper(g.during), day + interval '24 hours')
			- greatest(lower(g.during), day))) / 60)::bigint AS minutes
	FROM relais.guard AS g
	CROSS JOIN LATERAL generate_series(date_trunc('day', lower(g.during), 'UTC'),
		upper(g.during) - interval '1 microsecond', interval '24 hours') AS day
	GROUP BY g.site, g.resource, g.seat, g.kind, day;

DO $$
BEGIN
	IF EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'relais_report') THEN
		GRANT USAGE ON SCHEMA relais_report TO relais_report;
		GRANT SELECT ON ALL TABLES IN SCHEMA relais_report TO relais_report;
		GRANT EXECUTE ON FUNCTION relais.fold(jsonb), relais.fold_step(jsonb, jsonb) TO relais_report;
	END IF;
END $$;
