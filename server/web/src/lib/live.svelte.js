// SPDX-FileCopyrightText: The relais authors
// SPDX-License-Identifier: Apache-2.0

// What changes at a site, as it changes (SSE). The browser resumes by itself from the last entry it saw.

import { house } from "./house.svelte.js";

export const live = $state({ open: false });

// follow(site, {entry, reset, opened, imports}) → a function that ends it.
export function follow(site, { entry, reset, opened, imports }) {
	const source = new EventSource(`/v1/events?site=${encodeURIComponent(site)}`);
	source.addEventListener("open", () => {
		live.open = true;
		house.online = true;
		opened?.();
	});
	source.addEventListener("error", () => (live.open = false));
	source.addEventListener("entry", (event) => entry(JSON.parse(event.data), +event.lastEventId));
	source.addEventListener("reset", () => reset());
	if (imports) source.addEventListener("import", (event) => imports(JSON.parse(event.data)));
	return () => source.close();
}
