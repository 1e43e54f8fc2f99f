package translate

import (
	"context"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"testing"

	"github.com/inkpool/inkpool/backend/infer"
	"github.com/inkpool/inkpool/backend/infer/infertest"
)

// The fake model says something else after every source and every beginning of an output: its
// logits are drawn by a hash of all of them, which it reads from its caches. So whatever is
// wrong with a cache changes the outputs.
const (
	fakeVocabulary = 12
	fakeEnd        = 0
	fakePad        = 11
	fakeWidth      = 2
)

// fakeLogits are the model's, without caches and batches.
func fakeLogits(source, said []int64) []float32 {
	h := fnv.New64a()
	fmt.Fprint(h, source, said)
	r := rand.New(rand.NewPCG(h.Sum64(), 1))
	logits := make([]float32, fakeVocabulary)
	for i := range logits {
		logits[i] = float32(r.NormFloat64() * 2)
	}
	logits[fakeEnd] += float32(len(said)) / 3 // so that it ends
	return logits
}

func fakeTranslator(t *testing.T, generation string) *Translator {
	t.Helper()
	c, err := parseConfig([]byte(`{"model_type":"marian","d_model":2,"decoder_attention_heads":1,"vocab_size":12,"max_position_embeddings":64,
		"pad_token_id":11,"eos_token_id":0,"decoder_start_token_id":11}`), []byte(generation))
	if err != nil {
		t.Fatal(err)
	}
	decoder := Graph{
		Session: &infertest.Session{Func: fakeDecoder},
		Inputs: []string{"encoder_attention_mask", "input_ids", "encoder_hidden_states", "past_key_values.0.decoder.key", "past_key_values.0.decoder.value",
			"past_key_values.0.encoder.key", "past_key_values.0.encoder.value", "use_cache_branch"},
		Outputs: []string{"logits", "present.0.decoder.key", "present.0.decoder.value", "present.0.encoder.key", "present.0.encoder.value"},
	}
	encoder := Graph{Session: &infertest.Session{Func: fakeEncoder}, Inputs: []string{"input_ids", "attention_mask"}, Outputs: []string{"last_hidden_state"}}
	m, err := newModel(Parts{Encoder: encoder, Decoder: decoder}, c)
	if err != nil {
		t.Fatal(err)
	}
	return &Translator{model: m, config: c, banned: c.banned()}
}

// fakeEncoder writes each id twice.
func fakeEncoder(_ context.Context, in, out []infer.Tensor) error {
	for i, id := range in[0].Ints {
		out[0].Data[2*i], out[0].Data[2*i+1] = float32(id), float32(id)
	}
	return nil
}

func fakeDecoder(_ context.Context, in, out []infer.Tensor) error {
	read, said := fakeRead(in, out)
	for row := range read {
		copy(out[0].Data[row*fakeVocabulary:], fakeLogits(read[row], said[row]))
	}
	return nil
}

// fakeRead gives what each row's caches and inputs say of its source and its output so far, and
// writes the caches of the next step.
func fakeRead(in, out []infer.Tensor) (read, said [][]int64) {
	mask, ids, cached := in[0], in[1].Ints, in[7].Bools[0]
	source := in[2]
	if cached {
		source = in[5]
		out[3], out[4] = infer.NewTensor([]float32{}, 0, 1, 1, 2), infer.NewTensor([]float32{}, 0, 1, 1, 2) // placeholders
	} else {
		copy(out[3].Data, in[2].Data)
		copy(out[4].Data, in[2].Data)
	}
	length, past := int(mask.Shape[1]), int(in[3].Shape[2])
	for row, id := range ids {
		var from, to []int64
		for i := range length {
			if mask.Ints[row*length+i] == 1 {
				from = append(from, int64(source.Data[(row*length+i)*fakeWidth]))
			}
		}
		for i := range past {
			to = append(to, int64(in[3].Data[(row*past+i)*fakeWidth]))
		}
		to = append(to, id)
		for i, s := range to {
			for _, cache := range out[1:3] {
				at := (row*(past+1) + i) * fakeWidth
				cache.Data[at], cache.Data[at+1] = float32(s), float32(s)
			}
		}
		read, said = append(read, from), append(said, to)
	}
	return read, said
}
