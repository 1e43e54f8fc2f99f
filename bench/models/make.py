#!/usr/bin/python3
"""Writes small models as Hugging Face lays them out, for tests and benchmarks.

    make.py tiny FOLDER    what the tests have: some hundred kB each
    make.py wild FOLDER    a small translator that is mostly noise, for comparing its ids
    make.py real FOLDER    a translator of real size: 6 + 6 layers of 512, 65,001 pieces; 800 MB
    make.py classifier FOLDER
                       a classifier of texts of real size: 6 layers of 768, 30,522 pieces; 330 MB

Their weights are made up, their files are not: names, inputs, outputs and configurations are
those of Xenova/opus-mt-en-zh, facebook/nllb-200 and BERT as transformers.js loads them. The same
call writes the same bytes. Needs Debian's python3-onnx, python3-numpy, python3-sentencepiece and
sentencepiece: `make small-models` installs them.
"""

import random
import sys

import numpy as np

import classifiers
import pieces
import seq2seq

MARIAN_LANGUAGES = [">>cmn_Hans<<", ">>cmn_Hant<<"]
NLLB_LANGUAGES = ["eng_Latn", "zho_Hans", "zho_Hant", "bod_Tibt"]
NEVER = -1e4  # a logit


def main():
    if len(sys.argv) != 3 or sys.argv[1] not in ("tiny", "wild", "real", "classifier"):
        sys.exit(__doc__)
    kind, folder = sys.argv[1:]
    if kind == "classifier":
        classifiers.text(f"{folder}/{kind}", classifiers.drawn(), each_word=False, size=classifiers.REAL)
        return
    if kind != "tiny":
        marian(f"{folder}/{kind}", seq2seq.REAL if kind == "real" else seq2seq.WILD)
        return
    marian(folder + "/marian", seq2seq.TINY)
    marian(folder + "/marian-split", seq2seq.TINY, split=True)
    nllb(folder + "/nllb", seq2seq.TINY)
    classifiers.text(folder + "/sentiment", classifiers.SENTIMENT, each_word=False)
    classifiers.text(folder + "/topics", classifiers.TOPICS, each_word=False, several=True)
    classifiers.text(folder + "/entities", classifiers.ENTITIES, each_word=True)
    classifiers.picture(folder + "/colours")


def marian(folder, size, split=False):
    vocabulary, source, target = pieces.marian(folder, 300, MARIAN_LANGUAGES)
    vocabulary = filled(vocabulary, size.vocabulary)
    pieces.marian_files(folder, vocabulary, source, target)
    eos, pad = vocabulary["</s>"], vocabulary["<pad>"]
    sayable = {vocabulary[p] for p in pieces.normal(target)} | {eos}
    write(folder, size, vocabulary, sayable, pad, split)
    tokens = {"bos_token_id": 0, "eos_token_id": eos, "pad_token_id": pad, "decoder_start_token_id": pad, "forced_eos_token_id": eos}
    tokens |= {"bad_words_ids": [[pad]], "max_length": 512, "num_beams": 4}
    config = {"architectures": ["MarianMTModel"], "model_type": "marian", "activation_function": "swish", "normalize_before": False}
    config |= {"static_position_embeddings": True, "share_encoder_decoder_embeddings": True, "scale_embedding": True}
    pieces.dump(folder + "/config.json", config | shape(size, vocabulary) | tokens, indent=2)
    pieces.dump(folder + "/generation_config.json", tokens | {"renormalize_logits": True}, indent=2)


def nllb(folder, size):
    vocabulary = pieces.many_languages(folder, 900, NLLB_LANGUAGES)
    silent = {"<s>", "<pad>", "<unk>", "<mask>", *NLLB_LANGUAGES}
    sayable = {i for n, i in vocabulary.items() if n not in silent}
    write(folder, size, vocabulary, sayable, vocabulary["<pad>"])
    tokens = {"bos_token_id": 0, "eos_token_id": 2, "pad_token_id": 1, "decoder_start_token_id": 2, "max_length": 200}
    config = {"architectures": ["M2M100ForConditionalGeneration"], "model_type": "m2m_100", "activation_function": "relu", "scale_embedding": True}
    pieces.dump(folder + "/config.json", config | shape(size, vocabulary) | tokens, indent=2)
    pieces.dump(folder + "/generation_config.json", tokens | {"num_beams": 4}, indent=2)


def write(folder, size, vocabulary, sayable, pad, split=False):
    """The graphs. What is not sayable is read as something that is: the same each time, and mostly not the same as its neighbour."""
    lottery = random.Random(7)
    written = {i for n, i in vocabulary.items() if i in sayable and not n.lstrip("▁").isascii()}
    tickets, meaning = [], []
    for i in range(len(vocabulary)):
        if not tickets:
            tickets = sorted(written)
            lottery.shuffle(tickets)
        meaning.append(-1 if i == pad else i if i in sayable else tickets.pop())
    bias = np.float32([0 if i in sayable else NEVER for i in range(len(vocabulary))])
    weights = seq2seq.Weights(size, meaning, seed=3)
    for quantised in (False,) if split else (False, True):
        model = seq2seq.Seq2seq(size, weights, bias, quantised)
        (model.save_split if split else model.save)(folder + "/onnx")


def filled(vocabulary, size):
    """The vocabulary with made-up pieces, up to that size; the padding stays last."""
    names = [n for n in vocabulary if n != "<pad>"]
    names += [f"▁filler{i}" for i in range(size - len(names) - 1)]
    return {n: i for i, n in enumerate([*names, "<pad>"])}


def shape(size, vocabulary):
    sides = {f"{side}_{what}": n for side in ("encoder", "decoder") for what, n in (("layers", size.layers), ("attention_heads", size.heads), ("ffn_dim", size.inner))}
    return {"d_model": size.width, "num_hidden_layers": size.layers, "vocab_size": len(vocabulary), "is_encoder_decoder": True} | sides | {"max_position_embeddings": size.positions}


if __name__ == "__main__":
    main()
