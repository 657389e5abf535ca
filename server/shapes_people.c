/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* People who sign in, and what they may do. */

#include "fleet/password.h"
#include "fleet/people.h"
#include "server/shapes_parts.h"

/* What is typed to sign in may be anything; what is to be kept must be long enough. */
static const struct shape part_typed_password = {LINE(PASSWORD_BYTES_MAX)};
static const struct shape part_password = {.type = SHAPE_STRING,
	.format = FORMAT_NONE,
	.min = PASSWORD_BYTES_MIN,
	.max = PASSWORD_BYTES_MAX};

OPTIONAL_PART(password, .type = SHAPE_STRING, .format = FORMAT_NONE, .min = PASSWORD_BYTES_MIN,
	.max = PASSWORD_BYTES_MAX);
static const char *const roles[] = {
	"operator", "advisor", "preparer", "manager", "warranty", "auditor", "admin", NULL};
static const struct shape part_role = {ONE_OF(roles)};
OPTIONAL_PART(sites, LIST(TOKEN_SITES_MAX, id));
static const struct shape part_actor_name = {LINE(ID_MAX)};

static const struct field sign_in_fields[] = {
	NEEDS("name", id, "the login; the case of its letters does not matter"),
	NEEDS("password", typed_password, NULL),
};
const struct shape shape_sign_in = {.name = "SignIn", OBJECT(sign_in_fields)};

static const struct field sign_in_first_fields[] = {
	NEEDS("token", short, "the end of the link that the first start printed"),
	NEEDS("name", id, "the login of the first administrator"),
	NEEDS("password", password, NULL),
};
const struct shape shape_sign_in_first = {.name = "SignInFirst", OBJECT(sign_in_first_fields)};

static const struct field password_change_fields[] = {
	NEEDS("old", typed_password, NULL),
	NEEDS("new", password, NULL),
};
const struct shape shape_password_change = {
	.name = "PasswordChange", OBJECT(password_change_fields)};

static const struct field user_fields[] = {
	MAY("name", id, "as in the address"),
	NEEDS("role", role, NULL),
	MAY("sites", sites, "absent or empty = all"),
	MAY("password", password, "needed for a new user; another one ends the user's sessions"),
	MAY("disabled", bool, "true: may not sign in, and every session ends"),
};
const struct shape shape_user = {.name = "UserPut", OBJECT(user_fields)};

static const struct field token_fields[] = {
	NEEDS("name", actor_name, "stands in every entry that is made with it"),
	NEEDS("role", role, NULL),
	MAY("sites", sites, "absent or empty = all"),
};
const struct shape shape_token_make = {.name = "TokenMake", OBJECT(token_fields)};

enum { WEBHOOK_URL_BYTES = 255 };
static const struct shape part_webhook_url = {LINE(WEBHOOK_URL_BYTES)};
static const struct field webhook_fields[] = {
	NEEDS("url", webhook_url, "https://HOST/PATH: whatever changes is posted there"),
};
const struct shape shape_webhook_make = {.name = "WebhookMake", OBJECT(webhook_fields)};

static const struct shape part_entry = {INTEGER(1, INT64_C(9007199254740991))};
static const struct field replay_fields[] = {
	NEEDS("site", id, NULL),
	NEEDS("entry", entry, "of its journal: the first that is told again"),
};
const struct shape shape_webhook_replay = {.name = "WebhookReplay", OBJECT(replay_fields)};
