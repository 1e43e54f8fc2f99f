// Makes samples/ anew: draws the pages with Chromium, takes their true text from the drawn
// page, spoils those that are to look scanned or photographed, and writes the texts.
//
//   npm ci --ignore-scripts && node make.mjs [NAME...]
//
// With names, only those files are made; the index is always written. It needs Debian's
// packages chromium, fonts-noto-cjk and fonts-dejavu; CHROMIUM names another browser.

import { spawnSync } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, extname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import sharp from "sharp";
import { keepingChannels, toPixels, toSharp } from "./degrade.mjs";
import { pictures, texts } from "./samples.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const samplesFolder = join(here, "..", "..", "samples");
// Hidden, so that reading samples/ as a folder leaves it out.
const truthFolder = join(samplesFolder, ".truth");

/** Draws a picture's page. Returns the PNG and the text on it, in reading order. */
async function draw(browser, picture) {
  const name = picture.page ?? picture.file.slice(0, -extname(picture.file).length);
  const page = await browser.newPage({
    viewport: { width: picture.width, height: 100 },
    deviceScaleFactor: picture.scale ?? 1,
  });
  try {
    await page.goto(pathToFileURL(join(here, "pages", `${name}.html`)).href);
    await page.evaluate(() => document.fonts.ready);
    const png = await page.screenshot({ fullPage: true, omitBackground: true });
    return { png, text: linesOf(await page.evaluate(() => document.body.innerText)) };
  } finally {
    await page.close();
  }
}

/** Leaves out what only the layout put there: blank lines, tabs between cells, outer spaces. */
function linesOf(text) {
  const lines = text.split("\n").map((line) => line.replaceAll("\t", " ").trim());
  return lines.filter((line) => line !== "").join("\n") + "\n";
}

/** Does the picture's steps to the drawn page and encodes it. */
async function finish(png, picture) {
  let image = sharp(png);
  if (picture.steps) {
    let pixels = await toPixels(image.removeAlpha());
    for (const step of picture.steps) pixels = await step(pixels);
    image = keepingChannels(pixels, toSharp(pixels));
  }
  return encode(image, picture).toBuffer();
}

function encode(image, { file, quality = 85, colours = 64 }) {
  switch (extname(file)) {
    case ".png":
      return image.png({ palette: true, colours, dither: 0, effort: 10, compressionLevel: 9 });
    case ".gif":
      return image.gif({ colours, dither: 0 });
    case ".jpg":
      return image.jpeg({ quality, mozjpeg: true });
    case ".webp":
      return image.webp({ quality, effort: 6 });
    case ".tif":
      return image.toColourspace("b-w").tiff({ bitdepth: 1, compression: "ccittfax4" });
    default:
      throw new Error(`${file}: unknown format`);
  }
}

/** Brings a text into another encoding; Node itself writes UTF-8 only. */
function encodeText(text, encoding) {
  if (encoding === "UTF-8") return text;
  const { status, stdout, stderr } = spawnSync("iconv", ["-f", "UTF-8", "-t", encoding], { input: text });
  if (status !== 0) throw new Error(`iconv: ${stderr}`);
  return stdout;
}

async function write(file, content, truth) {
  await writeFile(join(samplesFolder, file), content);
  await writeFile(join(truthFolder, `${file}.txt`), truth);
  console.log(`${file}: ${Buffer.byteLength(content)} bytes`);
}

async function writeIndex() {
  const rows = [
    ...pictures.map(({ file, tags, lang }) => ({ file, tags, lang })),
    ...texts.map(({ file, encoding, lang }) => ({ file, tags: ["clean", "text", encoding], lang })),
  ];
  const lines = rows.map((row) => `  ${JSON.stringify(row)}`);
  await writeFile(join(truthFolder, "index.json"), `[\n${lines.join(",\n")}\n]\n`);
}

const names = process.argv.slice(2);
const wanted = ({ file }) => names.length === 0 || names.includes(file);
await mkdir(truthFolder, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--font-render-hinting=none", "--disable-lcd-text"],
});
try {
  for (const picture of pictures.filter(wanted)) {
    const { png, text } = await draw(browser, picture);
    await write(picture.file, await finish(png, picture), text);
  }
} finally {
  await browser.close();
}
for (const { file, encoding } of texts.filter(wanted)) {
  const text = await readFile(join(here, "texts", file), "utf8");
  await write(file, encodeText(text, encoding), text);
}
await writeIndex();
