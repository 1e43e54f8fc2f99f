package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/inkpool/inkpool/backend/score"
)

// promised are the tags of the pages that we promise to read no worse than the best peer, but
// for clearlyWorse, and the directions in which pages may lie.
func promised() []string {
	return []string{
		"receipt", "dense", "vertical", "rotated", "rotated 90", "rotated 180", "rotated 270",
		"screenshot", "scene", "table", "low-res", "handwriting",
	}
}

// printMarkdown prints the tables as they stand in docs/benchmarks.md, in points.
func printMarkdown(out io.Writer, results []result) error {
	var b strings.Builder
	b.WriteString(time.Now().Format(time.DateOnly) + ".\n")
	for _, r := range results[0].Readings {
		fmt.Fprintf(&b, "%s: %s.\n", r.Name, cmp.Or(r.Version, "version not known"))
	}
	for _, r := range results {
		fmt.Fprintf(&b, "\n%s, %d pages, %d of them without text:\n\n", r.Name, r.Pages, r.Readings[0].Report.Blank.Pages)
		markdownReaders(&b, r.Readings)
		if len(r.Readings) > 1 {
			markdownGroups(&b, r.Readings)
		}
	}
	_, err := io.WriteString(out, b.String())
	return err
}

func markdownReaders(b *strings.Builder, readings []reading) {
	b.WriteString("| reader | CER | sorted | order | spaced | lines found | lines right | blank pages with text |\n")
	b.WriteString("|---|--:|--:|--:|--:|--:|--:|--:|\n")
	for _, r := range readings {
		m := r.Report.Overall
		fmt.Fprintf(b, "| %s |", r.Name)
		for _, v := range []float64{m.CER, m.Sorted, m.Order(), m.Spaced, m.Recall, m.Precision} {
			fmt.Fprintf(b, " %.1f |", 100*v)
		}
		fmt.Fprintf(b, " %s |\n", r.blank())
	}
}

// markdownGroups prints the CER of the promised tags that there are pages of; what is behind
// the best peer by more than clearlyWorse is in bold type.
func markdownGroups(b *strings.Builder, readings []reading) {
	b.WriteString("\n| pages |  |")
	for _, r := range readings {
		b.WriteString(" " + r.Name + " |")
	}
	b.WriteString(" behind the best peer |\n|---|--:|" + strings.Repeat("--:|", len(readings)) + "--:|\n")
	tags := kind{of: func(r score.Report) []score.Group { return append(slices.Clone(r.Tags), r.Overall) }}
	groups := newTable(tags, readings).Groups
	for _, name := range append(promised(), "overall") {
		for _, g := range groups {
			if g.Name == name {
				markdownGroup(b, g)
			}
		}
	}
}

func markdownGroup(b *strings.Builder, g group) {
	fmt.Fprintf(b, "| %s | %d |", g.Name, g.Pages)
	for _, m := range g.Measures {
		fmt.Fprintf(b, " %.1f |", 100*m.CER)
	}
	if g.ClearlyWorse() {
		fmt.Fprintf(b, " **%+.1f** |\n", 100*g.Behind)
		return
	}
	fmt.Fprintf(b, " %+.1f |\n", 100*g.Behind)
}
