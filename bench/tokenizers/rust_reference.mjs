// What the Rust tokenizers make of texts.
//
// Reads {"model": path, "texts": [...], "pairs": [[a, b], ...]} on standard input and prints
// {"answers": [...], "seconds": CPU time of the texts}: for each text and then each pair its ids, places,
// segments, which tokens are the template's, and what the ids decode to.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';

const { Tokenizer } = createRequire(import.meta.url)('@anush008/tokenizers');

/** The first byte of each character of a text, and its length: Rust counts code points. */
function bytePlaces(text) {
  const places = [0];
  for (const character of text) places.push(places.at(-1) + Buffer.byteLength(character));
  return places;
}

const request = JSON.parse(readFileSync(0, 'utf8'));
const tokenizer = Tokenizer.fromString(readFileSync(request.model, 'utf8'));
tokenizer.disableTruncation();
tokenizer.disablePadding();

const answers = [];
let seconds = 0;
for (const [a, b] of [...request.texts.map((t) => [t, null]), ...(request.pairs ?? [])]) {
  const start = process.cpuUsage();
  const e = await tokenizer.encode(a, b);
  const { user, system } = process.cpuUsage(start);
  if (b === null) seconds += (user + system) / 1e6;
  const ids = e.getIds();
  const sequences = e.getSequenceIds();
  const places = [a, b ?? ''].map(bytePlaces);
  answers.push({
    ids,
    places: e.getOffsets().map(([from, to], i) => [places[sequences[i] ?? 0][from], places[sequences[i] ?? 0][to]]),
    types: e.getTypeIds(),
    special: sequences.map((s) => (s === null || s === undefined ? 1 : 0)),
    decoded: await tokenizer.decode(ids, true),
  });
}
process.stdout.write(JSON.stringify({ answers, seconds }));
