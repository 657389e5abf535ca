/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* memfd_create, O_TMPFILE */
#include "fleet/spill.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

int spill_open(void)
{
	const char *place = getenv("TMPDIR");
	int fd = open(place && *place ? place : P_tmpdir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	return fd >= 0 ? fd : memfd_create("spill", MFD_CLOEXEC);
}
