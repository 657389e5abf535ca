// SPDX-FileCopyrightText: The relais authors
// SPDX-License-Identifier: Apache-2.0

// Our drawing of a car from above, front up, 200 x 400: the server's zones with their outline, and where a mark stands.
// What is on the left is drawn; the right is its mirror image.

export const WIDTH = 200;

const middle = {
	front_bumper: ["M50 22Q100 2 150 22V38Q100 22 50 38Z", 100, 22],
	bonnet: ["M54 42Q100 28 146 42L144 108Q100 98 56 108Z", 100, 70],
	windscreen: ["M56 112Q100 102 144 112L136 146Q100 138 64 146Z", 100, 125],
	roof: ["M64 150Q100 142 136 150V252Q100 260 64 252Z", 100, 168],
	interior: ["M84 205a16 16 0 1 0 32 0a16 16 0 1 0 -32 0Z", 100, 205],
	rear_window: ["M64 256Q100 264 136 256L144 286Q100 296 56 286Z", 100, 274],
	boot: ["M56 290Q100 300 144 290L146 350Q100 362 54 350Z", 100, 324],
	rear_bumper: ["M50 354Q100 368 150 354V372Q100 390 50 372Z", 100, 372],
};
const left = {
	left_front_wing: ["M34 44L50 42L52 112H34Z", 43, 78],
	left_front_door: ["M34 116H52L60 150V196H34Z", 46, 165],
	left_rear_door: ["M34 200H60V252L53 284H34Z", 46, 230],
	left_rear_wing: ["M34 288H52L50 350L34 346Z", 43, 318],
	left_front_wheel: ["M14 58H30V100H14Z", 22, 79],
	left_rear_wheel: ["M14 298H30V340H14Z", 22, 319],
	left_mirror: ["M12 122L30 128V142L12 138Z", 21, 132],
};

export const zones = [
	...Object.entries(middle).map(([zone, [path, x, y]]) => ({ zone, path, x, y })),
	...Object.entries(left).map(([zone, [path, x, y]]) => ({ zone, path, x, y })),
	...Object.entries(left).map(([zone, [path, x, y]]) => ({ zone: zone.replace("left", "right"), path, x: WIDTH - x, y, mirrored: true })),
];

export const kinds = ["scratch", "dent", "chip", "crack", "broken", "missing", "stain"];

const same = (a, b) => (typeof a === "string" ? a === b : a.zone === b.zone && a.kind === b.kind && a.note === b.note);

// What is on the second list only, each as often as it is there.
export function freshSince(before = [], after = []) {
	const left = [...before];
	return after.filter((mark) => {
		const at = left.findIndex((one) => same(one, mark));
		if (at >= 0) left.splice(at, 1);
		return at < 0;
	});
}
