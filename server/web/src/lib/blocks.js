// SPDX-FileCopyrightText: The relais authors
// SPDX-License-Identifier: Apache-2.0

// A car out of use for a while. A block never changes: there is nothing to have overlooked when it is taken away.

import { ask, post } from "./api.js";

const of = (resource) => `/v1/resources/${encodeURIComponent(resource)}/blocks`;

export const block = (resource, { from, until, reason }) => post(of(resource), { from, until, reason });
export const wouldTouch = (resource, span) => post(of(resource), { ...span, preview: true });
export const unblock = (id) => ask("DELETE", `/v1/blocks/${encodeURIComponent(id)}`, { ifMatch: "*" });
