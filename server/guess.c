/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/guess.h"

void guesses_init(struct guesses *g, const uint8_t secret[SEAL_KEY_LEN])
{
	*g = (struct guesses){.refused_name = 0};
	memcpy(g->secret, secret, SEAL_KEY_LEN);
}

static uint64_t guess_key(const struct guesses *g, const char *what, struct str of)
{
	struct hash hash = hash_keyed(g->secret, str_from(what), of);
	uint64_t key;

	memcpy(&key, hash.bytes, sizeof(key));
	return key ? key : 1;
}

/* A login ignores the case of its letters, and so does who guesses it. */
static uint64_t name_key(const struct guesses *g, struct str name)
{
	char folded[64];
	size_t n = name.n < sizeof(folded) ? name.n : sizeof(folded);

	for (size_t i = 0; i < n; i++) {
		bool capital = name.p[i] >= 'A' && name.p[i] <= 'Z';
		folded[i] = (char)(capital ? name.p[i] - 'A' + 'a' : name.p[i]);
	}
	return guess_key(g, "guessed name", (struct str){folded, n});
}

static uint64_t address_key(const struct guesses *g, uint64_t address)
{
	return guess_key(
		g, "guessing address", (struct str){(const char *)&address, sizeof(address)});
}

static bool is_over(const struct guess *guess, uint64_t now_ms)
{
	return !guess->key || now_ms - guess->from_ms >= GUESS_WINDOW_MS;
}

static struct guess *guess_find(struct guess set[GUESS_WAYS], uint64_t key)
{
	for (size_t i = 0; i < GUESS_WAYS; i++)
		if (set[i].key == key)
			return &set[i];
	return NULL;
}

/* Its entry, made new in the place of whoever tried least. */
static struct guess *guess_enter(struct guess set[GUESS_WAYS], uint64_t key, uint64_t now_ms)
{
	struct guess *guess = guess_find(set, key);

	if (guess && !is_over(guess, now_ms))
		return guess;
	for (size_t i = 0; i < GUESS_WAYS && !guess; i++)
		if (is_over(&set[i], now_ms))
			guess = &set[i];
	if (!guess) {
		guess = &set[0];
		for (size_t i = 1; i < GUESS_WAYS; i++)
			if (set[i].count < guess->count)
				guess = &set[i];
	}
	*guess = (struct guess){.key = key, .from_ms = now_ms};
	return guess;
}

/* Seconds until the window of this entry ends; 0 while it has not reached its limit. */
static uint32_t guess_wait(const struct guess *guess, uint32_t max, uint64_t now_ms)
{
	if (guess->count < max)
		return 0;
	uint64_t left_ms = GUESS_WINDOW_MS - (now_ms - guess->from_ms);
	return (uint32_t)((left_ms + 999) / 1000);
}

uint32_t guess_begin(struct guesses *g, struct str name, uint64_t address, uint64_t now_ms)
{
	uint64_t name_k = name_key(g, name), address_k = address_key(g, address);
	struct guess *n = guess_enter(g->of_name[name_k % GUESS_SETS], name_k, now_ms);
	struct guess *a = guess_enter(g->of_address[address_k % GUESS_SETS], address_k, now_ms);
	uint32_t name_s = guess_wait(n, GUESSES_PER_NAME_MAX, now_ms);
	uint32_t address_s = guess_wait(a, GUESSES_PER_ADDRESS_MAX, now_ms);

	g->refused_name += name_s > 0;
	g->refused_address += address_s > 0;
	if (name_s || address_s)
		return name_s > address_s ? name_s : address_s;
	n->count++;
	a->count++;
	return 0;
}

static void forgive(struct guess set[GUESS_WAYS], uint64_t key)
{
	struct guess *guess = guess_find(set, key);

	if (guess && guess->count > 0)
		guess->count--;
}

void guess_forgive(struct guesses *g, struct str name, uint64_t address)
{
	uint64_t name_k = name_key(g, name), address_k = address_key(g, address);

	forgive(g->of_name[name_k % GUESS_SETS], name_k);
	forgive(g->of_address[address_k % GUESS_SETS], address_k);
}
