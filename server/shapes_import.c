/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* What an import's file is made of, where it is larger than a body. */

#include "server/imports.h"
#include "server/shapes_parts.h"

enum { FILE_PARTS_MAX = 1024 };
static const struct shape part_sha256 = {WORD(FORMAT_SHA256)};
static const struct shape part_file_parts = {LIST(FILE_PARTS_MAX, sha256), .min = 1};
OPTIONAL_PART(mapping_text, .type = SHAPE_STRING, .format = FORMAT_TEXT, .min = 1,
	.max = IMPORT_MAPPING_BYTES_MAX);
static const struct field import_fields[] = {
	NEEDS("parts", file_parts, "SHA-256 of each part left at /v1/uploads, in their order"),
	MAY("mapping", mapping_text, "a mapping file: what another system calls its columns"),
};
const struct shape shape_import = {.name = "ImportFile", OBJECT(import_fields)};
