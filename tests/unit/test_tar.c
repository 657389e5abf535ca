/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* Proves that an archive's head has one form: what is written reads back, and a head with any byte
 * changed does not. */

#include "fleet/tar.h"
#include "tests/lib/check.h"

static void what_is_written_reads_back(void **state)
{
	static const uint64_t sizes[] = {0, 1, 511, 512, 513, 7863453, (UINT64_C(1) << 33) - 1};
	uint8_t head[TAR_BLOCK];
	char name[TAR_NAME_MAX];
	uint64_t size;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		tar_head(head, "relais-pack/claims.csv", sizes[i]);
		assert_true(tar_head_read(head, name, &size));
		assert_string_equal(name, "relais-pack/claims.csv");
		assert_true(size == sizes[i]);
		assert_int_equal((sizes[i] + tar_padding(sizes[i])) % TAR_BLOCK, 0);
	}
}

/* But for a name or a size with the sum that fits it: those say something else, and say it well. */
static void any_byte_changed_is_seen(void **state)
{
	uint8_t head[TAR_BLOCK];
	char name[TAR_NAME_MAX];
	uint64_t size;

	(void)state;
	tar_head(head, "relais-pack/key", 78);
	for (size_t i = 0; i < TAR_BLOCK; i++)
		for (uint32_t byte = 0; byte < 256; byte++) {
			uint8_t was = head[i];
			head[i] = (uint8_t)byte;
			assert_int_equal(tar_head_read(head, name, &size), byte == was);
			head[i] = was;
		}
	memset(head, 0, sizeof head);
	assert_false(tar_head_read(head, name, &size));
	memset(head, 'x', sizeof head);
	assert_false(tar_head_read(head, name, &size));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_reads_back),
		cmocka_unit_test(any_byte_changed_is_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
