// Writes what transformers.js makes of 200 sentences, greedily and one by one, as ids:
//
//   node parity.mjs MODELS FILE      MODELS has a folder "wild" by bench/models/make.py
//
// TestParity of backend/translate compares with it. Ids go in and come out, because
// transformers.js cuts texts of Marian models in another way than they were trained with.
import { env, pipeline } from "@huggingface/transformers";
import fs from "node:fs";

const [models, file] = process.argv.slice(2);
env.allowRemoteModels = false;
env.useFSCache = false;
env.localModelPath = models;
console.warn = () => {}; // about the tokenizer

const lines = fs.readFileSync(new URL("../models/english.txt", import.meta.url), "utf8").trim().split("\n");
const sentences = [...lines, ...lines.map((s, i) => `${s} ${lines[(i + 1) % lines.length]}`), ...lines.map((s) => s.toUpperCase()), ...lines.slice(0, 20).map((s) => s.split(" ").reverse().join(" "))];
const longest = 60; // pieces of output, the end included

const out = [];
for (const dtype of ["fp32", "q8"]) {
  const { tokenizer, model } = await pipeline("translation", "wild", { dtype, session_options: { intraOpNumThreads: 1 } });
  const cases = [];
  for (const s of sentences) {
    const input = tokenizer(s);
    const output = await model.generate({ ...input, num_beams: 1, max_new_tokens: longest });
    cases.push({ input: input.input_ids.tolist()[0].map(Number), output: output.tolist()[0].map(Number) });
  }
  out.push({ dtype, longest, cases });
}
fs.writeFileSync(file, JSON.stringify(out));
console.log(`${sentences.length} sentences`);
