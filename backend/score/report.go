package score

import (
	"cmp"
	"slices"
)

// worstPages is how many of the worst pages a Report lists.
const worstPages = 20

// Group is the mean error over the pages that share a set or a tag.
type Group struct {
	Name  string `json:"name"`
	Pages int    `json:"pages"`
	Measure
}

// PageScore is the error of one page.
type PageScore struct {
	File string `json:"file"`
	Measure
}

// Report is how well one program read many pages.
type Report struct {
	Overall Group       `json:"overall"`
	Missing int         `json:"missing"` // pages without a prediction; they count as read empty
	Sets    []Group     `json:"sets"`    // by name
	Tags    []Group     `json:"tags"`    // by name; a page counts in each of its tags
	Worst   []PageScore `json:"worst"`   // by Bag, worst first
}

// Evaluate measures the predictions for pages, every page with the same weight. A page
// without a prediction counts as one on which nothing was read.
func Evaluate(pages []Page, predictions *Predictions) Report {
	var r Report
	sets, tags := map[string]*Group{}, map[string]*Group{}
	all := Group{Name: "overall"}
	for _, p := range pages {
		text, ok := predictions.Text(p.File)
		if !ok {
			r.Missing++
		}
		m := Compare(p, text)
		all.add(m)
		group(sets, p.Set).add(m)
		for _, t := range p.Tags {
			group(tags, t).add(m)
		}
		r.Worst = append(r.Worst, PageScore{File: p.File, Measure: m})
	}
	slices.SortStableFunc(r.Worst, func(a, b PageScore) int { return cmp.Compare(b.Bag, a.Bag) })
	r.Worst = r.Worst[:min(worstPages, len(r.Worst))]
	r.Overall, r.Sets, r.Tags = all.mean(), means(sets), means(tags)
	return r
}

// add adds a page's error to the sums that g holds until mean divides them.
func (g *Group) add(m Measure) {
	g.Pages++
	g.CER += m.CER
	g.Bag += m.Bag
}

func (g *Group) mean() Group {
	n := float64(max(1, g.Pages))
	return Group{Name: g.Name, Pages: g.Pages, Measure: Measure{CER: g.CER / n, Bag: g.Bag / n}}
}

func group(groups map[string]*Group, name string) *Group {
	if groups[name] == nil {
		groups[name] = &Group{Name: name}
	}
	return groups[name]
}

func means(groups map[string]*Group) []Group {
	out := make([]Group, 0, len(groups))
	for _, g := range groups {
		out = append(out, g.mean())
	}
	slices.SortFunc(out, func(a, b Group) int { return cmp.Compare(a.Name, b.Name) })
	return out
}
