package score

import (
	"cmp"
	"slices"
)

// Group is the mean over the pages that share a set, a tag or a language, every page with the
// same weight. Precision is that of the pages whose whole text is known.
type Group struct {
	Name  string `json:"name"`
	Pages int    `json:"pages"`
	Measure
	whole int // pages whose whole text is known
}

// PageScore is how well one page was read.
type PageScore struct {
	File    string   `json:"file"`
	Set     string   `json:"set"`
	Lang    string   `json:"lang,omitempty"`
	Tags    []string `json:"tags,omitempty"`
	Partial bool     `json:"partial,omitempty"` // only some of its text is known
	Missing bool     `json:"missing,omitempty"` // there is no prediction
	Measure
	Faults []Fault `json:"faults,omitempty"` // the worst first
	Text   string  `json:"text"`             // that was read
}

// BlankPages are the pages without text.
type BlankPages struct {
	Pages      int      `json:"pages"`
	Characters int      `json:"characters"`      // that were read from them
	Files      []string `json:"files,omitempty"` // from which any was read
}

// Report is how well one program read many pages.
type Report struct {
	Overall Group       `json:"overall"`
	Missing int         `json:"missing"` // pages without a prediction; they count as read empty
	Blank   BlankPages  `json:"blank"`   // not in the means, nor among Pages
	Sets    []Group     `json:"sets"`    // by name
	Tags    []Group     `json:"tags"`    // by name; a page counts in each of its tags
	Langs   []Group     `json:"langs"`   // by name, as the index has it
	Pages   []PageScore `json:"page_scores"`
}

// Evaluate measures the predictions for pages. A page without a prediction counts as one on
// which nothing was read. d, which may be nil, is what the reader can write at all.
func Evaluate(pages []Page, predictions *Predictions, d Dictionary) Report {
	var r Report
	for _, p := range pages {
		text, ok := predictions.Text(p.File)
		if p.Blank() {
			r.Blank.add(p, text)
			continue
		}
		if !ok {
			r.Missing++
		}
		s := p.score(text, d)
		s.Missing = !ok
		r.Pages = append(r.Pages, s)
		r.Overall.add(s)
	}
	r.Overall.Name = "overall"
	r.Overall.divide()
	r.Sets = group(r.Pages, func(s PageScore) []string { return []string{s.Set} })
	r.Tags = group(r.Pages, func(s PageScore) []string { return s.Tags })
	r.Langs = group(r.Pages, func(s PageScore) []string { return []string{s.Lang} })
	return r
}

func (p Page) score(text string, d Dictionary) PageScore {
	t := p.Align(text).tally()
	m := p.measure(text, t)
	return PageScore{
		File: p.File, Set: p.Set, Lang: p.Lang, Tags: p.Tags, Partial: p.Partial,
		Measure: m, Faults: p.faults(text, m, t, d), Text: text,
	}
}

func (b *BlankPages) add(p Page, text string) {
	b.Pages++
	if n := len([]rune(Normalize(text, false))); n > 0 {
		b.Characters += n
		b.Files = append(b.Files, p.File)
	}
}

// Worst returns the pages that were not read perfectly, the worst first, at most n of them.
func (r Report) Worst(n int) []PageScore {
	worst := slices.DeleteFunc(slices.Clone(r.Pages), func(s PageScore) bool { return s.CER == 0 })
	slices.SortStableFunc(worst, func(a, b PageScore) int {
		return cmp.Or(cmp.Compare(b.CER, a.CER), cmp.Compare(b.Sorted, a.Sorted), cmp.Compare(b.Bag, a.Bag))
	})
	return worst[:min(n, len(worst))]
}

// group returns the means of the groups that namesOf puts each page into, by name. A page in
// no group, or in one without a name, counts in none.
func group(scores []PageScore, namesOf func(PageScore) []string) []Group {
	groups := map[string]*Group{}
	for _, s := range scores {
		for _, name := range namesOf(s) {
			if groups[name] == nil {
				groups[name] = &Group{Name: name}
			}
			groups[name].add(s)
		}
	}
	delete(groups, "")
	out := make([]Group, 0, len(groups))
	for _, g := range groups {
		g.divide()
		out = append(out, *g)
	}
	slices.SortFunc(out, func(a, b Group) int { return cmp.Compare(a.Name, b.Name) })
	return out
}

// add adds a page to the sums that g holds until divide makes means of them.
func (g *Group) add(s PageScore) {
	g.Pages++
	g.CER += s.CER
	g.Sorted += s.Sorted
	g.Spaced += s.Spaced
	g.Bag += s.Bag
	g.Recall += s.Recall
	if !s.Partial {
		g.whole++
		g.Precision += s.Precision
	}
}

func (g *Group) divide() {
	n := float64(max(1, g.Pages))
	g.CER /= n
	g.Sorted /= n
	g.Spaced /= n
	g.Bag /= n
	g.Recall /= n
	g.Precision /= float64(max(1, g.whole))
}
