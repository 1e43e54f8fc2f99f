package translate

import (
	"context"
	"strings"
	"testing"

	"github.com/inkpool/inkpool/backend/infer"
	"github.com/inkpool/inkpool/backend/infer/infertest"
	"github.com/inkpool/inkpool/backend/inkpool"
)

// What generation_config.json says goes before config.json, and some things may be left out.
func TestConfig(t *testing.T) {
	c, err := parseConfig([]byte(`{"d_model":8,"decoder_attention_heads":2,"vocab_size":50,"max_position_embeddings":64,"num_beams":6,
		"pad_token_id":49,"eos_token_id":[2,3],"max_length":100,"bad_words_ids":[[49],[4,5],[7],[7]]}`),
		[]byte(`{"num_beams":4,"early_stopping":"never","forced_eos_token_id":2}`))
	if err != nil {
		t.Fatal(err)
	}
	if c.Beams != 4 || c.End != 2 || *c.ForcedEnd != 2 || *c.Start != 49 || c.EarlyStopping != never {
		t.Errorf("got %+v", c)
	}
	if c.MaxLength != 64 || *c.LengthPenalty != 1 {
		t.Errorf("got at most %d pieces and the penalty %v, want 64, the positions that there are, and 1", c.MaxLength, *c.LengthPenalty)
	}
	if got := c.banned(); len(got) != 2 || got[0] != 7 || got[1] != 49 {
		t.Errorf("got %v banned, want 7 and 49", got)
	}
}

func TestDamagedConfigs(t *testing.T) {
	const good = `"d_model":8,"decoder_attention_heads":2,"vocab_size":50,"max_position_embeddings":64,"pad_token_id":1`
	if _, err := parseConfig([]byte("{"+good+"}"), nil); err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{
		"", "[]", "null", "<html>",
		`{` + good + `,"d_model":0}`, `{` + good + `,"d_model":9}`, `{` + good + `,"d_model":1000000000}`,
		`{` + good + `,"vocab_size":1e12}`, `{` + good + `,"vocab_size":-5}`, `{` + good + `,"max_position_embeddings":3}`,
		`{` + good + `,"eos_token_id":50}`, `{` + good + `,"pad_token_id":-1}`, `{` + good + `,"bad_words_ids":[[]]}`,
		`{` + good + `,"bad_words_ids":[[99]]}`, `{` + good + `,"num_beams":1000}`, `{` + good + `,"forced_eos_token_id":77}`,
		`{` + good + `,"eos_token_id":"</s>"}`,
	} {
		_, err := parseConfig([]byte(bad), nil)
		if got := inkpool.CodeOf(err); got != inkpool.CodeModelCorrupt {
			t.Errorf("%s: got %q (%v), want %q", bad, got, err, inkpool.CodeModelCorrupt)
		}
	}
}

func TestUnknownGraphs(t *testing.T) {
	session := &infertest.Session{Func: func(context.Context, []infer.Tensor, []infer.Tensor) error { return nil }}
	graph := func(in, out string) Graph {
		return Graph{Session: session, Inputs: strings.Fields(in), Outputs: strings.Fields(out)}
	}
	encoder := graph("attention_mask input_ids", "last_hidden_state")
	const (
		in    = "input_ids encoder_attention_mask encoder_hidden_states past_key_values.0.decoder.key past_key_values.0.encoder.key"
		out   = "logits present.0.decoder.key present.0.encoder.key"
		cache = " use_cache_branch"
	)
	c := config{Width: 8, Heads: 2, Vocabulary: 50}
	if _, err := newModel(Parts{Encoder: encoder, Decoder: graph(in+cache, out)}, c); err != nil {
		t.Fatal(err)
	}
	for name, p := range map[string]Parts{
		"no branch":        {Encoder: encoder, Decoder: graph(in, out)},
		"unknown input":    {Encoder: encoder, Decoder: graph(in+cache+" position_ids", out)},
		"unknown output":   {Encoder: encoder, Decoder: graph(in+cache, out+" scores")},
		"no logits":        {Encoder: encoder, Decoder: graph(in+cache, "present.0.decoder.key present.0.encoder.key")},
		"no cache":         {Encoder: encoder, Decoder: graph("input_ids use_cache_branch", "logits")},
		"huge layer":       {Encoder: encoder, Decoder: graph(in+cache+" past_key_values.1000000000.decoder.key", out)},
		"odd layer":        {Encoder: encoder, Decoder: graph(in+cache, out+" present.x.decoder.key")},
		"no encoder":       {Decoder: graph(in+cache, out)},
		"encoder's inputs": {Encoder: graph("input_ids position_ids", "last_hidden_state"), Decoder: graph(in+cache, out)},
		"decoders that differ": {Encoder: encoder, Decoder: graph("input_ids encoder_attention_mask encoder_hidden_states", out),
			DecoderWithPast: graph(in+" past_key_values.1.decoder.key", out+" present.1.decoder.key")},
	} {
		_, err := newModel(p, c)
		if got := inkpool.CodeOf(err); got != inkpool.CodeUnsupportedFormat {
			t.Errorf("%s: got %q (%v), want %q", name, got, err, inkpool.CodeUnsupportedFormat)
		}
	}
}
