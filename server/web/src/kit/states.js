// SPDX-FileCopyrightText: The relais authors
// SPDX-License-Identifier: Apache-2.0

export const glyph = {
	held: "◔",
	booked: "✓",
	out: "▶",
	returned: "↩",
	cancelled: "✕",
	no_show: "∅",
	expired: "◌",
	at_risk: "⚠",
	overdue: "!",
	block: "▨",
};

export const tone = {
	held: "warn",
	booked: "plan",
	out: "good",
	returned: "",
	cancelled: "",
	no_show: "",
	expired: "",
	at_risk: "bad",
	overdue: "bad",
	block: "",
};
