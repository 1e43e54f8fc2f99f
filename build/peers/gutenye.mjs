// Reads pictures with @gutenye/ocr-node at its default settings and with the PP-OCRv4 models
// that it ships, so that `go run ./backend/cmd/eval -peers` can compare it with Inkpool.
//
//   node gutenye.mjs LIST > predictions.jsonl
//
// LIST names one picture per line. Each gives one line {"path","text"} on standard output,
// where text is what the peer found, in its own order. A picture that it cannot read gives
// the text "" and a line on standard error: one bad file never ends the run. TIFF needs no
// help: sharp, which the peer decodes with, reads it as it is.

import { readFile } from "node:fs/promises";
import Ocr from "@gutenye/ocr-node";

async function readText(ocr, path) {
  try {
    const lines = await ocr.detect(path);
    return lines.map((line) => line.text).join("\n");
  } catch (error) {
    console.error(`${path}: ${error?.message ?? error}`);
    return "";
  }
}

const [listPath] = process.argv.slice(2);
if (!listPath) {
  console.error("usage: node gutenye.mjs LIST");
  process.exit(2);
}
const paths = (await readFile(listPath, "utf8")).split(/\r?\n/).filter((line) => line !== "");
const ocr = await Ocr.create();
for (const path of paths) {
  process.stdout.write(JSON.stringify({ path, text: await readText(ocr, path) }) + "\n");
}
