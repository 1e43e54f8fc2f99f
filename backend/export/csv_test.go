package export_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/inkpool/inkpool/backend/export"
	"github.com/inkpool/inkpool/backend/export/exporttest"
)

func TestCSV(t *testing.T) {
	exporttest.Run(t, export.CSV{}, func(out []byte) ([]exporttest.Read, error) {
		records, err := csv.NewReader(bytes.NewReader(out)).ReadAll()
		if err != nil {
			return nil, err
		}
		head := []string{"path", "page", "kind", "status", "text", "error_code", "error_message", "language", "translation", "labels"}
		if len(records) == 0 || !cmp.Equal(records[0], head) {
			return nil, fmt.Errorf("got %q, want it to start with the columns", records)
		}
		var read []exporttest.Read
		for _, r := range records[1:] {
			read = append(read, exporttest.Read{Text: strings.TrimPrefix(r[4], "'"), Problem: r[6]})
		}
		return read, nil
	})
	wantGolden(t, export.CSV{})
}

func TestCSVFormulas(t *testing.T) {
	cases := []struct{ text, safe, raw string }{
		{"=1", "'=1", "=1"},
		{"+1", "'+1", "+1"},
		{"-1", "'-1", "-1"},
		{"@a", "'@a", "@a"},
		{"\ta", "'\ta", "\"\ta\""},
		{"\ra", "\"'\ra\"", "\"\ra\""},
		{"\na", "\"'\na\"", "\"\na\""},
		{"＝1", "'＝1", "＝1"},
		{"＋1", "'＋1", "＋1"},
		{"－1", "'－1", "－1"},
		{"＠a", "'＠a", "＠a"},
		{`="x"`, `"'=""x"""`, `"=""x"""`},
		{"1=1", "1=1", "1=1"},
		{"'1", "'1", "'1"},
		{"", "", ""},
	}
	for _, c := range cases {
		for _, v := range []struct {
			e    export.CSV
			want string
		}{{export.CSV{}, c.safe}, {export.CSV{Raw: true}, c.raw}} {
			page := exporttest.Done(c.text, c.text)
			page.Error = exporttest.Failed("", c.text).Error
			_, got, _ := strings.Cut(written(t, v.e, page), "\r\n")
			want := fmt.Sprintf("%s,1,image,done,%[1]s,too_large,%[1]s,,,\r\n", v.want)
			if got != want {
				t.Errorf("%q, raw %v: got %q, want %q", c.text, v.e.Raw, got, want)
			}
		}
	}
}

func TestCSVLineEnds(t *testing.T) {
	got := written(t, export.CSV{}, exporttest.Done("a", "one\ntwo\r\nthree"))
	want := "path,page,kind,status,text,error_code,error_message,language,translation,labels\r\na,1,image,done,\"one\ntwo\r\nthree\",,,,,\r\n"
	if got != want {
		t.Errorf("got %q, want %q: CRLF after records, text as it is", got, want)
	}
}

func TestCSVByteOrderMark(t *testing.T) {
	for _, bom := range []bool{false, true} {
		got := written(t, export.CSV{BOM: bom})
		if strings.HasPrefix(got, "\uFEFFpath") != bom {
			t.Errorf("BOM %v: got %q", bom, got)
		}
	}
}

// FuzzCSV reads back what any text and name become.
func FuzzCSV(f *testing.F) {
	for _, s := range []string{"", "a", `"`, "a,b", "\r", "\r\n", "\n\n", " a ", "=1", "\xff", "\x00", "\uFEFF", "''"} {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, path, text string) {
		records, err := csv.NewReader(strings.NewReader(written(t, export.CSV{Raw: true}, exporttest.Done(path, text)))).ReadAll()
		if err != nil || len(records) != 2 || len(records[1]) != 10 {
			t.Fatalf("got records %q (%v), want two of ten cells", records, err)
		}
		// encoding/csv reads CRLF inside a cell as LF.
		read := func(s string) string {
			return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\r\n", "\n")
		}
		if got := records[1]; got[0] != read(path) || got[4] != read(text) {
			t.Errorf("got path %q, text %q, want %q and %q", got[0], got[4], read(path), read(text))
		}
	})
}
