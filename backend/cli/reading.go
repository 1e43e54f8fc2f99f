package cli

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/pflag"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// readingFlags say how pages are read. Those that were given go over the settings file.
type readingFlags struct {
	chosen  inkpool.Reading
	pages   pageRange
	secrets secretFlags
}

func (r *readingFlags) addFlags(f *pflag.FlagSet) {
	f.StringVar((*string)(&r.chosen.Layout), "layout", "", "how lines become text: "+list(inkpool.Layouts()))
	f.StringVar((*string)(&r.chosen.Source), "source", "", "which text of a PDF page to take: its own where sound (mixed), what can be seen (image), or only its own (text)")
	f.Var((*regions)(&r.chosen.Ignore), "ignore", "a region of every page to leave out: left,top,right,bottom in parts of the page, such as 0,0,1,8%; may be repeated")
	f.BoolVar(&r.chosen.Upright, "upright", false, "everything stands upright: do not look for pages and lines that are turned")
	f.IntVar(&r.chosen.DetectSide, "detect-side", 0, fmt.Sprintf("pixels of a page's longer side while lines are looked for, %d to %d; 0 is chosen by page", inkpool.MinDetectSide, inkpool.MaxDetectSide))
	f.Float64Var(&r.chosen.BoxScore, "box-score", 0, "how likely text something must be to be read, 0 to 1; 0 is the model's own")
	f.Float64Var(&r.chosen.TextScore, "text-score", 0, "how sure a line must be to be kept, 0 to 1; 0 is the model's own")
	f.Var(&r.pages, "pages", "pages of files that have more than one, such as 1-3,7,10-")
	r.secrets.addFlags(f)
}

// over lays the flags that were given over what the settings say.
func (r *readingFlags) over(usual inkpool.Reading, given *pflag.FlagSet) inkpool.Reading {
	for name, take := range map[string]func(){
		"layout":      func() { usual.Layout = r.chosen.Layout },
		"source":      func() { usual.Source = r.chosen.Source },
		"ignore":      func() { usual.Ignore = r.chosen.Ignore },
		"upright":     func() { usual.Upright = r.chosen.Upright },
		"detect-side": func() { usual.DetectSide = r.chosen.DetectSide },
		"box-score":   func() { usual.BoxScore = r.chosen.BoxScore },
		"text-score":  func() { usual.TextScore = r.chosen.TextScore },
	} {
		if given.Changed(name) {
			take()
		}
	}
	return usual
}

// list names values for a person.
func list[S ~string](values []S) string {
	names := make([]string, len(values))
	for i, v := range values {
		names[i] = string(v)
	}
	return strings.Join(names, ", ")
}

// pageRange is the value of a flag.
type pageRange struct{ inkpool.PageRange }

// Type implements pflag.Value.
func (p *pageRange) Type() string { return "pages" }

// Set implements pflag.Value.
func (p *pageRange) Set(s string) (err error) {
	p.PageRange, err = inkpool.ParsePageRange(s)
	return err
}

// regions is the value of a flag that may be repeated.
type regions []inkpool.Region

// String implements pflag.Value.
func (r *regions) String() string {
	shown := make([]string, len(*r))
	for i, one := range *r {
		shown[i] = fmt.Sprintf("%g,%g,%g,%g", one.Left, one.Top, one.Right, one.Bottom)
	}
	return strings.Join(shown, " ")
}

// Type implements pflag.Value.
func (r *regions) Type() string { return "region" }

// Set implements pflag.Value.
func (r *regions) Set(s string) error {
	var edges [4]float64
	parts := strings.Split(s, ",")
	if len(parts) != len(edges) {
		return inkpool.Errorf(inkpool.CodeInvalid, "a region is left,top,right,bottom, not %q", s)
	}
	for i, part := range parts {
		number, percent := strings.CutSuffix(strings.TrimSpace(part), "%")
		v, err := strconv.ParseFloat(number, 64)
		if err != nil {
			return inkpool.Errorf(inkpool.CodeInvalid, "%q is no part of a page: write 0.5 or 50%%", part)
		}
		if percent {
			v /= 100
		}
		edges[i] = v
	}
	*r = append(*r, inkpool.Region{Left: edges[0], Top: edges[1], Right: edges[2], Bottom: edges[3]})
	return nil
}
