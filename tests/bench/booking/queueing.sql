-- SPDX-FileCopyrightText: The relais authors
-- SPDX-License-Identifier: Apache-2.0
--
-- One booking for pgbench: half a day to three days, some time in the :days from day :first on, of a class as
-- likely as it has cars.
\set site random(0, :sites - 1)
\set car random(0, 59)
\set class case when :car < 24 then 0 when :car < 42 then 1 when :car < 54 then 2 else 3 end
\set begins :first * 1440 + random(0, :days * 1440 - 1)
\set ends :begins + random(720, 4320) + 30
SELECT book_queueing(:site, :class, int4range(:begins, :ends), 'Customer');
