// Trains byte pair encoding and word pieces with the Rust tokenizers.
//
//	node train.mjs KIND TEXT OUT    KIND: bytes, words
import { createRequire } from 'node:module';

const rust = createRequire(import.meta.url)('@anush008/tokenizers');
const [kind, text, out] = process.argv.slice(2);

const models = {
  bytes() {
    const t = new rust.Tokenizer(rust.BPE.empty());
    t.setPreTokenizer(rust.byteLevelPreTokenizer(false, true));
    return t;
  },
  words() {
    const t = new rust.Tokenizer(rust.WordPiece.empty());
    t.setNormalizer(rust.bertNormalizer({ lowercase: true }));
    t.setPreTokenizer(rust.bertPreTokenizer());
    return t;
  },
};
const tokenizer = models[kind]();
tokenizer.train([text]);
tokenizer.save(out, false);
