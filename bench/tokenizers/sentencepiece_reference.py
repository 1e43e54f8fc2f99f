"""What C++ SentencePiece makes of texts.

Reads {"model": path, "texts": [...]} on standard input and prints {"answers": [...],
"seconds": CPU time}: for each text its ids, places in bytes, and what the pieces decode to.
With "target" and "vocab" in the request it does what MarianTokenizer of transformers does:
the ids are those of the vocabulary, and target decodes. Needs Debian's
python3-sentencepiece.
"""

import json
import sys
import time

import sentencepiece


def byte_places(text):
    """Returns by character its first byte, and the length of text at the end."""
    places, at = [0], 0
    for character in text:
        at += len(character.encode("utf-8"))
        places.append(at)
    return places


def answer(model, text):
    places = byte_places(text)
    pieces = model.encode(text, out_type="immutable_proto").pieces
    return {
        "ids": [p.id for p in pieces],
        "pieces": [p.piece for p in pieces],
        "places": [[places[p.begin], places[p.end]] for p in pieces],
        "decoded": model.decode([p.piece for p in pieces]),
    }


def marian_answer(source, target, vocabulary, text):
    code = []
    end = text.find("<<") + 2
    if text.startswith(">>") and end > 2 and text[:end] in vocabulary:
        code, text = [text[:end]], text[end:]
    pieces = code + source.encode(text, out_type=str)
    joined = [p for p in pieces if p in vocabulary and p not in code and p not in ("</s>", "<unk>", "<pad>")]
    return {
        "ids": [vocabulary.get(p, vocabulary["<unk>"]) for p in pieces] + [vocabulary["</s>"]],
        "decoded": target.decode_pieces(joined).replace("\u2581", " ").strip(),
    }


def main():
    request = json.load(sys.stdin)
    load = lambda path: sentencepiece.SentencePieceProcessor(model_file=path)
    model = load(request["model"])
    start = time.process_time()
    for text in request["texts"]:
        model.encode(text)
    seconds = time.process_time() - start
    if "target" in request:
        target = load(request["target"])
        with open(request["vocab"], encoding="utf-8") as file:
            vocabulary = json.load(file)
        answers = [marian_answer(model, target, vocabulary, t) for t in request["texts"]]
    else:
        answers = [answer(model, t) for t in request["texts"]]
    json.dump({"answers": answers, "seconds": seconds}, sys.stdout)


main()
