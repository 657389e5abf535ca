/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* `relais user add`: the password is read from standard input, without its line's end; a terminal
 * does not show it. */

#include <stdio.h>
#include <sysexits.h>
#include <termios.h>
#include <unistd.h>

#include "fleet/user.h"
#include "server/cli.h"
#include "server/cli_people.h"
#include "server/env_uv.h"
#include "server/form.h"
#include "server/query.h"

enum { WHY_BYTES = 400, LINE_BYTES = PASSWORD_BYTES_MAX + 3 };

/* One line; longer than a password may be where it does not fit. */
static size_t line_read(char line[LINE_BYTES])
{
	size_t n = fread(line, 1, LINE_BYTES, stdin);
	if (n && line[n - 1] == '\n')
		n--;
	if (n && line[n - 1] == '\r')
		n--;
	return n;
}

static size_t line_ask(char line[LINE_BYTES])
{
	struct termios shown, hidden;
	if (tcgetattr(STDIN_FILENO, &shown) != 0)
		return line_read(line);
	hidden = shown;
	hidden.c_lflag &= ~(tcflag_t)ECHO;
	fputs("Password: ", stderr);
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
	size_t n = fgets(line, LINE_BYTES, stdin) ? strcspn(line, "\r\n") : 0;
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
	fputc('\n', stderr);
	return n;
}

static int user_store(const char *dir, struct user *user)
{
	struct people *people = NULL;
	int code = cli_people_open(&people, dir);
	if (code != EX_OK)
		return code;
	enum outcome o = user_add(people, user);
	people_close(people);
	if (o == OK)
		return EX_OK;
	if (o == REFUSED_TAKEN)
		return cli_fail(
			EX_CANTCREAT, "there is a user of the name %s already", user->actor.name);
	if (o == REFUSED_LIMIT)
		return cli_fail(EX_CANTCREAT, "%s: there are %d users, as many as there may be",
			dir, USERS_MAX);
	return cli_fail(EX_IOERR, "%s: the user could not be stored", dir);
}

static int user_make(const char *dir, struct user *user)
{
	char line[LINE_BYTES];
	size_t n = isatty(STDIN_FILENO) ? line_ask(line) : line_read(line);
	struct str password = {line, n};
	int code = EX_OK;
	if (!password_is_good(password))
		code = cli_fail(EX_DATAERR,
			"the password must be one line of %d to %d bytes of UTF-8 on standard "
			"input",
			PASSWORD_BYTES_MIN, PASSWORD_BYTES_MAX);
	else if (password_make(&user->password, env_uv(), password) != OK)
		code = cli_fail(EX_OSERR, "there is not enough memory to hash the password");
	explicit_bzero(line, sizeof line);
	return code == EX_OK ? user_store(dir, user) : code;
}

const struct form form_user_add = {
	.sub = "add",
	.options = cli_people_options,
	.options_len = PEOPLE_OPT_LEN,
	.about = "A person who signs in. The password, one line of 8 to 200 bytes, comes from "
		 "standard input. Works beside a running server.",
};

int cli_user(int argc, char **argv)
{
	char why[WHY_BYTES];
	struct option o[PEOPLE_OPT_LEN];
	struct words words = {.min = 1, .max = 1};
	struct user user = {.disabled = false};
	memcpy(o, cli_people_options, sizeof o);
	if (!options_read(argc, argv, o, PEOPLE_OPT_LEN, &words, why, sizeof why))
		return cli_usage(why);
	if (strcmp(words.value[0], "add") != 0)
		return cli_usage("the command is: relais user add");
	if (!text_is_id(str_from(option_value(&o[PEOPLE_OPT_NAME]))))
		return cli_usage("--name must be 1 to 40 of A-Z a-z 0-9 . _ -");
	int code = cli_people_actor(&user.actor, o);
	return code == EX_OK ? user_make(option_value(&o[PEOPLE_OPT_DATA]), &user) : code;
}
