"""Encoder and decoder of a model that translates word for word.

The decoder's step t looks at the source's position t, takes the embedding that lies there, and
names the target piece with the same embedding. So the output ends where the source does, it
differs with every source, and a test can say what is right. Beside that, all weights are noise:
what a model of this size computes is computed.
"""

import math
from dataclasses import dataclass

import numpy as np

from graph import Graph, helper, ids, reals, value, TensorProto

# Of each vector the last PLACE numbers tell the position, the others the content. Both add up to
# 0, so that the layer norms leave their directions alone.
PERIODS = np.float64([2.0, 0.7, 0.012])  # radians per position: found by trying, no two of 512 look alike
PLACE = 4 * len(PERIODS)
SHARPNESS = 20.0  # a position is told from its neighbours by e^60, from the one most like it by e^11
LOUDNESS = 4.0  # of the source's content beside that of the piece before


@dataclass
class Size:
    width: int
    heads: int
    inner: int
    layers: int
    vocabulary: int = 0  # at least; 0: what the texts give
    positions: int = 512
    exact: bool = True  # False: weights of few bits, which pack well
    noise: float = 0.12  # how loud all else is beside the translation

    @property
    def head(self):
        return self.width // self.heads


TINY = Size(width=32, heads=2, inner=48, layers=2, exact=False)
WILD = Size(width=64, heads=4, inner=128, layers=3, noise=0.5)
REAL = Size(width=512, heads=8, inner=2048, layers=6, vocabulary=65001)


class Weights:
    """The numbers of one model, the same for each of its forms."""

    def __init__(self, size, meaning, seed):
        """meaning[i] is the piece whose embedding piece i has; -1 for none at all."""
        self.size = size
        self._random = np.random.default_rng(seed)
        self._known = {}
        content = size.width - PLACE
        half = np.repeat(np.float32([-1, 1]), content // 2) / math.sqrt(size.width)
        signs = self._random.permuted(np.tile(half, (len(meaning), 1)), axis=1)
        table = np.zeros((len(meaning), size.width), np.float32)
        for i, m in enumerate(meaning):
            if m >= 0:
                table[i, :content] = signs[m]
        self.embeddings = table
        angles = np.arange(size.positions)[:, None] * PERIODS
        self.places = np.zeros((size.positions, size.width), np.float32)
        self.places[:, content:] = np.round(np.hstack([np.sin(angles), np.cos(angles), -np.sin(angles), -np.cos(angles)]) * 1024) / 1024

    def noise(self, name, rows, columns):
        """A matrix and its bias."""
        if name not in self._known:
            w = self._random.standard_normal((rows, columns)) * self.size.noise / math.sqrt(rows)
            b = self._random.standard_normal(columns) * 0.02
            if not self.size.exact:
                w, b = np.round(w * 256) / 256, np.round(b * 256) / 256
            self._known[name] = w.astype(np.float32), b.astype(np.float32)
        return self._known[name]

    def look(self, name):
        """What every head asks positions for, and what they answer: where they are."""
        w, b = (a.copy() for a in self.noise(name, self.size.width, self.size.width))
        for h in range(self.size.heads):
            at = h * self.size.head
            w[:, at : at + PLACE] = 0
            w[-PLACE:, at : at + PLACE] = np.eye(PLACE) * math.sqrt(SHARPNESS * math.sqrt(self.size.head))
        return w, b

    def carry(self, name, gain):
        """Hands content on, gain times."""
        w, b = (a.copy() for a in self.noise(name, self.size.width, self.size.width))
        content = np.arange(self.size.width - PLACE)
        w[content, content] += gain
        return w, b


class Seq2seq:
    """Writes the graphs of one model."""

    def __init__(self, size, weights, bias, quantised):
        self.size, self.weights, self.bias, self.quantised = size, weights, bias, quantised

    def save(self, folder):
        suffix = "_quantized" if self.quantised else ""
        self._encoder(f"{folder}/encoder_model{suffix}.onnx")
        self._merged(f"{folder}/decoder_model_merged{suffix}.onnx")

    def save_split(self, folder):
        """The older form: a decoder for the first step and one for those after it."""
        suffix = "_quantized" if self.quantised else ""
        self._encoder(f"{folder}/encoder_model{suffix}.onnx")
        for cached, name in (False, "decoder_model"), (True, "decoder_with_past_model"):
            g = self._graph()
            self._decoder(g, cached, keep_cross=not cached)
            caches = self._past() if cached else []
            if cached:
                inputs = [i for i in self._decoder_inputs() if i.name != "encoder_hidden_states"] + caches
            else:
                inputs = self._decoder_inputs()
            g.save(f"{folder}/{name}{suffix}.onnx", inputs, [self._logits(), *self._present(cross=not cached)])

    def _graph(self, prefix="", weights=None):
        return Graph(prefix, weights, self.quantised)

    def _embed(self, g, tokens, past=None):
        x = g.op("Mul", g.embed(tokens, "shared.weight", self.weights.embeddings), g.real(math.sqrt(self.size.width)))
        first = past or g.ints([0])
        last = g.op("Add", first, g.dimension(tokens, 1))
        return g.op("Add", x, g.op("Slice", g.weight("positions.weight", self.weights.places), first, last, g.ints([0])))

    def _projection(self, g, x, name):
        s = self.size
        w = self.weights.look(name) if name.endswith(("cross.q", "cross.k")) else self.weights.noise(name, s.width, s.width)
        if name.endswith("cross.v"):
            w = self.weights.carry(name, 1)
        return g.heads(g.linear(x, name, w), s.heads, s.head)

    def _sublayer(self, g, x, y, name, gain=1.0):
        return g.layer_norm(g.op("Add", x, y), name, self.size.width, gain)

    def _feed_forward(self, g, x, layer, gain=1.0):
        s = self.size
        inner = g.swish(g.linear(x, layer + "fc1", self.weights.noise(layer + "fc1", s.width, s.inner)))
        y = g.linear(inner, layer + "fc2", self.weights.noise(layer + "fc2", s.inner, s.width))
        return self._sublayer(g, x, y, layer + "final_norm", gain)

    def _self_attention(self, g, x, layer, mask, past=None):
        """Also gives keys and values; past has those of the steps before."""
        q, k, v = (self._projection(g, x, layer + "self." + n) for n in "qkv")
        if past:
            k, v = (g.op("Concat", p, now, axis=2) for p, now in zip(past, (k, v)))
        y = g.linear(g.attend(q, k, v, mask, self.size.width), layer + "self.o", self.weights.noise(layer + "self.o", self.size.width, self.size.width))
        return self._sublayer(g, x, y, layer + "self_norm"), k, v

    def _cross_attention(self, g, x, layer, mask, keys, values, last):
        q = self._projection(g, x, layer + "cross.q")
        name = layer + "cross.o"
        w = self.weights.carry(name, LOUDNESS) if last else self.weights.noise(name, self.size.width, self.size.width)
        return self._sublayer(g, x, g.linear(g.attend(q, keys, values, mask, self.size.width), name, w), layer + "cross_norm")

    def _encoder(self, path):
        g = self._graph()
        x = self._embed(g, "input_ids")
        mask = g.padding_mask("attention_mask")
        for i in range(self.size.layers):
            x, _, _ = self._self_attention(g, x, f"encoder.{i}.", mask)
            x = self._feed_forward(g, x, f"encoder.{i}.")
        g.op("Identity", x, out="last_hidden_state")
        shape = ["batch_size", "encoder_sequence_length"]
        g.save(path, [ids("input_ids", *shape), ids("attention_mask", *shape)], [reals("last_hidden_state", *shape, self.size.width)])

    def _decoder(self, g, cached, keep_cross):
        """Adds the nodes of one form of the decoder and returns the names of its outputs."""
        x = self._embed(g, "input_ids", g.dimension("past_key_values.0.decoder.key", 2) if cached else None)
        source = g.padding_mask("encoder_attention_mask")
        mask = None if cached else g.causal_mask(g.dimension("input_ids", 1))
        outputs = []
        for i in range(self.size.layers):
            layer, past = f"decoder.{i}.", f"past_key_values.{i}."
            x, k, v = self._self_attention(g, x, layer, mask, (past + "decoder.key", past + "decoder.value") if cached else None)
            if cached:
                ck, cv = past + "encoder.key", past + "encoder.value"
            else:
                ck, cv = (self._projection(g, "encoder_hidden_states", layer + "cross." + n) for n in "kv")
            last = i == self.size.layers - 1
            x = self._cross_attention(g, x, layer, source, ck, cv, last)
            x = self._feed_forward(g, x, layer, gain=3.0 if last else 1.0)
            present = {"decoder.key": k, "decoder.value": v}
            if keep_cross or not cached:
                present |= {"encoder.key": ck, "encoder.value": cv}
            outputs += [g.op("Identity", y, out=f"{g.prefix}present.{i}.{n}") for n, y in present.items()]
        y = g.tied_matmul(x, "shared.weight", self.weights.embeddings)
        return [g.op("Add", y, g.weight("final_logits_bias", self.bias), out=g.prefix + "logits"), *outputs]

    def _branch(self, weights, cached):
        """One form of the decoder, as a branch of the merged one."""
        g = self._graph("cached_" if cached else "first_", weights)
        names = self._decoder(g, cached, keep_cross=False)
        if cached:  # the exporter has placeholders for what does not change
            names = names[:1] + [n for i in range(self.size.layers) for n in self._with_placeholders(g, i)]
        return helper.make_graph(g.nodes, g.prefix + "branch", [], [value(n, TensorProto.FLOAT, None) for n in names])

    def _with_placeholders(self, g, layer):
        s, names = self.size, [f"{g.prefix}present.{layer}.decoder.{n}" for n in ("key", "value")]
        nothing = g.weight("placeholder", np.zeros((0, s.heads, 1, s.head), np.float32))
        return names + [g.op("Identity", nothing, out=f"{g.prefix}present.{layer}.encoder.{n}") for n in ("key", "value")]

    def _merged(self, path):
        g = self._graph()
        branches = {"then_branch": self._branch(g.weights, True), "else_branch": self._branch(g.weights, False)}
        outputs = [self._logits(), *self._present(cross=True)]
        g.nodes.append(helper.make_node("If", ["use_cache_branch"], [o.name for o in outputs], name="optimum::if", **branches))
        inputs = [*self._decoder_inputs(), *self._past(), value("use_cache_branch", TensorProto.BOOL, [1])]
        g.save(path, inputs, outputs)

    def _decoder_inputs(self):
        return [
            ids("encoder_attention_mask", "batch_size", "encoder_sequence_length"),
            ids("input_ids", "batch_size", "decoder_sequence_length"),
            reals("encoder_hidden_states", "batch_size", "encoder_sequence_length", self.size.width),
        ]

    def _past(self):
        return self._caches("past_key_values", ("decoder", "encoder"), "past_decoder_sequence_length")

    def _present(self, cross):
        return self._caches("present", ("decoder", "encoder") if cross else ("decoder",), "past_decoder_sequence_length + 1")

    def _caches(self, prefix, sides, length):
        s = self.size
        length = {"decoder": length, "encoder": "encoder_sequence_length_out"}
        return [
            reals(f"{prefix}.{i}.{side}.{n}", "batch_size_" + side, s.heads, length[side], s.head)
            for i in range(s.layers)
            for side in sides
            for n in ("key", "value")
        ]

    def _logits(self):
        return reals("logits", "batch_size", "decoder_sequence_length", len(self.bias))
