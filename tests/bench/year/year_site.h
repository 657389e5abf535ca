/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The site of the year: its cars in three classes, its hours, what it keeps back. */

#include "tests/bench/site.h"
#include "tests/bench/year/demand.h"

extern const char *const class_names[CLASSES];

/* Whether relais knows the setting that keeps cars back for short notice. */
bool site_can_hold_back(void);
void year_site_open(struct site *s, enum hand_over hand_over, uint32_t held_back);
/* "G07" and back. */
enum { CAR_ID = 8 };
void car_id(char out[CAR_ID], uint32_t car);
int32_t car_of_id(struct str id);
