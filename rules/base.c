/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "rules/base.h"

#include <stdio.h>
#include <stdlib.h>

_Noreturn void assert_failed(const char *file, int line, const char *belief)
{
	fprintf(stderr, "relais: %s:%d: this must hold and does not: %s\n", file, line, belief);
	abort();
}
