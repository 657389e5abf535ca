/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/standing.h"

#include "fleet/booking.h"
#include "fleet/journal.h"
#include "fleet/render_parts.h"

/* ---- by state ---- */

static void states_read(struct txn *t, const struct key *key, uint64_t out[BOOKING_STATUSES_LEN])
{
	struct str value;
	size_t at = 0;

	memset(out, 0, BOOKING_STATUSES_LEN * sizeof *out);
	if (txn_get(t, DB_META, key_str(key), &value))
		for (int i = 0; i < BOOKING_STATUSES_LEN; i++)
			(void)key_take_u64(value, &at, &out[i]);
}

void standing_keep(struct txn *t, struct str site, struct json before, struct json after)
{
	uint64_t states[BOOKING_STATUSES_LEN];
	struct key key = key_site_meta(META_STATES, site), value = {.n = 0};
	enum booking_status was, is;
	bool had = booking_status_from(&was, json_str_at(before, "status"));
	bool has = booking_status_from(&is, json_str_at(after, "status"));

	if (had == has && (!had || was == is))
		return;
	states_read(t, &key, states);
	if (had)
		states[was]--;
	if (has)
		states[is]++;
	for (int i = 0; i < BOOKING_STATUSES_LEN; i++)
		key_u64(&value, states[i]);
	txn_put(t, DB_META, key_str(&key), key_str(&value));
}

static void add_states(struct txn *t, struct str site, struct standing *out)
{
	uint64_t states[BOOKING_STATUSES_LEN];
	struct key key = key_site_meta(META_STATES, site);

	states_read(t, &key, states);
	for (int i = 0; i < BOOKING_STATUSES_LEN; i++)
		out->state[i] += states[i];
}

/* ---- past their time ---- */

static void count_past(struct view *v, struct str site, struct instant now, struct standing *out)
{
	struct key prefix = key_site_due_prefix(site);
	struct row_look look;
	struct cursor c;
	uint32_t n = 0;

	row_look_open(&look, v);
	cursor_open(&c, v->txn, DB_INDEX);
	for (bool some = cursor_seek(&c, key_str(&prefix));
		some && n < STANDING_SITE_MAX && cursor_within(&c, key_str(&prefix));
		some = cursor_next(&c), n++) {
		struct booking b;
		uint64_t rev;
		if (!booking_get(&look.view, c.value, &b, &rev))
			continue;
		out->past += b.status == BOOKING_OUT && b.until.s < now.s;
		row_look_next(&look);
	}
	cursor_close(&c);
	row_look_close(&look);
}

void standing_count(struct view *v, struct standing *out)
{
	struct instant now = v->env->now(v->env);
	struct str site = STR_NULL;

	*out = (struct standing){0};
	while (journal_next_name(v->txn, &site)) {
		add_states(v->txn, site, out);
		count_past(v, site, now, out);
	}
}
