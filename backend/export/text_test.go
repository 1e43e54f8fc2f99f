package export_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/inkpool/inkpool/backend/export"
	"github.com/inkpool/inkpool/backend/export/exporttest"
	"github.com/inkpool/inkpool/backend/view"
)

var (
	heading = regexp.MustCompile(`(?m)(?:\A|\n)^==> .* <==\n`)
	problem = regexp.MustCompile(`\A\[failed: (.*)\]\n\z`)
)

func TestText(t *testing.T) {
	exporttest.Run(t, export.Text{}, func(out []byte) ([]exporttest.Read, error) {
		if len(out) == 0 {
			return nil, nil
		}
		bodies := heading.Split(string(out), -1)
		switch {
		case len(bodies) > 1 && bodies[0] != "":
			return nil, fmt.Errorf("got %q before the first heading", bodies[0])
		case len(bodies) > 1:
			bodies = bodies[1:]
		}
		var read []exporttest.Read
		for _, body := range bodies {
			if m := problem.FindStringSubmatch(body); m != nil {
				read = append(read, exporttest.Read{Problem: m[1]})
				continue
			}
			if !strings.HasSuffix(body, "\n") {
				return nil, fmt.Errorf("got %q, want a line end", body)
			}
			read = append(read, exporttest.Read{Text: strings.TrimSuffix(body, "\n")})
		}
		return read, nil
	})
	wantGolden(t, export.Text{})
}

func TestTextHeadings(t *testing.T) {
	pdf := func(page int) view.Page {
		p := exporttest.Done("b.pdf", fmt.Sprint("text ", page))
		p.Page = page
		return p
	}
	cases := []struct {
		name  string
		pages []view.Page
		want  string
	}{
		{"one page has none", []view.Page{exporttest.Done("a.png", "text")}, "text\n"},
		{"a later page that is alone has none", []view.Page{pdf(3)}, "text 3\n"},
		{"two files", []view.Page{exporttest.Done("a.png", "a"), exporttest.Done("b.png", "b\n")},
			"==> a.png <==\na\n\n==> b.png <==\nb\n"},
		{"pages of one file", []view.Page{pdf(1), pdf(2)},
			"==> b.pdf, page 1 <==\ntext 1\n\n==> b.pdf, page 2 <==\ntext 2\n"},
		{"a later page of a file", []view.Page{exporttest.Done("a.png", "a"), pdf(2), exporttest.Done("c.png", "c")},
			"==> a.png <==\na\n\n==> b.pdf, page 2 <==\ntext 2\n\n==> c.png <==\nc\n"},
		{"names are shown on one line", []view.Page{exporttest.Done("a\n==> b <==\x1b[2J\u202e墨　\xff", "x"), exporttest.Done("c", "y")},
			"==> a\\n==> b <==\\x1b[2J\\u202e墨　\\xff <==\nx\n\n==> c <==\ny\n"},
	}
	for _, c := range cases {
		if got := written(t, export.Text{}, c.pages...); got != c.want {
			t.Errorf("%s:\ngot\n%s\nwant\n%s", c.name, got, c.want)
		}
	}
}
