// SPDX-FileCopyrightText: The relais authors
// SPDX-License-Identifier: Apache-2.0

// Where we are stands behind the #: the desk and the board are one page that is never loaded again.

function read() {
	const [path, search] = location.hash.replace(/^#\/?/, "").split("?");
	return {
		parts: path.split("/").filter(Boolean).map(decodeURIComponent),
		query: Object.fromEntries(new URLSearchParams(search ?? "")),
	};
}

export const route = $state(read());

window.addEventListener("hashchange", () => Object.assign(route, read()));

export function address(path, query = {}) {
	const filled = Object.entries(query).filter(([, value]) => value !== "" && value !== undefined);
	const search = new URLSearchParams(filled).toString();
	return `#/${path}${search ? `?${search}` : ""}`;
}

export function go(path, query) {
	location.hash = address(path, query);
}

// The same place with other filters: no step in the history.
export function refine(path, query) {
	history.replaceState(null, "", address(path, query));
	Object.assign(route, read());
}
