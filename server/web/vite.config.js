// SPDX-FileCopyrightText: The relais authors
// SPDX-License-Identifier: Apache-2.0

import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

// `npx vite` while developing talks to a server on this machine.
const server = process.env.RELAIS_URL ?? "http://127.0.0.1:8080";

export default defineConfig({
	plugins: [
		svelte({
			onwarn(warning, handle) {
				// A form begins with what it was given and is then its own: it is made anew for another booking.
				if (warning.code !== "state_referenced_locally") handle(warning);
			},
		}),
	],
	build: {
		target: "es2022",
		assetsInlineLimit: 0,
		modulePreload: { polyfill: false },
	},
	server: { proxy: { "/v1": server } },
});
