package export

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/view"
)

// Text writes the text of the pages.
//
// One page is its text and nothing else. Two or more each get a line that names them, as
// head(1) does, and an empty line between them:
//
//	==> a.png <==
//	text of a.png
//
//	==> b.pdf, page 2 <==
//	[failed: the page is too large]
//
// Where a translation was asked for, it stands in place of the text; other formats have both.
// Labels that were asked for are a line at the end.
//
// The page is named where the file has more than one. A page without a result says why in
// brackets. Every text ends with a line end, an empty one is an empty line. To know whether
// a page is the only one, it is written when the one after it has come.
type Text struct{}

// Format implements Exporter.
func (Text) Format() string { return "text" }

// Extension implements Exporter.
func (Text) Extension() string { return ".txt" }

// Write implements Exporter.
func (Text) Write(w io.Writer, pages Pages) error {
	var before, page *view.Page // the page that waits for its successor, and the one before it
	n := 0
	flush := func(after *view.Page) error {
		if page == nil {
			return nil
		}
		var b bytes.Buffer
		if n > 1 {
			writeHeading(&b, before, *page, after)
		}
		writeBody(&b, *page)
		_, err := w.Write(b.Bytes())
		return err
	}
	err := each(pages, func(_ int, p view.Page) error {
		n++
		if err := flush(&p); err != nil {
			return err
		}
		before, page = page, &p
		return nil
	})
	if err != nil {
		return err
	}
	if err := flush(nil); err != nil {
		return fmt.Errorf("write last page: %w", err)
	}
	return nil
}

// writeHeading names a page that has neighbours (nil at the ends).
func writeHeading(b *bytes.Buffer, before *view.Page, p view.Page, after *view.Page) {
	if before != nil {
		b.WriteByte('\n')
	}
	fmt.Fprintf(b, "==> %s", visible(p.Path))
	sameFile := func(q *view.Page) bool { return q != nil && q.Path == p.Path }
	if p.Page > 1 || sameFile(before) || sameFile(after) {
		fmt.Fprintf(b, ", page %d", p.Page)
	}
	b.WriteString(" <==\n")
}

func writeBody(b *bytes.Buffer, p view.Page) {
	text := validUTF8(p.Text)
	switch {
	case p.Error != nil:
		text = fmt.Sprintf("[%s: %s]", p.Status, visible(p.Error.Message))
	case p.Status != string(inkpool.StateDone) && text == "": // else more is done with it
		text = fmt.Sprintf("[%s]", p.Status)
	case p.Translation != nil && p.Translation.Error == nil:
		text = validUTF8(p.Translation.Text)
	}
	if text != "" || len(p.Labels) == 0 {
		writeLine(b, text)
	}
	if p.Error == nil {
		writeStepNotes(b, p)
	}
}

// writeStepNotes writes the labels of a page, and what is missing of its steps.
func writeStepNotes(b *bytes.Buffer, p view.Page) {
	if len(p.Labels) > 0 {
		writeLine(b, "["+visible(labelsOf(p))+"]")
	}
	if t := p.Translation; t != nil && t.Error != nil {
		writeLine(b, fmt.Sprintf("[not translated: %s]", visible(t.Error.Message)))
	}
	if p.LabelError != nil {
		writeLine(b, fmt.Sprintf("[not labelled: %s]", visible(p.LabelError.Message)))
	}
}

// writeLine ends a text with a line end where it has none.
func writeLine(b *bytes.Buffer, text string) {
	b.WriteString(text)
	if !strings.HasSuffix(text, "\n") {
		b.WriteByte('\n')
	}
}

// visible shows a name on one line: what has no shape of its own (line ends, escapes of terminals,
// marks that turn the direction of writing, bytes that are no text) is written as Go
// writes it in a string, \n or \u202e.
func visible(name string) string {
	var b strings.Builder
	for len(name) > 0 {
		r, size := utf8.DecodeRuneInString(name)
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, name[0])
		case unicode.IsGraphic(r):
			b.WriteRune(r)
		default:
			b.WriteString(strings.Trim(strconv.QuoteRune(r), "'"))
		}
		name = name[size:]
	}
	return b.String()
}
