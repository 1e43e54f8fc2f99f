package export

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/inkpool/inkpool/backend/view"
)

// CSV writes one record per page (RFC 4180: comma, CRLF after a record, quotes where they
// are needed), headed by the names of the columns:
//
//	path,page,kind,status,text,error_code,error_message,language,translation,labels
//
// The labels are a list such as "cat 0.71; dog 0.2". Where a translation or labels are missing
// that were asked for, the error says why.
//
// A cell that a spreadsheet would run as a formula gets a leading ' (see neutral), unless
// Raw. encoding/csv is not used, because it cannot end records with CRLF and leave the
// line ends inside a cell alone.
type CSV struct {
	// BOM starts the file with a byte order mark, without which Excel takes UTF-8 for the
	// code page of the system. Other programs take the mark for part of the first name.
	BOM bool
	// Raw leaves cells as they are. Only for files that no spreadsheet opens.
	Raw bool
}

// Format implements Exporter.
func (CSV) Format() string { return "csv" }

// Extension implements Exporter.
func (CSV) Extension() string { return ".csv" }

// Write implements Exporter.
func (c CSV) Write(w io.Writer, pages Pages) error {
	var head bytes.Buffer
	if c.BOM {
		head.WriteRune('\uFEFF')
	}
	c.record(&head, "path", "page", "kind", "status", "text", "error_code", "error_message", "language", "translation", "labels")
	if _, err := w.Write(head.Bytes()); err != nil {
		return fmt.Errorf("write head: %w", err)
	}
	return each(pages, func(_ int, p view.Page) error {
		var e view.Error
		if trouble := p.Trouble(); trouble != nil {
			e = *trouble
		}
		var b bytes.Buffer
		c.record(&b, p.Path, strconv.Itoa(p.Page), p.Kind, p.Status, p.Text, e.Code, e.Message,
			languageOf(p), translationOf(p), labelsOf(p))
		_, err := w.Write(b.Bytes())
		return err
	})
}

func (c CSV) record(b *bytes.Buffer, cells ...string) {
	for i, cell := range cells {
		if i > 0 {
			b.WriteByte(',')
		}
		if !c.Raw {
			cell = neutral(cell)
		}
		b.WriteString(quoted(validUTF8(cell)))
	}
	b.WriteString("\r\n")
}

// neutral puts ' before a cell that starts like a formula. Spreadsheets run what follows
// "=", "+", "-", "@" and their full-width forms, and skip a leading tab or line end when
// they look (https://owasp.org/www-community/attacks/CSV_Injection).
func neutral(cell string) string {
	for _, start := range []string{"=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"} {
		if strings.HasPrefix(cell, start) {
			return "'" + cell
		}
	}
	return cell
}

// quoted puts quotes around a cell that needs them. Spaces at the ends need none by the
// RFC, but some readers cut them off.
func quoted(cell string) string {
	if !strings.ContainsAny(cell, "\",\r\n") && strings.TrimSpace(cell) == cell {
		return cell
	}
	return `"` + strings.ReplaceAll(cell, `"`, `""`) + `"`
}
