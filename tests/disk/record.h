/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * A record of what a program did to the files of its data directory, in the order in which it was
 * done, and of the answers it sent in between. Each operation is a head, the file's name below the
 * directory, and its bytes. Operations of several processes, one after the other, lie behind one
 * another in one record.
 */

#include <stdint.h>

enum op_kind {
	OP_START,    /* a process begins */
	OP_MAKE,     /* a file is made */
	OP_MAKE_DIR, /* a directory is made */
	OP_RENAME,   /* the bytes are the new name */
	OP_UNLINK,
	OP_WRITE,      /* the bytes go to `at` */
	OP_SIZE,       /* the file ends at `at` */
	OP_SYNC,       /* all that was written to the file is on disk */
	OP_SYNC_NAMES, /* all names in this directory are on disk */
	OP_ANSWER,     /* the bytes go to a client */
};

struct op_head {
	uint32_t kind;
	uint32_t durable; /* OP_WRITE: it returned when its bytes were on disk (O_DSYNC) */
	uint64_t at;
	uint32_t name_bytes, bytes;
};

/* What the preloaded library reads from the environment. */
#define DISK_DIR "RELAIS_DISK_DIR"	   /* the data directory, as the program is told it */
#define DISK_RECORD "RELAIS_DISK_RECORD"   /* the record is written there */
#define DISK_NO_SYNC "RELAIS_DISK_NO_SYNC" /* a store without syncs: none is made or recorded */
/* "K ERRNO once|ever nothing|half|all": the K-th operation fails with that number, alone or with
 * all that come after it, and that much of it was done nevertheless. */
#define DISK_FAIL "RELAIS_DISK_FAIL"
#define DISK_COUNT "RELAIS_DISK_COUNT" /* a file of 8 bytes: how many operations there were */
#define DISK_FULL "RELAIS_DISK_FULL"   /* while this file is there, no file gets a new block */

/* The other library: a file that the test and the program have in memory. */
#define MEMORY_ORDER "RELAIS_MEMORY_ORDER"
struct memory_order {
	uint64_t asked;	   /* how often the program asked for memory */
	uint64_t fails_at; /* the time at which there is none; 0: there is always some */
	uint64_t ever;	   /* and none after it */
};
