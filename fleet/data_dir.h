/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The directory around a store, before LMDB is asked: is it there, does it hold data, are the names
 * in it durable. */

#include "rules/base.h"
#include "rules/outcome.h"

/* Writes the path of DIR/data into `path` (PATH_MAX bytes). With `create` DIR is made and its data
 * may be missing. FAULT_DISK with a sentence in `why`. */
MUST_CHECK enum outcome data_dir_ready(
	const char *dir, bool create, char *path, char *why, size_t why_size);
/* A data file that holds no commit: at most the two pages that LMDB begins with, whole or not, as a
 * power cut leaves them. */
bool data_file_is_begun(const char *path);
/* Empties such a file, so that LMDB begins it again. 0 or errno. */
MUST_CHECK int data_file_begin(const char *path);
/* A new name is durable only once its directory is. Syncs the directory that holds `file`; 0 or
 * errno. */
MUST_CHECK int data_dir_sync(const char *file);
