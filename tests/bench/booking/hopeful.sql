-- SPDX-FileCopyrightText: The relais authors
-- SPDX-License-Identifier: Apache-2.0
--
-- One booking for pgbench: half a day to three days, some time in the :days after the booked year.
\set site random(0, :sites - 1)
\set class random(0, 3)
\set begins 525600 + random(0, :days * 1440)
\set ends :begins + random(720, 4320) + 30
SELECT book_hopeful(:site, :class, int4range(:begins, :ends), 'Customer');
