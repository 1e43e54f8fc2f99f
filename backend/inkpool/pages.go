package inkpool

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// PageRange is a choice among the pages of a file, as people write it: "1-3,7,10-" are pages 1
// to 3, 7, and all from 10 on; "-5" are the first five. The zero value is all pages.
type PageRange struct{ spans []pageSpan }

// pageSpan is pages from first to last, both from 1 and both included; last 0 is no end.
type pageSpan struct{ first, last int }

// ParsePageRange reads what a person wrote. Spaces do not count, nor does the order: pages
// always come as they are in the file, and once. Nothing is all pages. CodeInvalid else.
func ParsePageRange(text string) (PageRange, error) {
	var r PageRange
	text = strings.Join(strings.Fields(text), "")
	if text == "" {
		return r, nil
	}
	for _, part := range strings.FieldsFunc(text, func(c rune) bool { return c == ',' || c == '，' || c == '、' }) {
		s, ok := parseSpan(part)
		if !ok {
			return PageRange{}, badPages(part)
		}
		r.spans = append(r.spans, s)
	}
	if len(r.spans) == 0 {
		return PageRange{}, badPages(text)
	}
	r.join()
	return r, nil
}

func badPages(text string) error {
	return Errorf(CodeInvalid, "these are no pages: %q", text).
		WithHint(`Write numbers and ranges such as "1-3,7,10-".`)
}

// parseSpan reads "3", "3-5", "3-" or "-5".
func parseSpan(text string) (pageSpan, bool) {
	from, to, isRange := strings.Cut(text, "-")
	if !isRange {
		to = from
	}
	if from == "" && to == "" {
		return pageSpan{}, false
	}
	s := pageSpan{first: 1}
	ok := true
	if from != "" {
		s.first, ok = parsePage(from)
	}
	if to != "" && ok {
		s.last, ok = parsePage(to)
		ok = ok && s.last >= s.first
	}
	return s, ok
}

// parsePage reads a number from 1 to a thousand million, which no file has.
func parsePage(text string) (int, bool) {
	const most = 1_000_000_000
	n, err := strconv.ParseUint(text, 10, 31)
	return int(n), err == nil && n >= 1 && n <= most
}

// join sorts the spans and makes one of those that overlap or touch.
func (r *PageRange) join() {
	slices.SortFunc(r.spans, func(a, b pageSpan) int { return cmp.Compare(a.first, b.first) })
	out := r.spans[:1]
	for _, s := range r.spans[1:] {
		end := &out[len(out)-1]
		switch {
		case end.last == 0:
		case s.first > end.last+1:
			out = append(out, s)
		case s.last == 0 || s.last > end.last:
			end.last = s.last
		}
	}
	r.spans = out
}

// IsAll reports whether every page of every file is chosen.
func (r PageRange) IsAll() bool {
	return len(r.spans) == 0 || r.spans[0] == pageSpan{first: 1}
}

// Contains reports whether a page, counted from 1, is chosen.
func (r PageRange) Contains(page int) bool {
	if page < 1 || len(r.spans) == 0 {
		return page >= 1
	}
	return slices.ContainsFunc(r.spans, func(s pageSpan) bool {
		return page >= s.first && (s.last == 0 || page <= s.last)
	})
}

// Select returns the chosen ones of so many pages, counted from 1, in their order. It is empty
// where the file has none of them.
func (r PageRange) Select(pages int) []int {
	spans := r.spans
	if len(spans) == 0 {
		spans = []pageSpan{{first: 1}}
	}
	var out []int
	for _, s := range spans {
		last := pages
		if s.last != 0 {
			last = min(last, s.last)
		}
		for page := s.first; page <= last; page++ {
			out = append(out, page)
		}
	}
	return out
}

// String writes the choice as ParsePageRange reads it, with ranges joined; "" for all pages.
func (r PageRange) String() string {
	if r.IsAll() {
		return ""
	}
	parts := make([]string, len(r.spans))
	for i, s := range r.spans {
		parts[i] = s.String()
	}
	return strings.Join(parts, ",")
}

func (s pageSpan) String() string {
	first := strconv.Itoa(s.first)
	switch s.last {
	case 0:
		return first + "-"
	case s.first:
		return first
	default:
		return first + "-" + strconv.Itoa(s.last)
	}
}
