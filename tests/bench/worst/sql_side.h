/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The same world in PostgreSQL (world.sql), asked through libpq with prepared statements. */

#include <libpq-fe.h>

#include "tests/bench/worst/answered.h"
#include "tests/bench/worst/world.h"

struct sql_side {
	PGconn *connection; /* owned */
};

/* Ends the bench with the server's words where anything is wrong. */
void sql_open(struct sql_side *q, const char *conninfo);
void sql_load(struct sql_side *q, const struct world *w);
void sql_close(struct sql_side *q);
/* What is dead is swept between rounds, so that it costs nobody an answer. */
void sql_sweep(struct sql_side *q);
/* What the way to the server and back takes by itself. */
int64_t sql_nothing(struct sql_side *q);
/* Straight or refused; what was booked is taken back outside of the measured time. */
void sql_book(struct sql_side *q, const struct loan *wish, struct answered *out);
void sql_next(struct sql_side *q, int32_t after, int32_t minutes, struct answered *out);
/* The bookings that changed places at the other side change them here. */
void sql_follow(struct sql_side *q, const struct world *w, const struct answered *a);
