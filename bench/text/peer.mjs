// Translates or labels texts with transformers.js and says what that took: see main.go.
//
//   node peer.mjs '{"kind": "translation" | "labelling", "models": DIR, "model": NAME,
//                   "dtype": "fp32" | "q8", "texts": [...], "batch": N, "threads": N | null}'
import { env, pipeline } from "@huggingface/transformers";

const task = JSON.parse(process.argv[2]);
env.allowRemoteModels = false;
env.useFSCache = false;
env.localModelPath = task.models;
console.warn = () => {}; // about the tokenizer

const labelling = task.kind === "labelling";
const options = task.threads ? { intraOpNumThreads: task.threads, interOpNumThreads: 1 } : {};
const run = await pipeline(labelling ? "text-classification" : "translation", task.model, { dtype: task.dtype, session_options: options });

/**
 * Translates sentences together and counts the pieces of the output up to their ends. A batch of
 * transformers.js 4.3.1 ends only when all rows say so in the same step; it is stopped here when
 * the longest is done, as the model gives as many pieces as it takes.
 */
async function translate(sentences) {
  const inputs = run.tokenizer(sentences, { padding: true });
  const output = await run.model.generate({ ...inputs, num_beams: 1, max_new_tokens: inputs.input_ids.dims[1] });
  const rows = output.tolist().map((row) => row.map(Number).slice(1));
  return rows.map((row) => ({ count: row.indexOf(0) + 1 || row.length }));
}

/** Labels texts together, and gives the scores of all labels. */
async function label(texts) {
  const rows = await run(texts, { top_k: null });
  return rows.map((row) => ({ count: 1, labels: Object.fromEntries(row.map(({ label, score }) => [label, score])) }));
}

const work = labelling ? label : translate;
await work(task.texts.slice(0, task.batch)); // warm
const order = task.texts.map((text, i) => ({ text, i })).sort((a, b) => b.text.length - a.text.length); // which helps batches
const cpu = process.cpuUsage();
const began = process.hrtime.bigint();
const results = [];
for (let at = 0; at < order.length; at += task.batch) {
  const some = order.slice(at, at + task.batch);
  for (const [k, result] of (await work(some.map(({ text }) => text))).entries()) results[some[k].i] = result;
}
const wall = Number(process.hrtime.bigint() - began) / 1e9;
const used = process.cpuUsage(cpu);
const count = results.reduce((sum, r) => sum + r.count, 0);
const labels = labelling ? results.map((r) => r.labels) : undefined;
console.log(JSON.stringify({ count, wall_s: wall, cpu_s: (used.user + used.system) / 1e6, peak_mb: process.resourceUsage().maxRSS * 1024 / 1e6, labels }));
process.exit(0);
