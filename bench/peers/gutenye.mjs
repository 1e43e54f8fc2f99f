// Reads pictures with @gutenye/ocr-node and Inkpool's PP-OCRv4 models, which are those that
// it ships, at its default settings.
//
//   node gutenye.mjs [--threads N] LIST > predictions.jsonl
//
// LIST names one picture per line. Each gives one line of JSON, see pictures.mjs, where text
// is what the peer found, in its own order. TIFF needs no help: sharp, which the peer decodes
// with, reads it as it is.

import Ocr from "@gutenye/ocr-node";
import { detector, dictionary, readAll, readArguments, recogniser, sessionOptions } from "./pictures.mjs";

const { threads, pictures } = await readArguments();
const ocr = await Ocr.create({
  models: { detectionPath: detector, recognitionPath: recogniser, dictionaryPath: dictionary },
  onnxOptions: sessionOptions(threads),
});
await readAll(pictures, async (path) => {
  const lines = await ocr.detect(path);
  return lines.map((line) => line.text).join("\n");
});
