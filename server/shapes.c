/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/shapes_parts.h"

/* Every named shape once, in the order a reader of /docs meets them. */

const struct shape *const shapes_all[] = {
	&shape_site,
	&part_tariff,
	&shape_resource,
	&shape_ready,
	&shape_block,
	&shape_customer,
	&shape_vehicle,
	&part_coverage,
	&shape_cover_check,
	&shape_ruleset,
	&shape_offer_request,
	&part_job,
	&shape_visit_open,
	&shape_visit_change,
	&shape_visit_bookings,
	&shape_booking_make,
	&shape_empty,
	&shape_book,
	&shape_cancel,
	&shape_no_show,
	&shape_reschedule,
	&shape_change,
	&shape_move,
	&shape_check_out,
	&shape_check_in,
	&shape_exchange,
	&shape_extend,
	&shape_late,
	&shape_note,
	&shape_correct,
	&shape_attach,
	&shape_agreement,
	&shape_sign,
	&shape_task_done,
	&shape_waiting_add,
	&shape_sign_in,
	&shape_sign_in_first,
	&shape_password_change,
	&shape_user,
	&shape_token_make,
};
const uint32_t shapes_all_len = ARRAY_LEN(shapes_all);
