package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/inkpool/inkpool/backend/score"
)

// printTables prints one table per collection: a row per set, per tag and overall, and two
// columns per reader, CER and bag.
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
	printGroups(b, r.Readings, "set", func(s score.Report) []score.Group { return s.Sets })
	printGroups(b, r.Readings, "tag", func(s score.Report) []score.Group { return s.Tags })
	printGroups(b, r.Readings, "all", func(s score.Report) []score.Group { return []score.Group{s.Overall} })
	printFacts(b, r.Readings)
	for _, one := range r.Readings {
		printWorst(b, one)
	}
}

func printHeads(b *strings.Builder, readings []reading) {
	names, columns := fmt.Sprintf("%30s", ""), fmt.Sprintf("%-24s%6s", "", "pages")
	for _, r := range readings {
		names += fmt.Sprintf("%18s", r.Name)
		columns += fmt.Sprintf("%10s%8s", "CER", "bag")
	}
	b.WriteString(names + "\n" + columns + "\n")
}

// printGroups prints the groups that of picks from each report: the same ones in each, since
// all are of the same pages.
func printGroups(b *strings.Builder, readings []reading, kind string, of func(score.Report) []score.Group) {
	for i, g := range of(readings[0].Report) {
		fmt.Fprintf(b, "%-4s%-20s%6d", kind, g.Name, g.Pages)
		for _, r := range readings {
			m := of(r.Report)[i].Measure
			fmt.Fprintf(b, "%10.4f%8.4f", m.CER, m.Bag)
		}
		b.WriteString("\n")
	}
}

// printFacts prints what there is one number of per reader.
func printFacts(b *strings.Builder, readings []reading) {
	missing, wall, cpu := factRow("missing pages"), factRow("wall time, s"), factRow("CPU time, s")
	timed := false
	for _, r := range readings {
		missing += fmt.Sprintf("%18d", r.Report.Missing)
		if r.Cost == nil {
			wall, cpu = wall+fmt.Sprintf("%18s", "-"), cpu+fmt.Sprintf("%18s", "-")
			continue
		}
		timed = true
		wall += fmt.Sprintf("%18.1f", r.Cost.WallSeconds)
		cpu += fmt.Sprintf("%18.1f", r.Cost.CPUSeconds)
	}
	b.WriteString(missing + "\n")
	if timed {
		b.WriteString(wall + "\n" + cpu + "\n")
	}
}

func factRow(label string) string { return fmt.Sprintf("%-30s", label) }

func printWorst(b *strings.Builder, r reading) {
	fmt.Fprintf(b, "\nworst of %s\n", r.Name)
	for _, p := range r.Report.Worst {
		if p.Bag == 0 && p.CER == 0 {
			continue
		}
		fmt.Fprintf(b, "%10.4f%8.4f  %s\n", p.CER, p.Bag, p.File)
	}
}
