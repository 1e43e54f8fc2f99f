//go:build unix

package main

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"

	"golang.org/x/sync/errgroup"

	"github.com/inkpool/inkpool/backend/graph"
	"github.com/inkpool/inkpool/backend/infer"
	"github.com/inkpool/inkpool/backend/label"
	"github.com/inkpool/inkpool/backend/ort"
	"github.com/inkpool/inkpool/backend/pool"
)

// scores are the labels of a text.
type scores map[string]float64

const (
	unshown   = 0.01 // below, Inkpool gives no label
	precision = 1e-4 // of scores in full precision: batches are summed up in another order
)

// label labels as many texts at a time as there are workers, with one session.
func (t task) label(ctx context.Context) (r result, err error) {
	labeler, err := t.labeler()
	if err != nil {
		return r, err
	}
	slots := pool.New(t.Workers)
	request := pool.Request{Kind: pool.Labelling}
	if err := labeler.WarmUp(ctx, slots.Page(request)); err != nil {
		return r, err
	}
	r.Labels = make([]scores, len(t.Texts))
	before := usage()
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(t.Workers)
	for i, text := range t.Texts {
		group.Go(func() error {
			labels, err := labeler.Label(ctx, slots.Page(request), text)
			r.Labels[i] = make(scores, len(labels))
			for _, l := range labels {
				r.Labels[i][l.Name] = l.Score
			}
			return err
		})
	}
	err = group.Wait()
	r.figures = before.until(usage())
	r.Count = len(t.Texts)
	return r, err
}

// labeler reads the model as the engine does.
func (t task) labeler() (*label.Text, error) {
	var files label.Files
	for name, to := range map[string]*[]byte{
		"config.json": &files.Config, "tokenizer.json": &files.Tokenizer, "tokenizer_config.json": &files.TokenizerConfig,
	} {
		var err error
		if *to, err = os.ReadFile(filepath.Join(t.Models, t.Model, name)); err != nil {
			return nil, err
		}
	}
	path := t.graph("model")
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	about, err := graph.Inspect(f, sizeOf(path))
	if err != nil {
		return nil, err
	}
	files.Inputs, files.Outputs = values(about.Inputs), values(about.Outputs)
	env, err := environment()
	if err != nil {
		return nil, err
	}
	return label.NewText(files, func(inputs, outputs []string) (infer.Session, error) {
		return env.LoadFile(path, ort.Options{Inputs: inputs, Outputs: outputs})
	})
}

func values(described []graph.Value) (out []label.Value) {
	for _, v := range described {
		out = append(out, label.Value(v))
	}
	return out
}

// agree says how far the scores of each program are from those of Inkpool's first with the same
// model, and fails where that is too far. Quantised models are told apart by what else is in a
// batch, as it has one scale: there, only Inkpool has to agree with itself.
func agree(all []*contender) error {
	first := map[string]*contender{}
	for _, c := range all {
		if first[c.task.DType] == nil {
			first[c.task.DType] = c
		}
		worst, err := farthest(first[c.task.DType].labels, c.labels)
		if err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
		fmt.Fprintf(os.Stderr, "%s: scores differ by %.1e\n", c.name, worst)
		own := c.task.Workers > 0
		if own && worst > 0 || c.task.DType == "fp32" && worst > precision {
			return fmt.Errorf("%s: its scores differ by %.1e", c.name, worst)
		}
	}
	return nil
}

// farthest is the most that scores of the same label and text differ by.
func farthest(want, got []scores) (worst float64, err error) {
	if len(want) != len(got) {
		return 0, fmt.Errorf("it labelled %d texts of %d", len(got), len(want))
	}
	for i := range want {
		for name := range want[i] {
			if _, ok := got[i][name]; !ok {
				return 0, fmt.Errorf("text %d lacks the label %q", i, name)
			}
		}
		for name, score := range got[i] {
			least, ok := want[i][name]
			if !ok {
				least = min(score, unshown)
			}
			worst = max(worst, math.Abs(score-least))
		}
	}
	return worst, nil
}
