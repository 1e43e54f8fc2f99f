package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strings"

	"github.com/inkpool/inkpool/backend/score"
)

const (
	muchWorse   = 0.05   // CER by which a page must change to be named
	leastChange = 0.0005 // CER by which a group must: what four decimals do not round away
)

// errWorse says that pages are read much worse than before.
var errWorse = errors.New("pages have got worse")

// readOld reads what -json printed into file, nothing without one.
func readOld(file string) ([]result, error) {
	if file == "" {
		return nil, nil
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var saved saved
	if err := json.Unmarshal(data, &saved); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return saved.Collections, nil
}

// printChanges prints what became of our program's readings since old. The error is errWorse
// if a page has got much worse.
func printChanges(out io.Writer, old, results []result) error {
	var b strings.Builder
	worse := 0
	for _, r := range results {
		i := slices.IndexFunc(old, func(o result) bool { return o.Name == r.Name && len(o.Readings) > 0 })
		if i < 0 {
			continue
		}
		before, after := old[i].Readings[0].Report, r.Readings[0].Report
		fmt.Fprintf(&b, "%s: changes\n\n%-25s%20s%20s\n", r.Name, "", "CER", "sorted")
		for _, k := range kinds() {
			printGroupChanges(&b, k.name, score.GroupChanges(k.of(before), k.of(after)))
		}
		worse += printPageChanges(&b, score.PageChanges(before.Pages, after.Pages))
	}
	if _, err := io.WriteString(out, b.String()); err != nil {
		return err
	}
	if worse > 0 {
		return fmt.Errorf("%w: %d by more than %.0f points", errWorse, worse, 100*muchWorse)
	}
	return nil
}

func printGroupChanges(b *strings.Builder, kind string, changes []score.Change) {
	for _, c := range changes {
		if math.Abs(c.Worse()) < leastChange && math.Abs(c.New.Sorted-c.Old.Sorted) < leastChange {
			continue
		}
		fmt.Fprintf(b, "%-5s%-20s%s\n", kind, c.Name, figures(c))
	}
}

// printPageChanges names the pages that changed much, those that got worse first, and returns
// how many did.
func printPageChanges(b *strings.Builder, changes []score.Change) int {
	worse := slices.DeleteFunc(slices.Clone(changes), func(c score.Change) bool { return c.Worse() <= muchWorse })
	better := slices.DeleteFunc(slices.Clone(changes), func(c score.Change) bool { return c.Worse() >= -muchWorse })
	fmt.Fprintf(b, "\n%d pages worse by more than %.0f points, %d better, of %d\n", len(worse), 100*muchWorse, len(better), len(changes))
	for _, c := range slices.Concat(worse, better) {
		fmt.Fprintf(b, "%-25s%s  %s\n", "", figures(c), c.Name)
	}
	b.WriteString("\n")
	return len(worse)
}

func figures(c score.Change) string {
	return fmt.Sprintf("%8.4f%+12.4f%8.4f%+12.4f", c.New.CER, c.Worse(), c.New.Sorted, c.New.Sorted-c.Old.Sorted)
}
