package main

import "github.com/inkpool/inkpool/backend/score"

// clearlyWorse is by how much our CER may exceed the best peer's before it is pointed at: 2
// points, which is what we promise for each kind of page.
const clearlyWorse = 0.02

// kind is a way to put pages into groups.
type kind struct {
	name string
	of   func(score.Report) []score.Group
}

func kinds() []kind {
	return []kind{
		{"set", func(r score.Report) []score.Group { return r.Sets }},
		{"tag", func(r score.Report) []score.Group { return r.Tags }},
		{"lang", func(r score.Report) []score.Group { return r.Langs }},
		{"all", func(r score.Report) []score.Group { return []score.Group{r.Overall} }},
	}
}

// table is a table of groups.
type table struct {
	Name   string
	Groups []group
}

type group struct {
	Name     string
	Pages    int
	Measures []score.Measure // by reader
	Behind   float64         // our CER - the best peer's; 0 without peers
}

// ClearlyWorse tells the groups in which a peer is better by more than clearlyWorse.
func (g group) ClearlyWorse() bool { return g.Behind > clearlyWorse }

func newTable(k kind, readings []reading) table {
	t := table{Name: k.name}
	for i, g := range k.of(readings[0].Report) {
		row := group{Name: g.Name, Pages: g.Pages}
		for _, r := range readings {
			row.Measures = append(row.Measures, k.of(r.Report)[i].Measure)
		}
		row.Behind = behind(row.Measures)
		t.Groups = append(t.Groups, row)
	}
	return t
}

// behind is by how much the CER of the first reader exceeds the best of the others.
func behind(measures []score.Measure) float64 {
	if len(measures) < 2 {
		return 0
	}
	best := measures[1].CER
	for _, m := range measures[2:] {
		best = min(best, m.CER)
	}
	return measures[0].CER - best
}
