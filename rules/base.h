/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The few words every file speaks: bounded text, assertions that stay on, attributes. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))
#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

/* A broken belief of ours stops the process: a wrong promise costs more than a restart. */
_Noreturn void assert_failed(const char *file, int line, const char *belief);
#define ASSERT(belief) ((belief) ? (void)0 : assert_failed(__FILE__, __LINE__, #belief))

/* Text inside the house is pointer and length; the bytes belong to somebody else. */
struct str {
	const char *p; /* borrowed */
	size_t n;
};
#define STR(literal) ((struct str){(literal), sizeof(literal) - 1})
#define STR_NULL ((struct str){NULL, 0})
/* For printf: printf("%.*s", STR_FMT(s)). */
#define STR_FMT(s) (int)(s).n, (s).p

static inline struct str str_from(const char *z)
{
	return z ? (struct str){z, strlen(z)} : STR_NULL;
}

static inline bool str_eq(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline bool str_is(struct str a, const char *z)
{
	return str_eq(a, str_from(z));
}

/* For tables in memory (Fowler, Noll, Vo); `seed` tells apart what has the same text. */
static inline uint32_t str_hash(struct str s, uint32_t seed)
{
	uint32_t h = UINT32_C(2166136261) ^ seed;

	for (size_t i = 0; i < s.n; i++)
		h = (h ^ (unsigned char)s.p[i]) * UINT32_C(16777619);
	return h ^ h >> 15;
}

/* Bytewise order, the shorter first when one begins the other. */
static inline int str_cmp(struct str a, struct str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int c = n ? memcmp(a.p, b.p, n) : 0;
	return c ? c : (a.n > b.n) - (a.n < b.n);
}
