/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * A seat's agenda: its claims as calendar.h has them, decoded once by each reading thread and kept
 * for as long as nobody commits, because what a commit left never changes. A decision, which reads
 * what its own batch wrote, asks the calendar itself, and so does whoever finds no memory here. The
 * answers are those of calendar.h.
 */

#include "fleet/calendar.h"
#include "fleet/view.h"

enum { AGENDAS_MAX_BYTES = 64 << 20 }; /* of a thread: seats beyond are read where they lie */

bool agenda_is_free(
	struct view *v, struct seat seat, uint32_t from, uint32_t until, uint32_t except);
bool agenda_fit(struct view *v, struct seat seat, uint32_t from, uint32_t until, uint32_t except,
	uint32_t *gap);
size_t agenda_claims(struct view *v, struct seat seat, uint32_t from, uint32_t until,
	struct claim_row *out, size_t max);

struct agendas *agendas_new(size_t max_bytes); /* NULL: without memory */
void agendas_free(struct agendas *a);
