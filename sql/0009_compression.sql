-- SPDX-FileCopyrightText: The relais authors
-- SPDX-License-Identifier: Apache-2.0

-- Entries are texts of some kilobytes: PostgreSQL packs them, and lz4 does it in a fraction of the time.
-- Servers before 14, or built without it, go on with what they have.

DO $$
BEGIN
	EXECUTE 'ALTER TABLE relais.journal ALTER COLUMN bytes SET COMPRESSION lz4';
EXCEPTION
	WHEN syntax_error OR feature_not_supported THEN
		NULL;
END $$;
