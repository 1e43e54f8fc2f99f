package export

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"github.com/inkpool/inkpool/backend/view"
)

// JSON writes one array of view.Page, a page to a line.
type JSON struct{}

// Format implements Exporter.
func (JSON) Format() string { return "json" }

// Extension implements Exporter.
func (JSON) Extension() string { return ".json" }

// Write implements Exporter.
func (JSON) Write(w io.Writer, pages Pages) error {
	opening := "[\n"
	err := each(pages, func(_ int, p view.Page) error {
		line, err := pageJSON(p)
		if err != nil {
			return err
		}
		_, err = w.Write(append([]byte(opening), line...))
		opening = ",\n"
		return err
	})
	if err != nil {
		return err
	}
	closing := "\n]\n"
	if opening == "[\n" {
		closing = "[]\n"
	}
	if _, err := io.WriteString(w, closing); err != nil {
		return fmt.Errorf("write end: %w", err)
	}
	return nil
}

// pageJSON returns a page as one line without its newline. "<" stays "<": the escapes of
// encoding/json are for pages of the web. U+2028 and U+2029 stay escaped, because some
// programs take them for line ends.
func pageJSON(p view.Page) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(p); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}
