//go:build unix

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/inkpool/inkpool/backend/bundle"
	"github.com/inkpool/inkpool/backend/ort"
	"github.com/inkpool/inkpool/backend/pool"
	"github.com/inkpool/inkpool/backend/tokenize"
	"github.com/inkpool/inkpool/backend/translate"
)

// What is measured.
const (
	translation = "translation"
	labelling   = "labelling"
)

// task is what a program is to do with texts, and how.
type task struct {
	Kind    string   `json:"kind"`
	Models  string   `json:"models"` // folder of models
	Model   string   `json:"model"`  // its name in there
	DType   string   `json:"dtype"`  // "fp32" or "q8"
	Texts   []string `json:"texts"`
	Batch   int      `json:"batch,omitempty"`   // texts at once; of transformers.js
	Threads int      `json:"threads,omitempty"` // of transformers.js; 0: as many as it likes
	Workers int      `json:"workers,omitempty"` // slots; of Inkpool
}

// result is what a program prints.
type result struct {
	figures
	Labels []scores `json:"labels,omitempty"` // of each text
}

// figures are what a task took, without loading.
type figures struct {
	Count  int     `json:"count"` // texts; of translations pieces of output, ends included
	Wall   float64 `json:"wall_s"`
	CPU    float64 `json:"cpu_s"`
	PeakMB float64 `json:"peak_mb"` // resident memory, loading included; 1 MB = 10⁶ bytes
}

// work does a task with Inkpool and prints the result.
func work(ctx context.Context, data string) error {
	var t task
	if err := json.Unmarshal([]byte(data), &t); err != nil {
		return err
	}
	do := t.translate
	if t.Kind == labelling {
		do = t.label
	}
	r, err := do(ctx)
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(r)
}

func (t task) translate(ctx context.Context) (r result, err error) {
	p, err := t.load()
	if err != nil {
		return r, err
	}
	translator, err := translate.New(p)
	if err != nil {
		return r, err
	}
	slots := pool.New(t.Workers)
	if err := translator.Warm(ctx, slots.Page(pool.Request{})); err != nil {
		return r, err
	}
	before := usage()
	out, err := translator.Translate(ctx, slots.Page(pool.Request{}), translate.Request{
		Text: strings.Join(t.Texts, "\n"), From: "en", To: "zh", Beams: 1,
	})
	if err != nil {
		return r, err
	}
	r.figures = before.until(usage())
	tokens, err := tokenize.ParseMarian(p.Source, p.Target, p.Vocabulary)
	if err != nil {
		return r, err
	}
	for _, s := range out.Segments { // the model translates word for word
		r.Count += len(tokens.Encode(s.Source))
	}
	return r, nil
}

// load reads the model as the engine does.
func (t task) load() (p translate.Parts, err error) {
	dir := filepath.Join(t.Models, t.Model)
	for name, to := range map[string]*[]byte{
		"config.json": &p.Config, "generation_config.json": &p.Generation,
		"source.spm": &p.Source, "target.spm": &p.Target, "vocab.json": &p.Vocabulary,
	} {
		if *to, err = os.ReadFile(filepath.Join(dir, name)); err != nil {
			return p, err
		}
	}
	env, err := environment()
	if err != nil {
		return p, err
	}
	var layers struct {
		N int `json:"decoder_layers"`
	}
	if err := json.Unmarshal(p.Config, &layers); err != nil {
		return p, err
	}
	encoder, decoder := t.graph("encoder_model"), t.graph("decoder_model_merged")
	p.Encoder = translate.Graph{Inputs: []string{"input_ids", "attention_mask"}, Outputs: []string{"last_hidden_state"}}
	p.Decoder = decoderGraph(layers.N)
	p.Memory = pool.NewBudget(translate.Memory(sizeOf(encoder) + sizeOf(decoder)))
	var errEncoder, errDecoder error
	p.Encoder.Session, errEncoder = env.LoadFile(encoder, ort.Options{Inputs: p.Encoder.Inputs, Outputs: p.Encoder.Outputs})
	p.Decoder.Session, errDecoder = env.LoadFile(decoder, ort.Options{Inputs: p.Decoder.Inputs, Outputs: p.Decoder.Outputs})
	return p, errors.Join(errEncoder, errDecoder)
}

// graph is the path of one of the model's graphs.
func (t task) graph(name string) string {
	suffix := map[string]string{"q8": "_quantized"}[t.DType] + ".onnx"
	return filepath.Join(t.Models, t.Model, "onnx", name+suffix)
}

// decoderGraph has the names of a merged decoder, which are not read from the file because that
// would count as memory.
func decoderGraph(layers int) translate.Graph {
	g := translate.Graph{Inputs: []string{"encoder_attention_mask", "input_ids", "encoder_hidden_states"}, Outputs: []string{"logits"}}
	for i := range layers {
		for _, n := range []string{"decoder.key", "decoder.value", "encoder.key", "encoder.value"} {
			g.Inputs = append(g.Inputs, fmt.Sprintf("past_key_values.%d.%s", i, n))
			g.Outputs = append(g.Outputs, fmt.Sprintf("present.%d.%s", i, n))
		}
	}
	g.Inputs = append(g.Inputs, "use_cache_branch")
	return g
}

func environment() (*ort.Environment, error) {
	files, err := bundle.Embedded()
	if err != nil {
		return nil, err
	}
	dir := filepath.Join(os.TempDir(), "inkpool-bench-"+files.ID())
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	library, err := files.UnpackLibrary(dir)
	if err != nil {
		return nil, err
	}
	return ort.Open(library)
}

func sizeOf(path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		return 0 // loading says why
	}
	return info.Size()
}

// used is what this process has used at a time.
type used struct {
	at     time.Time
	cpu    time.Duration
	peakMB float64
}

// usage is right about peaks on Linux: elsewhere they are in other units.
func usage() used {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err) // never: the arguments are right
	}
	return used{at: time.Now(), cpu: time.Duration(u.Utime.Nano() + u.Stime.Nano()), peakMB: float64(u.Maxrss) * 1024 / 1e6}
}

func (u used) until(end used) figures {
	return figures{Wall: end.at.Sub(u.at).Seconds(), CPU: (end.cpu - u.cpu).Seconds(), PeakMB: end.peakMB}
}
