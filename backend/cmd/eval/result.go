package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"

	"github.com/inkpool/inkpool/backend/score"
)

// result is how well each reader read one collection.
type result struct {
	Name     string    `json:"name"`
	Folder   string    `json:"folder"`
	Pages    int       `json:"pages"`
	Readings []reading `json:"readings"`

	collection collection
}

// reading is how well one reader read it.
type reading struct {
	Name    string       `json:"name"`
	Version string       `json:"version,omitempty"`
	Cost    *cost        `json:"cost,omitempty"` // absent for predictions made before
	Report  score.Report `json:"report"`
	output  []byte       // see outcome
}

// measure lets the readers read c one after the other, so that none slows another. d is what
// the first of them can write; of the others that is not known.
func measure(ctx context.Context, c collection, readers []reader, d score.Dictionary) (result, error) {
	r := result{Name: c.name, Folder: c.dir, Pages: len(c.pages), collection: c}
	for _, one := range readers {
		if !one.takes(c) {
			continue
		}
		o, err := one.read(ctx, c)
		if err != nil {
			return r, err
		}
		predictions, err := score.ReadPredictions(bytes.NewReader(o.output))
		if err != nil {
			return r, fmt.Errorf("output of %s: %w", one.name(), err)
		}
		r.Readings = append(r.Readings, reading{
			Name: one.name(), Version: one.version(), Cost: o.cost,
			Report: score.Evaluate(c.pages, predictions, d), output: o.output,
		})
		d = nil
	}
	return r, nil
}

// saved is everything that an evaluation found out, as -json prints it and -compare reads it.
type saved struct {
	Collections []result `json:"collections"`
}

func printJSON(out io.Writer, results []result) error {
	e := json.NewEncoder(out)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(saved{results})
}
