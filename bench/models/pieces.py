"""Tokenizers for the small models, trained on the sentences beside this file."""

import json
import os
import re
import subprocess
import tempfile

from sentencepiece import sentencepiece_model_pb2

HERE = os.path.dirname(os.path.abspath(__file__))
ASCII = "".join(c for c in map(chr, range(33, 127)) if c != ",")  # the comma separates spm_train's options
NORMAL = 1  # a piece of text, in SentencePiece's numbers
BERT_SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]


def dump(path, data, **options):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as f:
        json.dump(data, f, ensure_ascii=False, **options)


def train(text, path, size, kind="unigram"):
    """Trains a SentencePiece model and returns it."""
    with tempfile.TemporaryDirectory() as folder:
        with open(folder + "/rules.tsv", "w") as f:
            f.write(normalisation())
        subprocess.run(
            ["spm_train", f"--input={HERE}/{text}", f"--model_prefix={folder}/m", f"--vocab_size={size}"]
            + [f"--model_type={kind}", f"--normalization_rule_tsv={folder}/rules.tsv", "--character_coverage=1.0"]
            + ([f"--required_chars={ASCII}", "--hard_vocab_limit=false"] if kind == "unigram" else [])
            + ["--num_threads=1", "--minloglevel=2"],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        model = sentencepiece_model_pb2.ModelProto()
        with open(folder + "/m.model", "rb") as f:
            model.ParseFromString(f.read())
    for passing in "input", "model_prefix":
        model.trainer_spec.ClearField(passing)
    model.normalizer_spec.ClearField("normalization_rule_tsv")
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as f:
        f.write(model.SerializeToString(deterministic=True))
    return model


def normalisation():
    """A few of NFKC's rules in place of all, which weigh 240 kB: full-width forms, white space, a ligature, the soft hyphen."""
    rules = [(f"{code:X}", f"{code - 0xFEE0:X}") for code in range(0xFF01, 0xFF5F)]
    rules += [(space, "20") for space in ("9", "A", "D", "A0", "3000")] + [("FB01", "66 69"), ("AD", "")]
    return "".join(f"{a}\t{b}\n" for a, b in rules)


def normal(model):
    return [p.piece for p in model.pieces if p.type == NORMAL]


def added(vocabulary, names):
    flags = {"special": True, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False}
    return [{"id": vocabulary[n], "content": n, **flags} for n in names]


def template(vocabulary, before, after):
    """A post-processor that puts special tokens around a text, or around two."""
    special = lambda n: {"SpecialToken": {"id": n, "type_id": 0}}
    text = lambda name, kind: {"Sequence": {"id": name, "type_id": kind}}
    single = [*map(special, before), text("A", 0), *map(special, after)]
    second = [text("B", 1), *({"SpecialToken": {"id": n, "type_id": 1}} for n in after)]
    tokens = {n: {"id": n, "ids": [vocabulary[n]], "tokens": [n]} for n in [*before, *after]}
    return {"type": "TemplateProcessing", "single": single, "pair": single + second, "special_tokens": tokens}


def marian(folder, size, languages):
    """source.spm, target.spm, vocab.json and the files of the fast tokenizer. Gives the vocabulary and the target's pieces."""
    source = train("english.txt", folder + "/source.spm", size)
    target = train("chinese.txt", folder + "/target.spm", 2 * size)
    names = ["</s>", "<unk>", *languages, *normal(source), *normal(target)]
    vocabulary = {n: i for i, n in enumerate(dict.fromkeys(names))}
    vocabulary["<pad>"] = len(vocabulary)
    return vocabulary, source, target


def marian_files(folder, vocabulary, source, target):
    """What is written once the vocabulary has its size. tokenizer.json mixes both models, as Xenova's conversion does."""
    dump(folder + "/vocab.json", vocabulary)
    special = ["</s>", "<unk>", "<pad>"]
    names = dict(zip(("eos_token", "unk_token", "pad_token"), special))
    dump(
        folder + "/tokenizer_config.json",
        {"tokenizer_class": "MarianTokenizer", "model_max_length": 512, "source_lang": "en", "target_lang": "zh", "separate_vocabs": False}
        | names,
    )
    dump(folder + "/special_tokens_map.json", names)
    score = {}
    for p in [*source.pieces, *target.pieces]:
        score[p.piece] = max(p.score, score.get(p.piece, -100))
    metaspace = {"type": "Metaspace", "replacement": "▁", "add_prefix_space": True}
    listed = [[n, 0.0 if n in special else score.get(n, -100)] for n in vocabulary]
    dump(
        folder + "/tokenizer.json",
        {
            "version": "1.0",
            "truncation": None,
            "padding": None,
            "added_tokens": added(vocabulary, special),
            "normalizer": {"type": "Precompiled", "precompiled_charsmap": None},
            "pre_tokenizer": {"type": "Sequence", "pretokenizers": [{"type": "WhitespaceSplit"}, metaspace]},
            "post_processor": template(vocabulary, [], ["</s>"]),
            "decoder": metaspace,
            "model": {"type": "Unigram", "unk_id": 1, "vocab": listed},
        },
    )


def many_languages(folder, size, languages):
    """One byte-pair model for all languages, as NLLB has it: sentencepiece.bpe.model and tokenizer.json."""
    model = train(f"english.txt,{HERE}/chinese.txt", folder + "/sentencepiece.bpe.model", size, "bpe")
    special = ["<s>", "<pad>", "</s>", "<unk>"]
    names = [*special, *normal(model), *languages, "<mask>"]
    vocabulary = {n: i for i, n in enumerate(dict.fromkeys(names))}
    metaspace = {"type": "Metaspace", "replacement": "▁", "add_prefix_space": True}
    dump(
        folder + "/tokenizer.json",
        {
            "version": "1.0",
            "truncation": None,
            "padding": None,
            "added_tokens": added(vocabulary, [*special, *languages, "<mask>"]),
            "normalizer": {"type": "Sequence", "normalizers": [{"type": "NFKC"}, {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "}]},
            "pre_tokenizer": metaspace,
            "post_processor": template(vocabulary, languages[:1], ["</s>"]),
            "decoder": metaspace,
            "model": {"type": "BPE", "unk_token": "<unk>", "fuse_unk": True, "vocab": vocabulary, "merges": merges(model)},
        },
    )
    dump(
        folder + "/tokenizer_config.json",
        {"tokenizer_class": "NllbTokenizer", "model_max_length": 512, "src_lang": languages[0], "tgt_lang": languages[-1]}
        | {"bos_token": "<s>", "pad_token": "<pad>", "eos_token": "</s>", "unk_token": "<unk>", "additional_special_tokens": languages},
    )
    return vocabulary


def merges(model):
    """The pairs that byte-pair encoding joins, those of the best pieces first."""
    rank = {p.piece: i for i, p in enumerate(model.pieces) if p.type == NORMAL}
    found = []
    for piece, place in rank.items():
        cuts = [(piece[:i], piece[i:]) for i in range(1, len(piece))]
        pairs = [(a, b) for a, b in cuts if a in rank and b in rank]
        found += [(place, rank[a], rank[b], f"{a} {b}") for a, b in pairs]
    return [text for *_, text in sorted(found)]


def words(text):
    """Those of a file, in lower case, each once."""
    with open(f"{HERE}/{text}", encoding="utf-8") as f:
        return sorted(set(re.findall("[a-z]+", f.read().lower())))


def word_pieces(folder, words, size=0):
    """A lower-casing WordPiece tokenizer, with made-up words up to that size. Gives the vocabulary."""
    letters = sorted({c for w in words for c in w} | set("abcdefghijklmnopqrstuvwxyz0123456789.,!?-'"))
    names = [*BERT_SPECIAL, *letters, *("##" + c for c in letters), *words]
    names = list(dict.fromkeys(names))
    names += [f"filler{i}" for i in range(size - len(names))]
    vocabulary = {n: i for i, n in enumerate(names)}
    dump(
        folder + "/tokenizer.json",
        {
            "version": "1.0",
            "truncation": None,
            "padding": None,
            "added_tokens": added(vocabulary, BERT_SPECIAL),
            "normalizer": {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True, "strip_accents": None, "lowercase": True},
            "pre_tokenizer": {"type": "BertPreTokenizer"},
            "post_processor": template(vocabulary, ["[CLS]"], ["[SEP]"]),
            "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": True},
            "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 100, "vocab": vocabulary},
        },
    )
    dump(
        folder + "/tokenizer_config.json",
        {"tokenizer_class": "BertTokenizer", "do_lower_case": True, "model_max_length": 512}
        | {n.strip("[]").lower() + "_token": n for n in BERT_SPECIAL},
    )
    return vocabulary
