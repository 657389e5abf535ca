/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Repair orders as the workshop's system exports them: it knows the car and its own number. */

#include "fleet/view.h"

/* The visit that a row is about: the one it names; else the one that goes by its number; else the
 * car's, of the row's site, that began nearest to when the order was opened, within two days.
 * STR_NULL: there is none. */
struct str import_order_visit(struct view *v, struct json row);
/* The row as it is stored: of that visit, without the car. */
struct json import_order_doc(struct arena *a, struct json row, struct str visit);
