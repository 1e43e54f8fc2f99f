// Translates sentences with transformers.js and says what that took: see main.go.
//
//   node peer.mjs '{"models": DIR, "model": NAME, "dtype": "fp32" | "q8", "sentences": [...],
//                   "batch": N, "threads": N | null}'
import { env, pipeline } from "@huggingface/transformers";

const task = JSON.parse(process.argv[2]);
env.allowRemoteModels = false;
env.useFSCache = false;
env.localModelPath = task.models;
console.warn = () => {}; // about the tokenizer

const options = task.threads ? { intraOpNumThreads: task.threads, interOpNumThreads: 1 } : {};
const { tokenizer, model } = await pipeline("translation", task.model, { dtype: task.dtype, session_options: options });

/**
 * Translates sentences together and counts the pieces of the output up to their ends. A batch of
 * transformers.js 4.3.1 ends only when all rows say so in the same step; it is stopped here when
 * the longest is done, as the model gives as many pieces as it takes.
 */
async function translate(sentences) {
  const inputs = tokenizer(sentences, { padding: true });
  const output = await model.generate({ ...inputs, num_beams: 1, max_new_tokens: inputs.input_ids.dims[1] });
  const rows = output.tolist().map((row) => row.map(Number).slice(1));
  return rows.map((row) => row.indexOf(0) + 1 || row.length).reduce((a, b) => a + b, 0);
}

await translate(task.sentences.slice(0, task.batch)); // warm
const sorted = [...task.sentences].sort((a, b) => b.length - a.length); // which helps batches
const cpu = process.cpuUsage();
const began = process.hrtime.bigint();
let tokens = 0;
for (let at = 0; at < sorted.length; at += task.batch) tokens += await translate(sorted.slice(at, at + task.batch));
const wall = Number(process.hrtime.bigint() - began) / 1e9;
const used = process.cpuUsage(cpu);
console.log(JSON.stringify({ tokens, wall_s: wall, cpu_s: (used.user + used.system) / 1e6, peak_mb: process.resourceUsage().maxRSS * 1024 / 1e6 }));
process.exit(0);
