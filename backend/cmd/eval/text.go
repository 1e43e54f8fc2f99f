package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/inkpool/inkpool/backend/score"
)

// worstListed is how many of a reader's worst pages are printed.
const worstListed = 20

// printTables prints for each collection a row per set, per tag, per language and overall,
// with two columns per reader, CER and sorted CER; the other measures; and the worst pages.
func printTables(out io.Writer, results []result) error {
	var b strings.Builder
	for i, r := range results {
		if i > 0 {
			b.WriteString("\n")
		}
		printTable(&b, r)
	}
	_, err := io.WriteString(out, b.String())
	return err
}

func printTable(b *strings.Builder, r result) {
	fmt.Fprintf(b, "%s in %s\n\n", r.Name, r.Folder)
	printHeads(b, r.Readings)
	for _, k := range kinds() {
		printGroups(b, r.Readings, k)
	}
	printMeasures(b, r.Readings)
	for _, one := range r.Readings {
		printWorst(b, one)
	}
}

func printHeads(b *strings.Builder, readings []reading) {
	names, columns := fmt.Sprintf("%31s", ""), fmt.Sprintf("%-25s%6s", "", "pages")
	for _, r := range readings {
		names += fmt.Sprintf("%18s", r.Name)
		columns += fmt.Sprintf("%10s%8s", "CER", "sorted")
	}
	if len(readings) > 1 {
		columns += fmt.Sprintf("%10s", "behind")
	}
	b.WriteString(names + "\n" + columns + "\n")
}

// printGroups prints the groups of one kind: the same ones of each reader, since all have read
// the same pages. The last column is by how much the first reader is behind the best other.
func printGroups(b *strings.Builder, readings []reading, k kind) {
	for _, g := range newTable(k, readings).Groups {
		fmt.Fprintf(b, "%-5s%-20s%6d", k.name, g.Name, g.Pages)
		for _, m := range g.Measures {
			fmt.Fprintf(b, "%10.4f%8.4f", m.CER, m.Sorted)
		}
		if len(readings) > 1 {
			fmt.Fprintf(b, "%+10.4f", g.Behind)
		}
		b.WriteString("\n")
	}
}

// printMeasures prints a row per reader with everything else that is known of it.
func printMeasures(b *strings.Builder, readings []reading) {
	b.WriteString("\n" + strings.Repeat(" ", 12))
	for _, head := range []string{"CER", "sorted", "order", "spaced", "bag", "recall", "precision", "missing", "blank", "wall s", "CPU s"} {
		fmt.Fprintf(b, "%10s", head)
	}
	b.WriteString("\n")
	for _, r := range readings {
		m := r.Report.Overall
		fmt.Fprintf(b, "%-12s", r.Name)
		for _, v := range []float64{m.CER, m.Sorted, m.Order(), m.Spaced, m.Bag, m.Recall, m.Precision} {
			fmt.Fprintf(b, "%10.4f", v)
		}
		fmt.Fprintf(b, "%10d%10s%s\n", r.Report.Missing, r.blank(), r.Cost)
	}
}

// blank is from how many of the pages without text some was read.
func (r reading) blank() string {
	return fmt.Sprintf("%d of %d", len(r.Report.Blank.Files), r.Report.Blank.Pages)
}

func (c *cost) String() string {
	if c == nil {
		return fmt.Sprintf("%10s%10s", "-", "-")
	}
	return fmt.Sprintf("%10.1f%10.1f", c.WallSeconds, c.CPUSeconds)
}

func printWorst(b *strings.Builder, r reading) {
	fmt.Fprintf(b, "\nworst of %s\n%10s%8s\n", r.Name, "CER", "sorted")
	for _, p := range r.Report.Worst(worstListed) {
		fmt.Fprintf(b, "%10.4f%8.4f  %s  %s\n", p.CER, p.Sorted, p.File, faultsOf(p))
	}
}

// faultsOf says in a few words what went wrong on a page.
func faultsOf(p score.PageScore) string {
	var words []string
	for _, f := range p.Faults {
		word := fmt.Sprintf("%s %.2f", f.Kind, f.Share)
		if f.Detail != "" {
			word += " (" + f.Detail + ")"
		}
		words = append(words, word)
	}
	return strings.Join(words, ", ")
}
