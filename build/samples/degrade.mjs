// What a camera or a scanner does to a page, as steps from pixels to pixels. Chance comes from
// a seed, so that the same page gives the same picture each time.

import sharp from "sharp";

/**
 * A picture of 8-bit samples, row by row, without an alpha channel.
 * @typedef {{ data: Uint8Array, width: number, height: number, channels: 1 | 3 }} Pixels
 */

/** Wraps pixels for sharp. */
export function toSharp({ data, width, height, channels }) {
  return sharp(data, { raw: { width, height, channels } });
}

/** Unwraps what sharp has made. */
export async function toPixels(image) {
  const { data, info } = await image.raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height, channels: info.channels };
}

/** Makes sure that result is grey if image is, else coloured: sharp tends to add colour. */
export function keepingChannels(image, result) {
  return result.toColourspace(image.channels === 1 ? "b-w" : "srgb");
}

/** Takes the colours away. */
export function grey() {
  return (image) => toPixels(toSharp(image).toColourspace("b-w"));
}

/** Turns clockwise by degrees, on white paper. */
export function rotate(degrees) {
  return (image) => toPixels(keepingChannels(image, toSharp(image).rotate(degrees, { background: "#fff" })));
}

/** Makes unsharp; sigma is in pixels. */
export function blur(sigma) {
  return (image) => toPixels(keepingChannels(image, toSharp(image).blur(sigma)));
}

/**
 * Darkens with the distance from the lamp.
 * light is the lamp's place as shares of width and height; falloff is the share of light that
 * is lost at a distance of the picture's diagonal.
 */
export function shade({ light: [lightX, lightY], falloff }) {
  return (image) => {
    const { width, height } = image;
    const diagonal = Math.hypot(width, height);
    return mapped(image, (value, x, y) => {
      const distance = Math.hypot(x - lightX * width, y - lightY * height) / diagonal;
      return value * (1 - falloff * distance);
    });
  };
}

/** Adds Gaussian noise; sigma is in levels of 0 to 255. */
export function noise({ sigma, seed }) {
  return (image) => {
    const next = gaussian(seed);
    return mapped(image, (value) => value + sigma * next());
  };
}

/** Leaves black below the level, white from it on. */
export function threshold(level) {
  return (image) => mapped(image, (value) => (value < level ? 0 : 255));
}

/** Replaces each sample by change(value, x, y). */
function mapped({ data, width, height, channels }, change) {
  const out = new Uint8ClampedArray(data.length);
  for (let i = 0; i < data.length; i++) {
    const pixel = Math.floor(i / channels);
    out[i] = change(data[i], pixel % width, Math.floor(pixel / width));
  }
  return { data: new Uint8Array(out.buffer), width, height, channels };
}

/** Normally distributed numbers (Box and Muller 1958) from mulberry32, a 32-bit generator. */
function gaussian(seed) {
  let state = seed >>> 0;
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t ^= t + Math.imul(t ^ (t >>> 7), 61 | t);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}
