// SPDX-FileCopyrightText: The relais authors
// SPDX-License-Identifier: Apache-2.0

// A file larger than a body is left with the server in parts, each known by its SHA-256, until a request names them.

import { ask } from "./api.js";

export const PART = 256 * 1024;

const hex = (bytes) => [...new Uint8Array(bytes)].map((b) => b.toString(16).padStart(2, "0")).join("");

// Their names, in order.
export async function leave(blob) {
	const parts = [];
	for (let at = 0; at < blob.size; at += PART) {
		const bytes = await blob.slice(at, at + PART).arrayBuffer();
		const name = hex(await crypto.subtle.digest("SHA-256", bytes));
		await ask("PUT", `/v1/uploads/${name}`, { bytes });
		parts.push(name);
	}
	return parts;
}
