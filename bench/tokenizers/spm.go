package main

import (
	"errors"
	"math"
	"os"
	"slices"

	"google.golang.org/protobuf/encoding/protowire"
)

// spmModel is what of an .spm goes into a tokenizer.json.
type spmModel struct {
	pieces   []string
	scores   []float32
	charsmap []byte
}

// readSPM reads a model that spm_train has just written.
func readSPM(file string) (*spmModel, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	m := &spmModel{}
	for number, field := range fields(data) {
		switch number {
		case 1:
			m.addPiece(field)
		case 3:
			for number, field := range fields(field) {
				if number == 2 {
					m.charsmap = field
				}
			}
		}
	}
	if len(m.pieces) == 0 {
		return nil, errors.New("spm_train wrote no pieces")
	}
	return m, nil
}

func (m *spmModel) addPiece(data []byte) {
	piece, score := "", float32(0)
	for number, field := range fields(data) {
		switch number {
		case 1:
			piece = string(field)
		case 2:
			v, _ := protowire.ConsumeFixed32(field)
			score = math.Float32frombits(v)
		}
	}
	m.pieces, m.scores = append(m.pieces, piece), append(m.scores, score)
}

// fields yields the fields of a message: the content of those that have a length, and the
// bytes of the others.
func fields(data []byte) func(yield func(protowire.Number, []byte) bool) {
	return func(yield func(protowire.Number, []byte) bool) {
		for len(data) > 0 {
			number, kind, tag := protowire.ConsumeTag(data)
			if tag < 0 {
				return
			}
			length := protowire.ConsumeFieldValue(number, kind, data[tag:])
			if length < 0 {
				return
			}
			field := data[tag : tag+length]
			if kind == protowire.BytesType {
				field, _ = protowire.ConsumeBytes(field)
			}
			if !yield(number, field) {
				return
			}
			data = data[tag+length:]
		}
	}
}

// vocabulary returns the ids by piece.
func (m *spmModel) vocabulary() map[string]int {
	ids := make(map[string]int, len(m.pieces))
	for id, p := range m.pieces {
		ids[p] = id
	}
	return ids
}

// merges returns the pairs that a model of pairs was built of, the best score first: the
// rule by which Hugging Face converts such models.
func (m *spmModel) merges() [][2]string {
	ids := m.vocabulary()
	type found struct {
		pair  [2]string
		score float32
		left  int
	}
	var all []found
	for id, p := range m.pieces {
		for cut := range p {
			left, ok1 := ids[p[:cut]]
			if _, ok2 := ids[p[cut:]]; ok1 && ok2 && cut > 0 {
				all = append(all, found{[2]string{p[:cut], p[cut:]}, m.scores[id], left})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b found) int {
		switch {
		case a.score > b.score:
			return -1
		case a.score < b.score:
			return 1
		}
		return a.left - b.left
	})
	pairs := make([][2]string, len(all))
	for i, f := range all {
		pairs[i] = f.pair
	}
	return pairs
}
