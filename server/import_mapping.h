/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What another system's export calls its columns and its values, as a file of lines:
 *
 *     # a remark
 *     [columns]                  a column's header = the member, or - to pass the column over
 *     Kundennummer = customer
 *     Bemerkung = -
 *     [absent]                   a member the export does not have = what every row gets
 *     preferred_channel = phone
 *     [segment]                  a member: what its cells say = what they mean
 *     Privatkunde = private
 *
 * Headers and cells are compared as they stand. A value that no line names is taken as it is.
 */

#include "server/import.h"
#include "server/import_csv.h"

enum { IMPORT_MAPPING_RULES_MAX = 1000 };

struct import_mapping_rule {
	struct str section, from, to; /* in the arena, or in the text */
	uint32_t line;
};
struct import_mapping {
	const char *file; /* borrowed: its name in what is told */
	uint32_t len;
	struct import_mapping_rule rule[IMPORT_MAPPING_RULES_MAX];
	struct arena arena; /* owned */
};

void import_mapping_init(struct import_mapping *m, const char *file);
void import_mapping_deinit(struct import_mapping *m);
/* False when there was a fault: all of them were told with the mapping's lines. `bytes` are
 * borrowed as long as the mapping lives. */
MUST_CHECK bool import_mapping_read(
	struct import *im, struct import_mapping *m, enum import_kind kind, struct str bytes);

/* The header as our members; a column to be passed over becomes STR_NULL, an absent member stands
 * behind the last. A column that the mapping names and the file lacks is told. */
void import_mapping_header(
	struct import *im, const struct import_mapping *m, struct csv_record *header);
/* The cells of the absent members, as import_mapping_header placed them. */
void import_mapping_record(const struct import_mapping *m, struct csv_record *record);
/* What a cell of that member means. */
struct str import_mapping_value(const struct import_mapping *m, struct str member, struct str cell);
