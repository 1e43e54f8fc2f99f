// What the peers' scripts have in common: their arguments, and one line out per picture in.

import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

// Inkpool's own model files: every program here reads with the same ones.
const models = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "backend", "bundle", "files", "ocr");
export const detector = join(models, "det.onnx");
export const recogniser = join(models, "rec.onnx");
export const dictionary = join(models, "keys.txt");

/**
 * Reads the command line: [--threads N] [the options of extra] LIST. Returns the values and
 * the pictures that LIST names, one per line. Wrong use ends the process with 2.
 */
export async function readArguments(extra = {}) {
  try {
    const { values, positionals } = parseArgs({
      options: { threads: { type: "string" }, ...extra },
      allowPositionals: true,
    });
    if (positionals.length !== 1) throw new Error("give one LIST of pictures");
    const list = await readFile(positionals[0], "utf8");
    return { ...values, pictures: list.split(/\r?\n/).filter((line) => line !== "") };
  } catch (error) {
    console.error(error.message);
    process.exit(2);
  }
}

/** The runtime's options for a number of threads; without one, the peer's own choice stands. */
export function sessionOptions(threads) {
  return threads === undefined ? {} : { intraOpNumThreads: Number(threads) };
}

/**
 * Prints {"path","text"} for each picture, in order. One that cannot be read has the text ""
 * and an "error", and a line on standard error: one bad file never ends the run.
 */
export async function readAll(pictures, readText) {
  for (const path of pictures) {
    let row = { path, text: "" };
    try {
      row.text = await readText(path);
    } catch (error) {
      row.error = String(error?.message ?? error);
      console.error(`${path}: ${row.error}`);
    }
    process.stdout.write(JSON.stringify(row) + "\n");
  }
}
