// The list of samples: what each is called, how it is drawn, what is done to it, and what is
// said about it. The words themselves are in pages/ and texts/.

import { blur, grey, noise, rotate, shade, threshold } from "./degrade.mjs";

/**
 * @typedef {object} Picture
 * @property {string} file  name in samples/; the ending says the format
 * @property {string} [page]  name of the page in pages/; default: the file's without its ending
 * @property {number} width  of the page, in CSS pixels; its height is that of its content
 * @property {number} [scale]  real pixels per CSS pixel, default 1
 * @property {number} [quality]  of JPEG and WebP, 1 to 100, default 85
 * @property {number} [colours]  of PNG and GIF, 2 to 256, default 64
 * @property {Array<(image: import("./degrade.mjs").Pixels) => any>} [steps]  done in this order
 * @property {string[]} tags  "clean" or "degraded" first, then what is particular about it
 * @property {string} lang  "zh", "en" or "zh+en"
 */

/** @type {Picture[]} */
export const pictures = [
  { file: "chinese-page.png", width: 900, scale: 1.25, tags: ["clean", "document"], lang: "zh" },
  { file: "english-page.png", width: 900, scale: 1.25, tags: ["clean", "document"], lang: "en" },
  { file: "mixed-manual.png", width: 860, scale: 1.25, tags: ["clean", "document"], lang: "zh+en" },
  { file: "chinese-receipt.png", width: 480, scale: 1.25, colours: 16, tags: ["clean", "receipt"], lang: "zh" },
  {
    file: "english-receipt-photo.jpg", width: 900, scale: 1.3, quality: 72,
    steps: [shade({ light: [0.25, 0.1], falloff: 0.55 }), blur(0.8), noise({ sigma: 9, seed: 41 })],
    tags: ["degraded", "receipt", "photo", "perspective"], lang: "en",
  },
  { file: "app-light.png", width: 1100, tags: ["clean", "screenshot"], lang: "zh+en" },
  { file: "app-dark.png", width: 1000, tags: ["clean", "screenshot", "dark"], lang: "en" },
  { file: "two-columns-english.png", width: 1000, scale: 1.25, tags: ["clean", "two columns"], lang: "en" },
  { file: "two-columns-chinese.webp", width: 1000, scale: 1.25, quality: 80, tags: ["clean", "two columns"], lang: "zh+en" },
  { file: "small-print.png", width: 700, tags: ["clean", "small print"], lang: "en" },
  {
    file: "upside-down.jpg", width: 820, scale: 1.25, quality: 80, steps: [rotate(180)],
    tags: ["degraded", "rotated 180"], lang: "zh+en",
  },
  {
    file: "bilevel-scan.tif", width: 900, scale: 1.5,
    steps: [grey(), rotate(-1.2), blur(0.7), noise({ sigma: 26, seed: 7 }), threshold(150)],
    tags: ["degraded", "scan", "bilevel", "slanted"], lang: "zh",
  },
  {
    file: "grey-scan.jpg", width: 900, quality: 38,
    steps: [grey(), rotate(1.5), shade({ light: [0.8, 0.3], falloff: 0.3 }), blur(0.9), noise({ sigma: 14, seed: 11 })],
    tags: ["degraded", "scan", "slanted"], lang: "en",
  },
  { file: "poster.jpg", width: 900, quality: 82, tags: ["clean", "poster", "large"], lang: "zh+en" },
  { file: "form.png", width: 1040, scale: 1.2, colours: 16, tags: ["clean", "form", "table"], lang: "zh+en" },
  { file: "white-on-transparent.png", width: 760, tags: ["clean", "transparent"], lang: "zh+en" },
  { file: "slide.gif", width: 960, tags: ["clean", "slide"], lang: "en" },
  {
    file: "chinese-photo.jpg", width: 1100, scale: 1.2, quality: 70,
    steps: [shade({ light: [0.7, 0.2], falloff: 0.7 }), blur(0.9), noise({ sigma: 11, seed: 23 })],
    tags: ["degraded", "photo", "perspective"], lang: "zh",
  },
];

/**
 * Plain texts. encoding is as iconv names it.
 * @type {Array<{ file: string, encoding: string, lang: string }>}
 */
export const texts = [
  { file: "note-chinese.txt", encoding: "UTF-8", lang: "zh" },
  { file: "note-english.txt", encoding: "UTF-8", lang: "en" },
  { file: "note-mixed.txt", encoding: "UTF-8", lang: "zh+en" },
  { file: "note-gb18030.txt", encoding: "GB18030", lang: "zh" },
];
