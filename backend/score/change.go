package score

// Change is what became of a page or a group of pages from one report to another.
type Change struct {
	Name     string
	Old, New Measure
}

// Worse is by how much the CER grew; below 0 it shrank.
func (c Change) Worse() float64 { return c.New.CER - c.Old.CER }

// GroupChanges pairs the groups of the same name, in the order of groups. One that has no pair
// is left out.
func GroupChanges(old, groups []Group) []Change {
	return changes(old, groups, func(g Group) (string, Measure) { return g.Name, g.Measure })
}

// PageChanges pairs the pages of the same file, likewise.
func PageChanges(old, pages []PageScore) []Change {
	return changes(old, pages, func(p PageScore) (string, Measure) { return p.File, p.Measure })
}

func changes[T any](old, items []T, of func(T) (string, Measure)) []Change {
	before := map[string]Measure{}
	for _, item := range old {
		name, m := of(item)
		before[name] = m
	}
	var found []Change
	for _, item := range items {
		name, m := of(item)
		if was, ok := before[name]; ok {
			found = append(found, Change{Name: name, Old: was, New: m})
		}
	}
	return found
}
