/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What the journal keeps of an import, as an object of the directory: who asked for it, which file,
 * how it went. It begins with the first entry of a row, so that a file that changes nothing leaves
 * nothing. One that never ended says so: its state is still `running`.
 */

#include "server/import.h"

/* A new id, and the file's hash. */
void import_record_init(
	struct import_record *r, struct env *env, enum import_kind kind, const struct hash *sha256);
/* The last part of a path, cut to the room there is between characters. */
void import_file_name(char *out, size_t size, struct str path);
/* Once, before the first rows are written. OK where no record is wanted. */
MUST_CHECK enum outcome import_record_begin(struct import *im);
/* How it ended; nothing where it never began. */
MUST_CHECK enum outcome import_record_end(struct import *im, const char *state);
/* It was taken back by `who` but for what stays. */
MUST_CHECK enum outcome import_record_undone(
	struct import *im, struct str who, uint32_t taken_back, uint32_t stays);
