package export

import (
	"io"

	"github.com/inkpool/inkpool/backend/view"
)

// JSONL writes one view.Page per line (https://jsonlines.org). Each line is one Write, when
// its page has come: a program at the other end of a pipe can work along.
type JSONL struct{}

// Format implements Exporter.
func (JSONL) Format() string { return "jsonl" }

// Extension implements Exporter.
func (JSONL) Extension() string { return ".jsonl" }

// Write implements Exporter.
func (JSONL) Write(w io.Writer, pages Pages) error {
	return each(pages, func(_ int, p view.Page) error {
		line, err := pageJSON(p)
		if err != nil {
			return err
		}
		_, err = w.Write(append(line, '\n'))
		return err
	})
}
