package main

import (
	"context"
	"encoding/json"
	"io"

	"github.com/inkpool/inkpool/backend/score"
)

// result is how well each reader read one collection.
type result struct {
	Name     string    `json:"name"`
	Folder   string    `json:"folder"`
	Pages    int       `json:"pages"`
	Readings []reading `json:"readings"`
}

// reading is how well one reader read it.
type reading struct {
	Name   string       `json:"name"`
	Cost   *cost        `json:"cost,omitempty"` // absent for predictions made before
	Report score.Report `json:"report"`
}

// measure lets the readers read c one after the other, so that none slows another.
func measure(ctx context.Context, c collection, readers []reader) (result, error) {
	r := result{Name: c.name, Folder: c.dir, Pages: len(c.pages)}
	for _, one := range readers {
		if !one.takes(c) {
			continue
		}
		predictions, spent, err := one.read(ctx, c)
		if err != nil {
			return r, err
		}
		report := score.Evaluate(c.pages, predictions, nil)
		r.Readings = append(r.Readings, reading{Name: one.name(), Cost: spent, Report: report})
	}
	return r, nil
}

func printJSON(out io.Writer, results []result) error {
	e := json.NewEncoder(out)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(struct {
		Collections []result `json:"collections"`
	}{results})
}
