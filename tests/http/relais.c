/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/http/relais.h"

#include <signal.h>
#include <sys/wait.h>

enum { BODY_TEXT = 64 << 10 };

void relais_find(struct relais *r, int argc, char **argv)
{
	*r = (struct relais){.process = {.out_fd = -1}};
	const char *binary = argc > 1 ? argv[1] : getenv("RELAIS_BIN");
	snprintf(r->binary, sizeof r->binary, "%s", binary ? binary : "./relais");
	/* a whole journal of the demonstration, and what was asked of it before */
	arena_init(&r->arena, 8 * ARENA_MAX_DEFAULT);
}

static void serve(struct relais *r, bool demo)
{
	const char *argv[] = {r->binary, "serve", "--data", r->scratch.dir, "--listen",
		"127.0.0.1:0",
		demo	     ? "--demo"
		: r->journal ? "--journal"
			     : NULL,
		r->journal, NULL};
	assert_true(process_start(&r->process, argv, START_WAIT_MS));
	static const char line[] = "relais: ready on http://127.0.0.1:";
	assert_true(strncmp(r->process.line, line, sizeof line - 1) == 0);
	r->port = (int)strtol(r->process.line + sizeof line - 1, NULL, 10);
	assert_in_range(r->port, 1, 65535);
}

void relais_start(struct relais *r, bool demo)
{
	scratch_make(&r->scratch);
	serve(r, demo);
	relais_token(r, r->admin, "admin", "admin", NULL);
}

void relais_stop(struct relais *r)
{
	assert_int_equal(process_stop(&r->process, SIGTERM, STOP_WAIT_MS), 0);
}

void relais_restart(struct relais *r, bool demo)
{
	serve(r, demo);
}

void relais_remove(struct relais *r)
{
	scratch_remove(&r->scratch);
	arena_deinit(&r->arena);
}

int relais_run(struct relais *r, const char *const args[], char *out, size_t size)
{
	const char *argv[16] = {r->binary};
	size_t n = 1;
	for (; args[n - 1]; n++) {
		assert_true(n < ARRAY_LEN(argv) - 1);
		argv[n] = args[n - 1];
	}
	int fd[2];
	assert_int_equal(pipe(fd), 0);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		dup2(fd[1], STDOUT_FILENO);
		close(fd[0]);
		execv(r->binary, (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	close(fd[1]);
	size_t at = 0;
	char rest[256];
	for (ssize_t got;;) {
		bool room = at + 1 < size;
		got = read(fd[0], room ? out + at : rest, room ? size - at - 1 : sizeof rest);
		if (got <= 0)
			break;
		at += room ? (size_t)got : 0;
	}
	if (size)
		out[at] = '\0';
	close(fd[0]);
	int status = 0;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void relais_token(struct relais *r, char out[TOKEN_TEXT], const char *name, const char *role,
	const char *site)
{
	const char *args[] = {"token", "create", "--data", r->scratch.dir, "--name", name, "--role",
		role, site ? "--site" : NULL, site, NULL};
	assert_int_equal(relais_run(r, args, out, TOKEN_TEXT), 0);
	out[strcspn(out, "\n")] = '\0';
	assert_int_equal(strlen(out), 47);
}

/* ---- requests ---- */

static void header_copy(char *out, size_t size, const struct response *r, const char *name)
{
	struct str v = response_header(r, name);
	snprintf(out, size, "%.*s", STR_FMT(v));
}

struct told relais_ask(struct relais *r, const struct ask *ask)
{
	struct client_header headers[10];
	size_t n = 0;
	char bearer[TOKEN_TEXT + 16];
	const char *token = ask->token ? ask->token : r->admin;
	snprintf(bearer, sizeof bearer, "Bearer %s", token);
	if (*token)
		headers[n++] = (struct client_header){"Authorization", bearer};
	if (ask->key)
		headers[n++] = (struct client_header){"Idempotency-Key", ask->key};
	if (ask->if_match)
		headers[n++] = (struct client_header){"If-Match", ask->if_match};
	if (ask->if_none_match)
		headers[n++] = (struct client_header){"If-None-Match", ask->if_none_match};
	if (ask->cookie)
		headers[n++] = (struct client_header){"Cookie", ask->cookie};
	if (ask->csrf)
		headers[n++] = (struct client_header){"Relais-CSRF", ask->csrf};
	if (ask->type || ask->body.n)
		headers[n++] = (struct client_header){
			"Content-Type", ask->type ? ask->type : "application/json"};
	headers[n] = (struct client_header){NULL, NULL};
	struct response got = client_once(r->port, ask->method, ask->path, headers, ask->body);
	struct told t = {.status = got.status, .body = arena_copy(&r->arena, got.body)};
	header_copy(t.etag, sizeof t.etag, &got, "etag");
	header_copy(t.location, sizeof t.location, &got, "location");
	header_copy(t.seq, sizeof t.seq, &got, "relais-seq");
	header_copy(t.type, sizeof t.type, &got, "content-type");
	header_copy(t.cookie, sizeof t.cookie, &got, "set-cookie");
	t.cookie[strcspn(t.cookie, ";")] = '\0';
	header_copy(t.link, sizeof t.link, &got, "link");
	t.replayed = str_is(response_header(&got, "idempotency-replayed"), "true");
	response_free(&got);
	if (t.body.n && t.body.p[0] == '{')
		t.json = arena_json(&r->arena, t.body, NULL);
	return t;
}

struct told relais_get(struct relais *r, const char *path)
{
	return relais_ask(r, &(struct ask){.method = "GET", .path = path});
}

struct told relais_put(struct relais *r, const char *path, const char *body)
{
	return relais_ask(r, &(struct ask){.method = "PUT", .path = path, .body = str_from(body)});
}

struct told relais_post(struct relais *r, const char *path, const char *key, const char *body)
{
	return relais_ask(r,
		&(struct ask){.method = "POST", .path = path, .key = key, .body = str_from(body)});
}

void check_status(const struct told *t, int status, const char *file, int line)
{
	if (t->status == status)
		return;
	print_error("%s:%d: status %d is not %d: %.*s\n", file, line, t->status, status,
		STR_FMT(t->body));
	_fail(file, line);
}

void check_problem(const struct told *t, int status, const char *slug, const char *file, int line)
{
	char type[80];
	snprintf(type, sizeof type, "/problems/%s", slug);
	check_status(t, status, file, line);
	if (strcmp(t->type, "application/problem+json") == 0 &&
		str_is(json_str_at(t->json, "type"), type) &&
		json_int_at(t->json, "status", 0) == status && json_str_at(t->json, "title").n &&
		json_str_at(t->json, "detail").n)
		return;
	print_error("%s:%d: not a problem of type %s: %.*s\n", file, line, type, STR_FMT(t->body));
	_fail(file, line);
}

bool has_pointer(const struct told *t, const char *pointer)
{
	struct json errors = json_get(t->json, "errors");
	for (struct json e = json_first(errors); json_present(e); e = json_next(errors, e))
		if (str_is(json_str_at(e, "pointer"), pointer))
			return true;
	return false;
}

/* ---- a small dealership ---- */

static const char site_body[] =
	"{\"name\":\"Test site (invented)\",\"time_zone\":\"Europe/Paris\",\"market\":\"EU\","
	"\"currency\":\"EUR\",\"locale\":\"fr-FR\",\"grace_minutes\":59,\"opening\":[{\"days\":"
	"[1,2,3,4,5],\"from\":\"08:00\",\"until\":\"18:00\"}],\"handover_minutes\":15,"
	"\"return_minutes\":15,\"max_service_distance_km\":100,\"accompanied_max_km\":25,"
	"\"tariff\":"
	"{\"loaner_brand\":{\"unit\":\"day\",\"price\":9000},\"taxi\":{\"unit\":\"trip\",\"trips\":"
	"2,"
	"\"price\":2500}}}";

static void furnish_ruleset(struct relais *r)
{
	const char *root = getenv("RELAIS_ROOT");
	char path[1024];
	char *text = malloc(BODY_TEXT);
	snprintf(path, sizeof path, "%s/deploy/demo/ruleset.json", root ? root : ".");
	FILE *f = fopen(path, "re");
	assert_non_null(f);
	assert_non_null(text);
	size_t n = fread(text, 1, BODY_TEXT - 1, f);
	fclose(f);
	text[n] = '\0';
	struct told t = relais_put(r, "/v1/rulesets/demo-1", text);
	free(text);
	assert_status(&t, 201);
}

static void furnish_car(struct relais *r, const char *site, int number)
{
	char path[80];
	char body[400];
	snprintf(path, sizeof path, "/v1/resources/%s-car-%d", site, number);
	snprintf(body, sizeof body,
		"{\"site\":\"%s\",\"kind\":\"car\",\"solutions\":[\"loaner_brand\"],\"class\":"
		"\"grecale\",\"label\":\"Grecale %d\",\"plate\":\"IO-%d00-UI\",\"seats\":1,"
		"\"turnaround_minutes\":60,\"status\":\"active\"}",
		site, number, number);
	struct told t = relais_put(r, path, body);
	assert_status(&t, 201);
}

void relais_furnish(struct relais *r)
{
	struct told t = relais_put(r, "/v1/sites/" OWN_SITE, site_body);
	assert_status(&t, 201);
	t = relais_put(r, "/v1/sites/" OTHER_SITE, site_body);
	assert_status(&t, 201);
	furnish_ruleset(r);
	furnish_car(r, OWN_SITE, 1);
	furnish_car(r, OWN_SITE, 2);
	furnish_car(r, OTHER_SITE, 1);
	t = relais_put(r, "/v1/customers/" OWN_CUSTOMER,
		"{\"segment\":\"private\",\"language\":\"fr\",\"preferred_channel\":\"phone\","
		"\"person\":"
		"{\"name\":\"A. Essai\",\"title\":\"Madame\",\"phone\":\"+33639980000\"}}");
	assert_status(&t, 201);
	t = relais_put(r, "/v1/vehicles/" OWN_VIN,
		"{\"plate\":\"OU-100-IO\",\"model\":\"Grecale (invented)\",\"owner\":\"C1\","
		"\"odometer_km\":30000,\"immobile\":false,\"warranty_locked\":false}");
	assert_status(&t, 201);
}

struct told relais_offer(struct relais *r, int day, int days)
{
	char body[600];
	snprintf(body, sizeof body,
		"{\"site\":\"" OWN_SITE "\",\"vin\":\"" OWN_VIN
		"\",\"jobs\":[{\"type\":\"maintenance\","
		"\"immobilisation_minutes\":300}],\"drop_off_at\":\"2031-03-%02dT09:00\",\"ready_"
		"at\":"
		"\"2031-03-%02dT17:00\",\"distance_km\":12,\"driver\":{\"birth_on\":\"1980-04-12\","
		"\"licence_on\":\"1999-06-01\"}}",
		day, day + days);
	return relais_post(r, "/v1/offers", NULL, body);
}
