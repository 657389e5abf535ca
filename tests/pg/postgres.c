/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* setgroups */
#include "tests/pg/postgres.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NOBODY = 65534, PROCESSES_MAX = 200, LOOK_MS = 5 };

/* Of several versions the last. */
static void find_bin(struct postgres *p)
{
	glob_t g;

	if (glob("/usr/lib/postgresql/*/bin/initdb", 0, NULL, &g) != 0)
		fail_msg("initdb is not here: the package postgresql-15 is missing");
	snprintf(p->bin, sizeof p->bin, "%s", g.gl_pathv[g.gl_pathc - 1]);
	*strrchr(p->bin, '/') = '\0';
	globfree(&g);
}

_Noreturn static void become(
	const struct postgres *p, const char *program, const char *const words[])
{
	char path[SCRATCH_PATH * 3], *argv[32];
	size_t n = 0;
	int log;

	snprintf(path, sizeof path, "%s/%s", p->bin, program);
	argv[n++] = strdup(path);
	for (; words[n - 1] && n + 1 < ARRAY_LEN(argv); n++)
		argv[n] = strdup(words[n - 1]);
	argv[n] = NULL;
	if (geteuid() == 0 &&
		(setgroups(0, NULL) != 0 || setgid(NOBODY) != 0 || setuid(NOBODY) != 0))
		_exit(126);
	prctl(PR_SET_PDEATHSIG, SIGKILL); /* after setuid, which forgets it */
	snprintf(path, sizeof path, "%s/log", p->scratch.dir);
	log = open(path, O_WRONLY | O_CREAT | O_APPEND, 0600);
	if (chdir(p->scratch.dir) != 0 || dup2(log, STDOUT_FILENO) < 0 ||
		dup2(log, STDERR_FILENO) < 0)
		_exit(126);
	execv(argv[0], argv);
	_exit(127);
}

static pid_t start(const struct postgres *p, const char *program, const char *const words[])
{
	pid_t pid;

	fflush(NULL);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		become(p, program, words);
	return pid;
}

void postgres_reserve(struct postgres *p)
{
	memset(p, 0, sizeof *p);
	find_bin(p);
	scratch_make(&p->scratch);
	scratch_path(&p->scratch, "data", p->data);
	if (geteuid() == 0)
		assert_int_equal(chown(p->scratch.dir, NOBODY, NOBODY), 0);
}

void postgres_open(struct postgres *p)
{
	struct process initdb = {.out_fd = -1};

	postgres_reserve(p);
	initdb.pid = start(p, "initdb",
		(const char *const[]){"-D", p->data, "-U", "relais", "-A", "trust", "-E", "UTF8",
			"--locale=C", "--no-sync", NULL});
	assert_int_equal(process_wait(&initdb, POSTGRES_WAIT_MS), 0);
	postgres_start(p);
}

const char *postgres_url_of(const struct postgres *p, const char *user, const char *database,
	char out[POSTGRES_URL_BYTES])
{
	snprintf(out, POSTGRES_URL_BYTES, "postgresql://%s@/%s?host=%s", user, database,
		p->scratch.dir);
	return out;
}

const char *postgres_url(
	const struct postgres *p, const char *database, char out[POSTGRES_URL_BYTES])
{
	return postgres_url_of(p, "relais", database, out);
}

static bool is_up(const struct postgres *p)
{
	char url[POSTGRES_URL_BYTES];
	struct pg pg = {.conn = NULL};
	bool up = pg_connect(&pg, postgres_url(p, "postgres", url),
			  pg_clock_ms() + POSTGRES_WAIT_MS) == PG_DONE;

	pg_drop(&pg);
	return up;
}

static void start_server(struct postgres *p)
{
	assert_int_equal(p->pid, 0);
	p->pid = start(p, "postgres",
		(const char *const[]){"-D", p->data, "-k", p->scratch.dir, "-h", "", "-c",
			"shared_buffers=16MB", "-c", "max_connections=60", "-c", "fsync=off", "-c",
			"log_min_messages=fatal", NULL});
}

static void wait_for_server(const struct postgres *p)
{
	int64_t until_ms = pg_clock_ms() + POSTGRES_WAIT_MS;
	int status;

	while (!is_up(p)) {
		if (waitpid(p->pid, &status, WNOHANG) != 0 || pg_clock_ms() > until_ms)
			fail_msg("PostgreSQL does not start: see %s/log", p->scratch.dir);
		poll(NULL, 0, LOOK_MS);
	}
}

void postgres_start(struct postgres *p)
{
	start_server(p);
	wait_for_server(p);
}

static void run(const struct postgres *p, const char *program, const char *const words[])
{
	struct process process = {.pid = start(p, program, words), .out_fd = -1};

	assert_int_equal(process_wait(&process, POSTGRES_WAIT_MS), 0);
}

void postgres_copy(struct postgres *p, const struct postgres *from)
{
	int64_t until_ms = pg_clock_ms() + POSTGRES_WAIT_MS;

	run(p, "pg_basebackup",
		(const char *const[]){"-D", p->data, "-h", from->scratch.dir, "-U", "relais", "-R",
			"-c", "fast", "--no-sync", NULL});
	start_server(p);
	while (postgres_ask(from, "postgres",
		       "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'") == 0) {
		if (pg_clock_ms() > until_ms)
			fail_msg("nobody follows: see %s/log", p->scratch.dir);
		poll(NULL, 0, LOOK_MS);
	}
}

void postgres_promote(struct postgres *p)
{
	/* What its forerunner waited for is not here: it would wait for ever. */
	FILE *f;
	char path[SCRATCH_PATH * 3];

	snprintf(path, sizeof path, "%s/postgresql.auto.conf", p->data);
	f = fopen(path, "ae");
	assert_non_null(f);
	fputs("synchronous_standby_names = ''\n", f);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(kill(p->pid, SIGHUP), 0);
	run(p, "pg_ctl", (const char *const[]){"promote", "-D", p->data, "-w", NULL});
	wait_for_server(p);
}

/* The processes that it made, which lead sessions of their own. */
static size_t children(const struct postgres *p, pid_t out[PROCESSES_MAX])
{
	DIR *proc = opendir("/proc");
	size_t n = 0;

	assert_non_null(proc);
	for (struct dirent *e; (e = readdir(proc)) != NULL && n < PROCESSES_MAX;) {
		char path[300], state;
		int pid, parent;
		FILE *f;
		snprintf(path, sizeof path, "/proc/%.20s/stat", e->d_name);
		f = e->d_name[0] >= '1' && e->d_name[0] <= '9' ? fopen(path, "r") : NULL;
		if (f && fscanf(f, "%d (%*[^)]) %c %d", &pid, &state, &parent) == 3 &&
			parent == p->pid)
			out[n++] = pid;
		if (f)
			fclose(f);
	}
	closedir(proc);
	return n;
}

static void signal_all(const struct postgres *p, int signal)
{
	pid_t child[PROCESSES_MAX];
	size_t n;

	/* First the one that makes them: then they are all there are. */
	assert_int_equal(kill(p->pid, signal), 0);
	n = children(p, child);
	for (size_t i = 0; i < n; i++)
		(void)kill(child[i], signal); /* which may have ended by itself */
}

void postgres_freeze(struct postgres *p, bool frozen)
{
	signal_all(p, frozen ? SIGSTOP : SIGCONT);
}

void postgres_end(struct postgres *p, int signal)
{
	struct process process = {.pid = p->pid, .out_fd = -1};
	int64_t until_ms = pg_clock_ms() + POSTGRES_WAIT_MS;
	pid_t child[PROCESSES_MAX];
	size_t n = 0;

	assert_true(p->pid > 0);
	if (signal == SIGKILL) {
		(void)kill(p->pid, SIGSTOP);
		n = children(p, child);
		for (size_t i = 0; i < n; i++)
			(void)kill(child[i], SIGKILL);
	}
	process_stop(&process, signal, POSTGRES_WAIT_MS);
	p->pid = 0;
	/* Its memory must have no user left, or the next start refuses. */
	for (size_t i = 0; i < n; i++)
		while (kill(child[i], 0) == 0 && pg_clock_ms() < until_ms)
			poll(NULL, 0, LOOK_MS);
}

void postgres_close(struct postgres *p)
{
	if (p->pid > 0)
		postgres_end(p, SIGKILL);
	scratch_remove(&p->scratch);
}

/* ---- asking it ---- */

static void connect_to(const struct postgres *p, const char *database, struct pg *pg)
{
	char url[POSTGRES_URL_BYTES];

	*pg = (struct pg){.conn = NULL};
	if (pg_connect(pg, postgres_url(p, database, url), pg_clock_ms() + POSTGRES_WAIT_MS) !=
		PG_DONE)
		fail_msg("%s: %s", url, pg->why);
}

int64_t postgres_ask(const struct postgres *p, const char *database, const char *sql)
{
	const struct pg_query q = {.sql = sql};
	struct pg_rows rows = {NULL, 0};
	int64_t value = 0;
	struct pg pg;

	connect_to(p, database, &pg);
	if (pg_ask(&pg, &q, pg_clock_ms() + POSTGRES_WAIT_MS, &rows) != PG_DONE)
		fail_msg("%s: %s", sql, pg.why);
	if (rows.len)
		value = pg_number(&rows, 0, 0);
	pg_rows_free(&rows);
	pg_drop(&pg);
	return value;
}

const char *postgres_refusal(const struct postgres *p, const char *database, const char *sql)
{
	static char state[PG_STATE_LEN + 1];
	struct pg pg;

	connect_to(p, database, &pg);
	if (pg_run(&pg, sql, pg_clock_ms() + POSTGRES_WAIT_MS) == PG_GONE)
		fail_msg("%s: %s", sql, pg.why);
	snprintf(state, sizeof state, "%s", pg.state);
	pg_drop(&pg);
	return state;
}

void postgres_database(struct postgres *p, const char *name)
{
	char sql[100];

	snprintf(sql, sizeof sql, "CREATE DATABASE %s", name);
	(void)postgres_ask(p, "postgres", sql);
}
