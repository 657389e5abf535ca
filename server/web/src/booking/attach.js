// SPDX-FileCopyrightText: The relais authors
// SPDX-License-Identifier: Apache-2.0

// Files go to the server in parts, and are put together there with one key.

import { newKey, post } from "../lib/api.js";
import { leave } from "../lib/parts.js";

const LONGEST = 1600; // pixels of a photo's longer side: enough to see a scratch
export const TAKEN = "application/pdf,image/jpeg,image/png";

export async function attach(booking, blob, what, key = newKey()) {
	return post(`/v1/bookings/${booking.booking}/attachments`, { ...what, parts: await leave(blob) }, { key });
}

// A photo as it is kept: upright, no larger than needed, without what the camera wrote into it (where, when, whose).
export async function scaled(file) {
	const image = await createImageBitmap(file);
	const scale = Math.min(1, LONGEST / Math.max(image.width, image.height));
	const canvas = document.createElement("canvas");
	canvas.width = Math.max(1, Math.round(image.width * scale));
	canvas.height = Math.max(1, Math.round(image.height * scale));
	canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
	image.close();
	return new Promise((done, failed) => canvas.toBlob((blob) => (blob ? done(blob) : failed(new Error("no photo"))), "image/jpeg", 0.82));
}

// Each once: what went through before something else failed is not sent again.
export async function attachPhotos(booking, photos, moment) {
	for (const photo of photos) {
		if (photo.sent) continue;
		await attach(booking, photo.blob, { kind: photo.zone ? "damage_photo" : "photo", moment, ...(photo.zone ? { zone: photo.zone } : {}) }, photo.key);
		photo.sent = true;
	}
}
