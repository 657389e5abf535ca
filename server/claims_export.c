/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* GET /v1/audit/claims: one row per covered line with its findings (contract 6), however many there
 * are. Lines are read a page in each turn of the loop, each page in a look of its own, and no
 * faster than the client takes them; a workbook is packed on a thread beside it. What fits one page
 * is answered at once, like any list. */

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fleet/roster.h"
#include "rules/vin.h"
#include "server/claims_xlsx.h"
#include "server/respond.h"

enum {
	TURN_MS = 2,
	WAITING_MAX = 256 << 10,      /* no further page while the client has this much to read */
	FILE_CHUNK_BYTES = 128 << 10, /* of a workbook */
};

struct claims_job {
	uv_timer_t turn; /* first: the handle's memory is ours */
	struct work packing;
	struct call *call;
	struct exchange *x; /* held */
	struct claim_filter filter;
	struct claim_place place;
	struct claims_text text;
	struct claims_book *book; /* XLSX: until it is packed */
	int fd;			  /* then the file */
	off_t at, size;
	bool streaming, gone;
};

static struct str content_type(enum claim_format format)
{
	switch (format) {
	case CLAIMS_JSON: return STR("application/json");
	case CLAIMS_JSONL: return STR("application/jsonl");
	case CLAIMS_CSV:
	case CLAIMS_CSV_FR: return STR("text/csv; charset=utf-8");
	case CLAIMS_XLSX:
	case CLAIM_FORMATS_LEN: break;
	}
	return XLSX_TYPE;
}

/* ---- the end ---- */

static void on_closed(uv_handle_t *handle)
{
	free((struct claims_job *)handle);
}

static void job_end(struct claims_job *j)
{
	ASSERT(!j->book);
	if (j->fd >= 0)
		close(j->fd);
	j->call->api->claims_exports--;
	exchange_release(j->x);
	uv_close((uv_handle_t *)&j->turn, on_closed);
}

static void on_gone(void *context)
{
	struct claims_job *j = context;
	j->gone = true;
}

static bool job_is_gone(const struct claims_job *j)
{
	return j->gone || exchange_is_gone(j->x);
}

static bool stream_start(struct claims_job *j)
{
	respond_seq(j->call, j->filter.site);
	return respond_stream(j->call, content_type(j->text.format), on_gone, j);
}

/* ---- a workbook ---- */

static void on_packed_away(struct work *work)
{
	struct claims_job *j =
		(struct claims_job *)((char *)work - offsetof(struct claims_job, packing));
	j->fd = claims_book_close(j->book);
}

static void file_chunk(struct claims_job *j)
{
	char *chunk = malloc(FILE_CHUNK_BYTES);
	ssize_t n = chunk ? pread(j->fd, chunk, FILE_CHUNK_BYTES, j->at) : -1;
	if (n <= 0) {
		exchange_stream_stop(j->x);
	} else {
		(void)exchange_stream_write(j->x, (struct str){chunk, (size_t)n});
		j->at += n;
	}
	free(chunk);
}

/* What is short has a length; the rest comes as it is taken. False: it was answered whole. */
static bool file_begin(struct claims_job *j)
{
	char *bytes;

	if (j->size > FILE_CHUNK_BYTES) {
		j->streaming = stream_start(j);
		if (!j->streaming)
			respond_refused(j->call, FAULT_BUSY, STR("too many streams are open"));
		return j->streaming;
	}
	bytes = arena_take(j->call->arena, (size_t)j->size);
	if (!bytes || pread(j->fd, bytes, (size_t)j->size, 0) != j->size) {
		respond_refused(j->call, FAULT_MEMORY, STR("the workbook could not be read"));
		return false;
	}
	respond_seq(j->call, j->filter.site);
	respond_text(j->call, 200, XLSX_TYPE, (struct str){bytes, (size_t)j->size});
	return false;
}

static void on_turn(uv_timer_t *timer);

static void on_packed(struct work *work)
{
	struct claims_job *j =
		(struct claims_job *)((char *)work - offsetof(struct claims_job, packing));
	struct stat st;

	j->book = NULL;
	if (j->gone) {
		job_end(j);
		return;
	}
	if (j->fd < 0 || fstat(j->fd, &st) != 0) {
		respond_refused(j->call, FAULT_DISK, STR("the workbook could not be written"));
		job_end(j);
		return;
	}
	j->size = st.st_size;
	if (file_begin(j))
		uv_timer_start(&j->turn, on_turn, 0, TURN_MS);
	else
		job_end(j);
}

/* Whoever left has his workbook packed all the same: that is what ends it. */
static void book_pack(struct claims_job *j)
{
	uv_timer_stop(&j->turn);
	j->packing = (struct work){.run = on_packed_away, .done = on_packed};
	bool taken = lane_add(&j->call->api->packing, &j->packing);
	ASSERT(taken); /* there are no more workbooks than the lane takes */
}

static void book_page(struct claims_job *j)
{
	struct view *v = call_look(j->call);
	struct claim_lines lines;
	struct arena a;

	arena_init(&a, ARENA_MAX_DEFAULT);
	struct arena *kept = v->arena;
	v->arena = &a;
	bool read = claim_lines_page(&lines, v, &j->filter, &j->place);
	bool good = read && claims_book_add(j->book, &lines);
	v->arena = kept;
	call_look_end(j->call);
	arena_deinit(&a);
	if (!good) {
		respond_refused(j->call, read ? FAULT_FULL : FAULT_MEMORY,
			STR("a workbook has no room for all these lines: ask for a shorter time"));
		j->gone = true;
	}
	if (!good || j->place.over)
		book_pack(j);
}

/* ---- text ---- */

/* One more page, in the arena; STR_NULL: there was no memory. */
static struct str text_page(struct claims_job *j, struct view *v)
{
	struct claim_lines lines;

	if (!claim_lines_page(&lines, v, &j->filter, &j->place))
		return STR_NULL;
	return claims_text_page(&j->text, &lines, j->place.over);
}

static void text_turn(struct claims_job *j)
{
	struct fleet *fleet = j->call->api->fleet;
	struct arena a;
	struct view v;
	struct txn t;

	arena_init(&a, ARENA_MAX_DEFAULT);
	fleet_look(fleet, &v, &t, &a);
	struct str page = text_page(j, &v);
	if (page.p)
		(void)exchange_stream_write(j->x, page);
	fleet_look_end(&v);
	arena_deinit(&a);
	if (!page.p && !j->gone)
		exchange_stream_stop(j->x); /* a part must not be taken for the whole */
	else if (j->place.over && !j->gone)
		exchange_stream_end(j->x);
}

static void on_turn(uv_timer_t *timer)
{
	struct claims_job *j = (struct claims_job *)timer;

	if (j->book && job_is_gone(j)) {
		j->gone = true;
		book_pack(j);
		return;
	}
	if (job_is_gone(j)) {
		job_end(j);
		return;
	}
	if (!call_may_go_on(j->call, j->filter.site)) {
		if (j->streaming)
			exchange_stream_stop(j->x);
		else
			respond_refused(j->call, REFUSED_ROLE, STR_NULL);
		j->gone |= !j->streaming; /* it was answered: the next turn ends it */
		return;
	}
	if (j->book)
		book_page(j);
	else if (exchange_stream_waiting(j->x) >= WAITING_MAX)
		return;
	else if (j->fd < 0 && !j->place.over)
		text_turn(j);
	else if (j->fd >= 0 && j->at < j->size)
		file_chunk(j);
	else if (j->fd >= 0)
		exchange_stream_end(j->x);
}

/* ---- the beginning ---- */

/* The job's own from now on. */
static void job_start(struct claims_job *j)
{
	struct api *api = j->call->api;

	exchange_hold(j->x);
	api->claims_exports++;
	uv_timer_init(api->packing.loop, &j->turn);
	uv_timer_start(&j->turn, on_turn, 0, TURN_MS);
}

/* False: it was answered. */
static bool text_start(struct claims_job *j)
{
	struct call *call = j->call;
	struct str first = text_page(j, call_look(call));

	if (first.p && j->place.over) {
		respond_seq(call, j->filter.site);
		if (j->text.format == CLAIMS_JSON)
			respond_list(call, first);
		else
			respond_text(call, 200, content_type(j->text.format), first);
		return false;
	}
	call_look_end(call);
	if (!first.p) {
		respond_refused(call, FAULT_MEMORY, STR("there is no room for that"));
		return false;
	}
	j->streaming = stream_start(j);
	if (j->streaming)
		(void)exchange_stream_write(j->x, first);
	else
		respond_refused(call, FAULT_BUSY, STR("too many streams are open"));
	return j->streaming;
}

static bool book_start(struct claims_job *j)
{
	call_look_end(j->call);
	j->book = claims_book_open();
	if (!j->book)
		respond_refused(j->call, FAULT_DISK,
			STR("a workbook needs a place for files: TMPDIR, else /tmp"));
	return j->book != NULL;
}

static bool filter_read(struct call *call, struct claim_filter *f)
{
	const struct query *q = &call->query;
	struct str ready = query_text(q, "ready");
	const struct roster *roster;
	char normal[VIN_TEXT];

	*f = (struct claim_filter){.site = query_text(q, "site"),
		.vin = query_text(q, "vin"),
		.repair_order = query_text(q, "repair_order"),
		.payer = query_text(q, "payer"),
		.cost_code = query_text(q, "cost_code")};
	f->ready = str_is(ready, "no")	  ? CLAIMS_NOT_READY
		   : str_is(ready, "yes") ? CLAIMS_READY
					  : CLAIMS_ANY;
	roster = call_site(call, f->site);
	if (!roster || !call_span(call, roster->zone, 0, &f->span))
		return false;
	if (f->vin.p && vin_check(normal, f->vin, false) == VIN_GOOD)
		f->vin = arena_copy(call->arena, str_from(normal));
	return true;
}

void api_claims(struct call *call)
{
	struct str format = query_text(&call->query, "format");
	struct claim_filter filter;
	struct claims_job *j;

	if (!filter_read(call, &filter))
		return;
	j = call->api->claims_exports < CLAIMS_EXPORTS_MAX ? calloc(1, sizeof *j) : NULL;
	if (!j) {
		respond_refused(call, FAULT_BUSY,
			STR("too many exports of claims are under way: ask again soon"));
		return;
	}
	j->call = call;
	j->x = call->x;
	j->fd = -1;
	j->filter = filter;
	j->text.format = format.p ? claim_format_find(format) : CLAIMS_JSON;
	if (j->text.format == CLAIMS_XLSX ? book_start(j) : text_start(j))
		job_start(j);
	else
		free(j);
}
