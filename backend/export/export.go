// Package export writes results to files that other programs read.
//
// An Exporter is one format: ByFormat finds it by name. It reads Pages one after the other
// and writes each when it has come, so that 30,000 pages never sit in memory. ToFile puts
// what an exporter writes under its final name only when all of it is on the disk.
//
// Exporters hold no state and are safe for concurrent use. They write valid UTF-8 whatever
// a page holds, never close what they write to, and know nothing of where it goes.
package export

import (
	"fmt"
	"io"
	"iter"
	"strings"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/view"
)

// Pages is what an export reads, in the order in which it is to be written. A pair with an
// error is the last one: the exporter stops there and returns the error.
type Pages = iter.Seq2[view.Page, error]

// Exporter writes pages in one format.
type Exporter interface {
	// Format is the name by which the format is asked for: "csv".
	Format() string
	// Extension is that of its files: ".csv".
	Extension() string
	// Write writes all pages to w. It returns an error of pages or of w wrapped, and
	// leaves what it has written until then. No pages give a valid, empty file.
	Write(w io.Writer, pages Pages) error
}

// all lists the formats in the order in which people are shown them.
func all() []Exporter { return []Exporter{Text{}, CSV{}, JSON{}, JSONL{}} }

// Formats returns the names of the formats.
func Formats() []string {
	var names []string
	for _, e := range all() {
		names = append(names, e.Format())
	}
	return names
}

// ByFormat returns the exporter of that name, with its defaults; CodeInvalid when there is
// none. "txt" is another name of "text".
func ByFormat(name string) (Exporter, error) {
	if name == "txt" {
		name = Text{}.Format()
	}
	for _, e := range all() {
		if e.Format() == name {
			return e, nil
		}
	}
	return nil, inkpool.Errorf(inkpool.CodeInvalid, "there is no format %q", name).
		WithHint("Use one of " + strings.Join(Formats(), ", ") + ".")
}

// each calls write for every page and stops at the first error.
func each(pages Pages, write func(i int, p view.Page) error) error {
	i := 0
	for p, err := range pages {
		if err != nil {
			return fmt.Errorf("read page %d: %w", i, err)
		}
		if err := write(i, p); err != nil {
			return fmt.Errorf("write page %d: %w", i, err)
		}
		i++
	}
	return nil
}

// validUTF8 replaces bytes that are no text.
func validUTF8(s string) string { return strings.ToValidUTF8(s, "\uFFFD") }
