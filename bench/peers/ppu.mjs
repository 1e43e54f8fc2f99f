// Reads pictures with ppu-paddle-ocr and Inkpool's PP-OCRv4 models.
//
//   node ppu.mjs [--threads N] [--strategy per-line|per-box|cross-line] LIST > predictions.jsonl
//
// LIST names one picture per line. Each gives one line of JSON, see pictures.mjs. The default
// strategy is the peer's own.

import { readFile } from "node:fs/promises";
import { PaddleOcrService } from "ppu-paddle-ocr";
import { detector, dictionary, readAll, readArguments, recogniser, sessionOptions } from "./pictures.mjs";

/** The dictionary as this peer wants it: the CTC blank is its first entry and a space its last. */
async function characters() {
  const keys = await readFile(dictionary, "utf8"); // its last line has no line feed
  return arrayBufferOf(Buffer.from(`blank\n${keys}\n `));
}

function arrayBufferOf(buffer) {
  return buffer.buffer.slice(buffer.byteOffset, buffer.byteOffset + buffer.byteLength);
}

const { threads, strategy, pictures } = await readArguments({ strategy: { type: "string" } });
const service = new PaddleOcrService({
  model: { detection: detector, recognition: recogniser, charactersDictionary: await characters() },
  session: sessionOptions(threads),
});
await service.initialize();
await readAll(pictures, async (path) => {
  const picture = arrayBufferOf(await readFile(path));
  // Its cache would answer from memory where a picture comes twice.
  const { text } = await service.recognize(picture, { strategy, noCache: true });
  return text;
});
await service.destroy();
