/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Appointments (rules/appointment.h): when a customer brings his car, and when he has it back. The
 * site's desks are its advisors; both times are claims of a desk, in the calendar that loans are
 * in, and do not move by themselves: a customer is expected by this very advisor.
 */

#include "fleet/decide.h"
#include "rules/appointment.h"

/* What a site says of them; false: it takes none. */
bool appointment_rules_read(struct appointment_rules *out, struct json site);
enum outcome check_appointments(struct decide *d);
