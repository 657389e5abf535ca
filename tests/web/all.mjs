// SPDX-FileCopyrightText: The relais authors
// SPDX-License-Identifier: Apache-2.0

// One server and one browser for all that is looked at here.

import { after, before } from "node:test";
import { close, open } from "./house.mjs";

before(open, { timeout: 600_000 });
after(close);

await import("./words.mjs");
await import("./when.mjs");
await import("./sign_in.mjs");
await import("./call.mjs");
await import("./merge.mjs");
await import("./handover.mjs");
await import("./prepare.mjs");
await import("./day.mjs");
await import("./said.mjs");
await import("./advisors.mjs");
await import("./papers.mjs");
await import("./board.mjs");
await import("./figures.mjs");
await import("./warranty.mjs");
await import("./admin.mjs");
await import("./imports.mjs");
await import("./forget.mjs");
await import("./screens.mjs");
