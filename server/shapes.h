/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The shapes of contract.md sections 3 to 5, as tables (shapes_*.c). */

#include "server/shape.h"

/* objects that are PUT; the id stands in the address, and in the body it may be repeated but must
 * agree */
extern const struct shape shape_site, shape_resource, shape_customer, shape_merge, shape_vehicle,
	shape_ruleset;
/* requests */
extern const struct shape shape_offer_request, shape_cover_check, shape_ready, shape_block;
extern const struct shape shape_visit_open; /* POST /v1/visits {offer?, site, vin?, customer?,
					       jobs?, drop_off_at, ready_at?, estimate?, answer?,
					       said?, follows?, repair_order?, need?, review_at?} */
extern const struct shape
	shape_visit_change; /* PATCH (merge, RFC 7396): ready_at, estimate, answer, arrived_at,
			       repair_order, need, review_at, customer, vin */
extern const struct shape
	shape_booking_make; /* POST /v1/bookings: offer, solution, class?, from?, until?, customer?,
			       visit?, resource?, hold_minutes?, accept_customer_minor?, check_out?,
			       drivers?, handover?, legs_address? */
extern const struct shape shape_visit_bookings; /* {bookings:[booking_make...]} */
/* verbs of a booking */
extern const struct shape shape_empty, shape_book, shape_cancel, shape_no_show, shape_reschedule,
	shape_change, shape_move, shape_check_out, shape_check_in, shape_exchange, shape_extend,
	shape_late, shape_note, shape_correct, shape_attach, shape_agreement, shape_sign;
extern const struct shape shape_waiting_add;
/* what a claim leans on */
extern const struct shape shape_repair_order;
extern const struct shape shape_claim_draft, shape_claim_reason, shape_claim_export,
	shape_claim_accept, shape_claim_charge_back;
extern const struct shape shape_repair_order_row; /* a row of an import */
/* people */
extern const struct shape shape_sign_in, shape_sign_in_first, shape_password_change, shape_user,
	shape_token_make, shape_webhook_make, shape_webhook_replay;
extern const struct shape shape_import; /* a file in parts */
/* what is said of a task */
extern const struct shape shape_task_done, shape_task_move, shape_task_hand_over;

/* what is said with customers */
extern const struct shape shape_contact, shape_contact_transfer, shape_contact_answered,
	shape_complaint, shape_complaint_answer, shape_complaint_step, shape_satisfaction;

/* every named shape once, for /openapi.json */
extern const struct shape *const shapes_all[];
extern const uint32_t shapes_all_len;
