package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/inkpool/inkpool/backend/score"
)

// report is everything that a comparison found out.
type report struct {
	Setting setting `json:"setting"`
	Rows    []row   `json:"rows"`
}

// compareWith works out the medians, and the ratios of the rows called name to all others: of
// rows that keep the same number of cores busy, round by round.
func (r *report) compareWith(name string) {
	base := map[int]row{}
	for _, row := range r.Rows {
		if row.Name == name {
			base[row.Workers] = row
		}
	}
	for i := range r.Rows {
		r.Rows[i].summarise(base[r.Rows[i].Workers])
	}
}

func (r *row) summarise(base row) {
	var cpu, speed, cpuRatios, speedRatios []float64
	for i, round := range r.Rounds {
		cpu, speed = append(cpu, round.CPUPerPage), append(speed, round.PagesPerS)
		cpuRatios = append(cpuRatios, ratio(base.Rounds[i].CPUPerPage, round.CPUPerPage))
		speedRatios = append(speedRatios, ratio(base.Rounds[i].PagesPerS, round.PagesPerS))
		r.PeakMB = max(r.PeakMB, round.PeakMB)
	}
	r.CPUPerPage, r.PagesPerS = median(cpu), median(speed)
	r.CPURatio, r.Speedup = median(cpuRatios), median(speedRatios)
}

// ratio is a/b, 0 if one of them is not known.
func ratio(a, b float64) float64 {
	if b == 0 {
		return 0
	}
	return a / b
}

// median returns the middle of the values that are known, that is, not 0: of an even number
// the mean of the two in the middle, of none 0.
func median(values []float64) float64 {
	known := slices.DeleteFunc(slices.Sorted(slices.Values(values)), func(v float64) bool { return v == 0 })
	n := len(known)
	if n == 0 {
		return 0
	}
	return (known[(n-1)/2] + known[n/2]) / 2
}

// addErrors works out how well each program read, where the true texts are known: from the
// index of dir or of the folder above it, or from the truth beside samples.
func (r *report) addErrors(dir string, pictures []string) error {
	truth, err := readTruth(dir)
	if err != nil {
		return err
	}
	truth = slices.DeleteFunc(truth, func(p score.Page) bool {
		return !slices.ContainsFunc(pictures, func(file string) bool { return isPage(file, p) })
	})
	if len(truth) == 0 {
		return nil
	}
	r.Setting.Truths = len(truth)
	for i := range r.Rows {
		predictions, err := score.ReadPredictions(r.Rows[i].asLines())
		if err != nil {
			return err
		}
		measure := score.Evaluate(truth, predictions, nil).Overall.Measure
		r.Rows[i].Errors = &measure
	}
	return nil
}

func isPage(file string, p score.Page) bool {
	return strings.HasSuffix(filepath.ToSlash(file), "/"+p.File)
}

// readTruth reads the pages of the first index that there is; none is no error.
func readTruth(dir string) ([]score.Page, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	pages, err := score.ReadIndex(dir)
	if errors.Is(err, fs.ErrNotExist) {
		pages, err = score.ReadIndex(filepath.Dir(dir))
	}
	if errors.Is(err, fs.ErrNotExist) {
		pages, err = score.ReadSamples(dir)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return pages, err
}

// asLines are the row's readings as package score reads them.
func (r row) asLines() io.Reader {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	for _, reading := range r.readings {
		_ = e.Encode(reading) // two strings always encode
	}
	return &b
}

func (r report) printJSON(out io.Writer) error {
	e := json.NewEncoder(out)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(r)
}

// printMarkdown prints the table as it stands in docs/benchmarks.md.
func (r report) printMarkdown(out io.Writer) error {
	var b strings.Builder
	r.Setting.print(&b)
	b.WriteString("\n| program | arrangement | CPU s/page | Inkpool / it | pages/s | Inkpool / it | peak RSS MB | CER | bag |\n")
	b.WriteString("|---|---|--:|--:|--:|--:|--:|--:|--:|\n")
	for _, row := range r.Rows {
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s | %.0f | %s |\n", row.Name, row.How,
			figure(row.CPUPerPage, 3), figure(row.CPURatio, 2), figure(row.PagesPerS, 2), figure(row.Speedup, 2), row.PeakMB, row.errors())
	}
	_, err := io.WriteString(out, b.String())
	return err
}

// figure prints what is known with so many decimals.
func figure(v float64, decimals int) string {
	if v == 0 {
		return "-"
	}
	return strconv.FormatFloat(v, 'f', decimals, 64)
}

// errors are the last two columns of the table.
func (r row) errors() string {
	if r.Errors == nil {
		return "- | -"
	}
	return fmt.Sprintf("%.3f | %.3f", r.Errors.CER, r.Errors.Bag)
}
