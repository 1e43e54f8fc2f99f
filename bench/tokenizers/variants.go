package main

import (
	"encoding/base64"
	"maps"
	"strings"
)

// object is a JSON object.
type object = map[string]any

// variant is a tokenizer.json to be written.
type variant struct {
	name      string
	tokenizer object
}

// list is shorter to write in a tree of objects.
type list = []any

// variants returns the tokenizers of well-known models, with vocabularies of our own: of
// models of SentencePiece, and of the base tokenizers "bytes" and "words".
func variants(models map[string]*spmModel, base map[string]object) []variant {
	out := byteVariants(base["bytes"]["model"].(object))
	out = append(out, wordVariants(base["words"]["model"].(object))...)
	return append(out, pieceVariants(models)...)
}

// byteVariants are the descendants of GPT-2.
func byteVariants(model object) []variant {
	vocab := withAllBytes(model)
	specials := added(len(vocab), special("<s>"), special("</s>"), object{"content": "<mask>", "special": true, "lstrip": true}, plain("NewWord"))
	id := func(n int) int { return len(vocab) + n }
	ignoring := maps.Clone(model)
	ignoring["ignore_merges"] = true
	const llama3 = `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`
	byLevel := func(prefix, regex bool) object {
		return object{"type": "ByteLevel", "add_prefix_space": prefix, "trim_offsets": true, "use_regex": regex}
	}
	split := func(regex, behaviour string) object {
		return object{"type": "Split", "pattern": object{"Regex": regex}, "behavior": behaviour, "invert": false}
	}
	return []variant{
		{"gpt2", object{"added_tokens": specials, "pre_tokenizer": byLevel(false, true), "post_processor": byLevel(true, true), "decoder": byLevel(true, true), "model": model}},
		{"roberta", object{"added_tokens": specials, "pre_tokenizer": byLevel(true, true), "decoder": byLevel(true, true), "model": model,
			"post_processor": object{"type": "RobertaProcessing", "sep": list{"</s>", id(1)}, "cls": list{"<s>", id(0)}, "trim_offsets": true, "add_prefix_space": true}}},
		{"llama3", object{"added_tokens": specials, "decoder": byLevel(true, true), "model": ignoring,
			"pre_tokenizer": sequence("pretokenizers", split(llama3, "Isolated"), byLevel(false, false)),
			"post_processor": sequence("processors", byLevel(true, false), object{"type": "TemplateProcessing", "single": list{name("<s>", 0), part("A", 0)}, "pair": list{name("<s>", 0), part("A", 0), name("<s>", 1), part("B", 1)},
				"special_tokens": object{"<s>": object{"id": "<s>", "ids": list{id(0)}, "tokens": list{"<s>"}}}})}},
		{"cohere", object{"added_tokens": specials, "normalizer": object{"type": "NFC"}, "decoder": byLevel(true, true), "model": model,
			"pre_tokenizer": sequence("pretokenizers", object{"type": "Digits", "individual_digits": true}, byLevel(false, true))}},
		{"deepseek", object{"added_tokens": specials, "normalizer": sequence("normalizers"), "decoder": byLevel(true, true), "model": model,
			"pre_tokenizer": sequence("pretokenizers", split(`[\r\n]`, "Isolated"), split(`\s?\p{L}+`, "Isolated"), split(`\s?\p{P}+`, "Isolated"), split(`[一-龥ࠀ-一가-퟿]+`, "Isolated"),
				object{"type": "Digits", "individual_digits": false}, byLevel(false, false))}},
		{"bytes-normalized", object{"normalizer": sequence("normalizers", object{"type": "NFKD"}, object{"type": "ByteLevel"}), "decoder": byLevel(true, true), "model": model}},
	}
}

// withAllBytes adds the pieces of bytes that the training text had none of: all such models
// have them, and without them Rust loses count of places.
func withAllBytes(model object) object {
	vocab := model["vocab"].(object)
	hidden := rune(0x100)
	for b := range rune(256) {
		r := b
		if !(r >= '!' && r <= '~' || r >= 0xA1 && r <= 0xAC || r >= 0xAE) {
			r, hidden = hidden, hidden+1
		}
		if _, ok := vocab[string(r)]; !ok {
			vocab[string(r)] = len(vocab)
		}
	}
	return vocab
}

// wordVariants are the descendants of BERT, and every way to cut and normalise that has
// no model of its own.
func wordVariants(model object) []variant {
	vocab := maps.Clone(model["vocab"].(object))
	for _, s := range []string{"[UNK]", "[CLS]", "[SEP]", "[MASK]"} {
		if _, ok := vocab[s]; !ok {
			vocab[s] = len(vocab)
		}
	}
	words := object{"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 100, "vocab": vocab}
	tokens := added(0, special("[UNK]"), special("[CLS]"), special("[SEP]"), object{"content": "[MASK]", "special": true, "lstrip": true},
		object{"content": "NewWord", "normalized": true, "single_word": true}, object{"content": "<trim>", "rstrip": true, "lstrip": true})
	template := object{"type": "BertProcessing", "sep": list{"[SEP]", vocab["[SEP]"]}, "cls": list{"[CLS]", vocab["[CLS]"]}}
	bert := func(settings string) object {
		n := object{"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true, "strip_accents": nil, "lowercase": true}
		for _, off := range strings.Fields(settings) {
			n[off] = false
		}
		return n
	}
	with := func(normalizer, words2 any) object {
		return object{"added_tokens": tokens, "normalizer": normalizer, "pre_tokenizer": words2, "post_processor": template,
			"decoder": object{"type": "WordPiece", "prefix": "##", "cleanup": true}, "model": words}
	}
	plainWords := object{"type": "BertPreTokenizer"}
	level := object{"type": "WordLevel", "unk_token": "[UNK]", "vocab": vocab}
	out := []variant{
		{"bert-uncased", with(bert(""), plainWords)},
		{"bert-accents", with(bert("strip_accents"), plainWords)},
		{"bert-dirty", with(bert("clean_text handle_chinese_chars"), plainWords)},
		{"whitespace", with(object{"type": "Nmt"}, object{"type": "Whitespace"})},
		{"stripped", with(sequence("normalizers", object{"type": "Strip", "strip_left": true, "strip_right": true}, object{"type": "NFD"}, object{"type": "Lowercase"}, object{"type": "StripAccents"}), object{"type": "WhitespaceSplit"})},
		{"word-level", object{"added_tokens": tokens, "normalizer": object{"type": "NFKC"}, "model": level,
			"pre_tokenizer": sequence("pretokenizers", object{"type": "CharDelimiterSplit", "delimiter": " "}, object{"type": "Digits", "individual_digits": false})}},
	}
	for _, behaviour := range []string{"Removed", "Isolated", "Contiguous", "MergedWithPrevious", "MergedWithNext"} {
		cut := sequence("pretokenizers", object{"type": "Punctuation", "behavior": behaviour}, object{"type": "Split", "pattern": object{"String": "  "}, "behavior": behaviour, "invert": false},
			object{"type": "Split", "pattern": object{"Regex": `\s+`}, "behavior": "Removed", "invert": behaviour == "Never"})
		out = append(out, variant{"split-" + strings.ToLower(behaviour), with(bert(""), cut)})
	}
	inverted := object{"type": "Split", "pattern": object{"Regex": `[\p{L}]+`}, "behavior": "Removed", "invert": true}
	return append(out, variant{"split-inverted", with(bert(""), inverted)})
}

// pieceVariants are models of SentencePiece as tokenizer.json.
func pieceVariants(models map[string]*spmModel) []variant {
	u, pairs, ub, pb := models["unigram"], models["pairs"], models["unigram-bytes"], models["pairs-bytes"]
	charsmap := func(m *spmModel) object {
		return object{"type": "Precompiled", "precompiled_charsmap": base64.StdEncoding.EncodeToString(m.charsmap)}
	}
	meta := func(scheme string, cut bool) object {
		return object{"type": "Metaspace", "replacement": "▁", "prepend_scheme": scheme, "split": cut}
	}
	oldMeta := object{"type": "Metaspace", "replacement": "▁", "add_prefix_space": true, "str_rep": "▁"}
	t5 := object{"type": "TemplateProcessing", "single": list{part("A", 0), name("</s>", 0)}, "pair": list{part("A", 0), name("</s>", 0), part("B", 0), name("</s>", 0)},
		"special_tokens": object{"</s>": object{"id": "</s>", "ids": list{2}, "tokens": list{"</s>"}}}}
	specials := added(0, special("<unk>"), special("<s>"), special("</s>"))
	extra := append(specials[:3:3], object{"id": len(u.pieces), "content": "<extra_0>", "special": true, "normalized": false, "lstrip": false, "rstrip": false, "single_word": false})
	replaceSpaces := object{"type": "Replace", "pattern": object{"Regex": " {2,}"}, "content": " "}
	llama := object{"added_tokens": specials, "normalizer": sequence("normalizers", object{"type": "Prepend", "prepend": "▁"}, object{"type": "Replace", "pattern": object{"String": " "}, "content": "▁"}),
		"model": pb.asPairs(true, true), "decoder": sequence("decoders", object{"type": "Replace", "pattern": object{"String": "▁"}, "content": " "}, object{"type": "ByteFallback"}, object{"type": "Fuse"}, object{"type": "Strip", "content": " ", "start": 1, "stop": 0})}
	return []variant{
		{"t5", object{"added_tokens": extra, "normalizer": charsmap(u), "pre_tokenizer": sequence("pretokenizers", object{"type": "WhitespaceSplit"}, oldMeta), "post_processor": t5, "decoder": oldMeta, "model": u.asUnigram(false)}},
		{"xlm-r", object{"added_tokens": specials, "normalizer": sequence("normalizers", charsmap(u), replaceSpaces), "pre_tokenizer": meta("always", true), "decoder": meta("always", true), "model": u.asUnigram(false)}},
		{"metaspace-first", object{"added_tokens": extra, "normalizer": charsmap(u), "pre_tokenizer": meta("first", true), "decoder": meta("first", true), "model": u.asUnigram(false)}},
		{"metaspace-never", object{"added_tokens": specials, "normalizer": charsmap(u), "pre_tokenizer": meta("never", false), "decoder": meta("never", true), "model": u.asUnigram(false)}},
		{"albert", object{"added_tokens": specials, "pre_tokenizer": meta("always", true), "decoder": meta("always", true), "model": u.asUnigram(false),
			"normalizer": sequence("normalizers", object{"type": "Replace", "pattern": object{"String": "``"}, "content": "\""}, object{"type": "NFKD"}, object{"type": "StripAccents"}, object{"type": "Lowercase"}, charsmap(u))}},
		{"unigram-json-bytes", object{"added_tokens": specials, "normalizer": charsmap(ub), "pre_tokenizer": meta("always", true), "model": ub.asUnigram(true),
			"decoder": sequence("decoders", object{"type": "ByteFallback"}, meta("always", true))}},
		{"nllb", object{"added_tokens": specials, "normalizer": charsmap(pairs), "pre_tokenizer": meta("always", true), "decoder": meta("always", true), "model": pairs.asPairs(false, true), "post_processor": t5}},
		{"pairs-unfused", object{"added_tokens": specials, "normalizer": charsmap(pairs), "pre_tokenizer": meta("always", true), "model": pairs.asPairs(false, false)}},
		{"llama2", llama},
	}
}

// asUnigram returns the model of a tokenizer.json.
func (m *spmModel) asUnigram(byteFallback bool) object {
	vocab := make(list, len(m.pieces))
	for i, p := range m.pieces {
		vocab[i] = list{p, m.scores[i]}
	}
	return object{"type": "Unigram", "unk_id": 0, "vocab": vocab, "byte_fallback": byteFallback}
}

func (m *spmModel) asPairs(byteFallback, fuse bool) object {
	return object{"type": "BPE", "dropout": nil, "unk_token": "<unk>", "continuing_subword_prefix": nil, "end_of_word_suffix": nil,
		"fuse_unk": fuse, "byte_fallback": byteFallback, "ignore_merges": false, "vocab": m.vocabulary(), "merges": m.merges()}
}

// special and plain are added tokens that added completes.
func special(content string) object { return object{"content": content, "special": true} }
func plain(content string) object   { return object{"content": content, "normalized": true} }

// added numbers tokens from first on, and says the rest of what a file has to say of them.
func added(first int, tokens ...object) list {
	var out list
	for i, t := range tokens {
		whole := object{"id": first + i, "special": false, "normalized": false, "lstrip": false, "rstrip": false, "single_word": false}
		maps.Copy(whole, t)
		out = append(out, whole)
	}
	return out
}

// sequence is a component of components.
func sequence(field string, parts ...any) object {
	return object{"type": "Sequence", field: append(list{}, parts...)}
}

// name and part are the parts of a template.
func name(special string, segment int) object {
	return object{"SpecialToken": object{"id": special, "type_id": segment}}
}

func part(sequence string, segment int) object {
	return object{"Sequence": object{"id": sequence, "type_id": segment}}
}
