"""Classifiers of texts and pictures whose answers a test can foretell.

A text model's embeddings hold, for each label, how much a word speaks for it; attention takes
their mean. A picture model looks at the mean of each colour. All else is noise.
"""

import math

import numpy as np

import pieces
from graph import Graph, ids, reals
from seq2seq import Size

TINY = Size(width=32, heads=2, inner=48, layers=2, exact=False, noise=0.1)
REAL = Size(width=768, heads=12, inner=3072, layers=6, vocabulary=30522, noise=0.1)  # DistilBERT's, with BERT's pieces

SENTIMENT = {
    "NEGATIVE": "bad terrible boring hate awful poor 坏 烦 差 糟".split(),
    "POSITIVE": "good great wonderful love excellent fine 好 爱 妙 美".split(),
}
TOPICS = {
    "sport": "football match team goal player 球 赛".split(),
    "money": "bank price market dollar trade 钱 价".split(),
    "weather": "rain snow wind sun cloud 雨 雪".split(),
}
ENTITIES = {
    "O": [],
    "B-PER": "john mary anna peter".split(),
    "I-PER": "smith jones brown miller".split(),
    "B-LOC": "london paris berlin new san".split(),
    "I-LOC": "york francisco city".split(),
    "B-ORG": "google united red".split(),
    "I-ORG": "nations cross".split(),
}
PLAIN = "the a is was this that i you he she it we they not very and or in at of to works lives likes movie film book story".split()
PICTURES = ["red", "green", "blue", "bright", "dark"]


def drawn(count=5):
    """As many topics, for which the words of the English sentences speak by lot: each text is a mixture of its own."""
    words = pieces.words("english.txt")
    np.random.RandomState(11).shuffle(words)
    return {f"topic {i + 1}": words[i::count] for i in range(count)}


def text(folder, words, each_word, several=False, size=TINY):
    """A BERT with a label for each text, or for each word. words has the labels with the words that speak for them."""
    labels = list(words)
    vocabulary = pieces.word_pieces(folder, PLAIN + [w for own in words.values() for w in own], size.vocabulary)
    numbers = _Numbers(size, vocabulary, words)
    for quantised in False, True:
        _bert(folder, numbers, len(labels), each_word, quantised)
    head = "BertForTokenClassification" if each_word else "BertForSequenceClassification"
    config = {"architectures": [head], "model_type": "bert", "hidden_size": size.width, "num_attention_heads": size.heads, "num_hidden_layers": size.layers}
    config |= {"intermediate_size": size.inner, "vocab_size": len(vocabulary), "max_position_embeddings": size.positions, "type_vocab_size": 2, "pad_token_id": 0}
    config |= {"problem_type": "multi_label_classification"} if several else {}
    pieces.dump(folder + "/config.json", config | _names(labels), indent=2)


def _names(labels):
    return {"id2label": {str(i): n for i, n in enumerate(labels)}, "label2id": {n: i for i, n in enumerate(labels)}}


class _Numbers:
    """The weights of one model, the same for each of its forms."""

    def __init__(self, size, vocabulary, words):
        self.size = size
        self._random = np.random.RandomState(5)
        self._known = {}
        self.words = self.matrix("words", len(vocabulary), size.width, 0.3 * math.sqrt(len(vocabulary)))[0].copy()
        self.words[:, : len(words)] = 0
        for label, own in enumerate(words.values()):
            for w in own:
                self.words[vocabulary[w], label] = 3
        self.labels = len(words)

    def matrix(self, name, rows, columns, gain=None):
        if name not in self._known:
            w = self._random.randn(rows, columns) * (gain or self.size.noise) / math.sqrt(rows)
            b = self._random.randn(columns) * 0.02
            if not self.size.exact:
                w, b = np.round(w * 256) / 256, np.round(b * 256) / 256
            self._known[name] = w.astype(np.float32), b.astype(np.float32)
        return self._known[name]

    def carry(self, name, columns, gain):
        """Hands on what speaks for the labels."""
        w, b = (a.copy() for a in self.matrix(name, self.size.width, columns))
        own = np.arange(self.labels)
        w[own, own] += gain
        return w, b


def _bert(folder, numbers, labels, each_word, quantised):
    g, size = Graph(quantised=quantised), numbers.size
    kinds, places = (numbers.matrix(n, rows, size.width)[0] for n, rows in (("kinds", 2), ("places", size.positions)))
    x = g.op("Add", g.embed("input_ids", "words", numbers.words), g.embed("token_type_ids", "kinds", kinds))
    x = g.op("Add", x, g.op("Slice", g.weight("places", places), g.ints([0]), g.dimension("input_ids", 1), g.ints([0])))
    mask = g.padding_mask("attention_mask")
    for i in range(size.layers):
        x = _layer(g, numbers, x, f"layer.{i}.", mask, 0.0 if each_word else 4.0)
    shape = ["batch_size", "sequence_length", labels]
    if not each_word:
        x = g.op("Gather", x, g.ints(0), axis=1)
        shape = ["batch_size", labels]
    gain = 2.0 * math.sqrt(TINY.width / size.width)  # what a layer norm gives is longer where it is wider
    g.op("Identity", g.linear(x, "classifier", numbers.carry("classifier", labels, gain)), out="logits")
    inputs = [ids(n, "batch_size", "sequence_length") for n in ("input_ids", "attention_mask", "token_type_ids")]
    g.save(f"{folder}/onnx/model{'_quantized' if quantised else ''}.onnx", inputs, [reals("logits", *shape)])


def _layer(g, numbers, x, name, mask, loudness):
    """loudness is how much of what the others say for labels comes to each word."""
    size, width = numbers.size, numbers.size.width
    q, k = (g.heads(g.linear(x, name + n, numbers.matrix(name + n, width, width)), size.heads, size.head) for n in "qk")
    v = g.heads(g.linear(x, name + "v", numbers.carry(name + "v", width, 1.0)), size.heads, size.head)
    y = g.linear(g.attend(q, k, v, mask, width), name + "o", numbers.carry(name + "o", width, loudness))
    x = g.layer_norm(g.op("Add", x, y), name + "attention_norm", width)
    inner = g.gelu(g.linear(x, name + "fc1", numbers.matrix(name + "fc1", width, size.inner)))
    y = g.linear(inner, name + "fc2", numbers.matrix(name + "fc2", size.inner, width))
    return g.layer_norm(g.op("Add", x, y), name + "output_norm", width)


def picture(folder, side=64):
    """Names the colour that a picture has most of, or whether it is bright or dark."""
    g = Graph()
    mean = np.zeros((3, 3, 8, 8), np.float32)
    for channel in range(3):
        mean[channel, channel] = 1 / 64
    x = g.op("Conv", "pixel_values", g.weight("patches", mean), strides=[8, 8])
    x = g.op("Flatten", g.op("GlobalAveragePool", x))
    head = np.float32([[2, -1, -1, 1, -1], [-1, 2, -1, 1, -1], [-1, -1, 2, 1, -1]])
    g.op("Identity", g.linear(x, "classifier", (head, np.zeros(len(PICTURES), np.float32))), out="logits")
    shape = ["batch_size", "num_channels", "height", "width"]
    g.save(folder + "/onnx/model.onnx", [reals("pixel_values", *shape)], [reals("logits", "batch_size", len(PICTURES))])
    config = {"architectures": ["ViTForImageClassification"], "model_type": "vit", "image_size": side, "num_channels": 3}
    pieces.dump(folder + "/config.json", config | _names(PICTURES), indent=2)
    half = [0.5, 0.5, 0.5]
    flags = {"image_processor_type": "ViTImageProcessor", "do_normalize": True, "do_rescale": True, "do_resize": True}
    numbers = {"image_mean": half, "image_std": half, "resample": 2, "rescale_factor": 1 / 255, "size": {"height": side, "width": side}}
    pieces.dump(folder + "/preprocessor_config.json", flags | numbers, indent=2)
