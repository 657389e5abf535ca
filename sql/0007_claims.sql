-- SPDX-FileCopyrightText: The relais authors
-- SPDX-License-Identifier: Apache-2.0

-- What payers are asked for, line by line, with what an auditor would find. Findings, missing papers and what belongs to which
-- line follow from rules and rule sets, which SQL does not know: the lines are those that a server answered to
-- GET /v1/audit/claims, kept beside the journal by deploy/claims-report, a site whole at a time, with the entry that they show.

CREATE TABLE relais.claim_read (
	site text COLLATE "C" PRIMARY KEY,
	seq  bigint NOT NULL, -- of the site's journal, as the answer's Relais-Seq
	directory_seq bigint NOT NULL,
	read_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE TABLE relais.claim_line (
	site text COLLATE "C" NOT NULL REFERENCES relais.claim_read ON DELETE CASCADE,
	n    bigint NOT NULL, -- its place in the answer
	line jsonb NOT NULL,
	PRIMARY KEY (site, n)
);

CREATE VIEW relais_report.claims AS
	SELECT l.site, line->>'number' AS number, line->>'booking' AS booking, line->>'visit' AS visit,
		line->>'status' AS status, line->>'ro_number' AS ro_number,
		(line->>'ro_opened_at')::timestamptz AS ro_opened_at,
		(line->>'ro_closed_at')::timestamptz AS ro_closed_at,
		(line->>'ro_odometer_in')::bigint AS ro_odometer_in,
		(line->>'ro_odometer_out')::bigint AS ro_odometer_out, line->>'claim_number' AS claim_number,
		line->>'supplier_invoice' AS supplier_invoice,
		(line->>'supplier_net_minor')::bigint AS supplier_net_minor, line->>'vin' AS vin,
		line->>'plate' AS plate, line->>'customer' AS customer, line->>'programme' AS programme,
		line->>'programme_title' AS programme_title, line->>'programme_version' AS programme_version,
		line->>'programme_article' AS programme_article, line->>'ruleset_version' AS ruleset_version,
		line->>'ruleset_sha256' AS ruleset_sha256, line->>'inputs_sha256' AS inputs_sha256,
		line->>'decision' AS decision, line->>'payer' AS payer, line->>'cost_code' AS cost_code,
		line->>'solution' AS solution, line->>'class' AS class, line->>'currency' AS currency,
		(line->>'amount_minor')::bigint AS amount_minor, (line->>'net_minor')::bigint AS net_minor,
		(line->>'value_minor')::bigint AS value_minor,
		(line->>'customer_minor')::bigint AS customer_minor,
		(line->>'days_claimed')::bigint AS days_claimed, (line->>'cap_days')::bigint AS cap_days,
		(line->>'max_per_day')::bigint AS max_per_day,
		line->>'authorisation_ref' AS authorisation_ref, line->>'delay_reason' AS delay_reason,
		line->>'resource' AS resource, line->>'lent_plate' AS lent_plate,
		line->>'lent_vin' AS lent_vin, (line->>'from')::timestamptz AS "from",
		(line->>'until')::timestamptz AS until, (line->>'loan_out_at')::timestamptz AS loan_out_at,
		(line->>'loan_in_at')::timestamptz AS loan_in_at,
		(line->>'claimed_from')::timestamptz AS claimed_from,
		(line->>'claimed_to')::timestamptz AS claimed_to,
		(line->>'loan_odometer_out')::bigint AS loan_odometer_out,
		(line->>'loan_odometer_in')::bigint AS loan_odometer_in,
		(line->>'fuel_out')::bigint AS fuel_out, (line->>'fuel_in')::bigint AS fuel_in,
		(line->>'charge_out')::bigint AS charge_out, (line->>'charge_in')::bigint AS charge_in,
		(line->>'documents_checked')::boolean AS documents_checked,
		(line->>'licence_checked_at')::timestamptz AS licence_checked_at,
		(line->>'agreement_signed_at')::timestamptz AS agreement_signed_at,
		line->>'handed_over_by' AS handed_over_by, line->>'taken_back_by' AS taken_back_by,
		(line->>'journal_seq')::bigint AS journal_seq, line->>'journal_hash' AS journal_hash,
		ARRAY(SELECT jsonb_array_elements_text(line->'findings')) AS findings,
		line->>'claim_id' AS claim_id, line->>'claim' AS claim,
		line->>'claim_status' AS claim_status, line->>'light' AS light,
		ARRAY(SELECT jsonb_array_elements_text(line->'missing')) AS missing,
		l.n
	FROM relais.claim_line AS l;

-- How old that is: entries since, of the site and of the directory. 0 and 0: it is what a server would answer now.
CREATE VIEW relais_report.claims_read AS
	SELECT r.site, r.seq, r.directory_seq, r.read_at,
		(SELECT coalesce(max(j.seq), 0) FROM relais.journal AS j WHERE j.site = r.site) - r.seq AS behind,
		(SELECT coalesce(max(j.seq), 0) FROM relais.journal AS j WHERE j.site = 'directory')
			- r.directory_seq AS directory_behind
	FROM relais.claim_read AS r;

-- Who brings them may do nothing else.
DO $$
BEGIN
	IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'relais_claims') THEN
		BEGIN
			CREATE ROLE relais_claims NOLOGIN;
		EXCEPTION
			WHEN insufficient_privilege THEN
				RAISE NOTICE 'role relais_claims is to be made by an administrator';
			WHEN duplicate_object OR unique_violation THEN
				NULL;
		END;
	END IF;
	IF EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'relais_claims') THEN
		GRANT USAGE ON SCHEMA relais TO relais_claims;
		GRANT SELECT, INSERT, DELETE ON relais.claim_read, relais.claim_line TO relais_claims;
	END IF;
	IF EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'relais_report') THEN
		GRANT SELECT ON relais_report.claims, relais_report.claims_read TO relais_report;
	END IF;
END $$;
