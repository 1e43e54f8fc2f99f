package tokenize_test

import (
	"math"

	"google.golang.org/protobuf/encoding/protowire"
)

// spm is a SentencePiece model to be written: a model with sensible defaults and a piece
// <unk> of id 0.
type spm struct {
	pieces        []spmPiece
	bpe           bool
	keepSpaces    bool // remove_extra_whitespaces off
	noDummyPrefix bool
	byteFallback  bool // with the pieces of all bytes
	charsmap      []byte
	extra         []byte // fields of the ModelProto, as they are
}

// spmPiece is an entry of its vocabulary; kind 0 is a normal one.
type spmPiece struct {
	text  string
	score float64
	kind  uint64
}

// Kinds of pieces in sentencepiece_model.proto.
const (
	unknown     = 2
	control     = 3
	userDefined = 4
	unused      = 5
	byteKind    = 6
)

func (m spm) encode() []byte {
	pieces := append([]spmPiece{{"<unk>", 0, unknown}}, m.pieces...)
	if m.byteFallback {
		for b := range 256 {
			pieces = append(pieces, spmPiece{"<0x" + string("0123456789ABCDEF"[b>>4]) + string("0123456789ABCDEF"[b&15]) + ">", 0, byteKind})
		}
	}
	var out []byte
	for _, p := range pieces {
		out = appendMessage(out, 1, p.encode())
	}
	kind := uint64(1)
	if m.bpe {
		kind = 2
	}
	trainer := appendNumber(nil, 3, kind)
	trainer = appendNumber(trainer, 35, bit(m.byteFallback))
	out = appendMessage(out, 2, trainer)
	normalizer := appendMessage(nil, 2, m.charsmap)
	normalizer = appendNumber(normalizer, 3, bit(!m.noDummyPrefix))
	normalizer = appendNumber(normalizer, 4, bit(!m.keepSpaces))
	out = appendMessage(out, 3, normalizer)
	return append(out, m.extra...)
}

func (p spmPiece) encode() []byte {
	out := appendMessage(nil, 1, []byte(p.text))
	out = protowire.AppendTag(out, 2, protowire.Fixed32Type)
	out = protowire.AppendFixed32(out, math.Float32bits(float32(p.score)))
	if p.kind != 0 {
		out = appendNumber(out, 3, p.kind)
	}
	return out
}

func appendMessage(out []byte, number protowire.Number, content []byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(out, number, protowire.BytesType), content)
}

func appendNumber(out []byte, number protowire.Number, v uint64) []byte {
	return protowire.AppendVarint(protowire.AppendTag(out, number, protowire.VarintType), v)
}

func bit(b bool) uint64 {
	if b {
		return 1
	}
	return 0
}
