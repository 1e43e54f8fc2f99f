package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/inkpool/inkpool/backend/raster"
	"github.com/inkpool/inkpool/backend/score"
)

// evilText is what a picture may say.
const evilText = `<script>alert("1")</script> & 'co'`

// reportOf evaluates two pages, one with a picture, as read by Inkpool and by a peer, and
// returns the HTML report.
func reportOf(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := writePNG(filepath.Join(dir, "page.png"), raster.New(1000, 100)); err != nil {
		t.Fatal(err)
	}
	c := collection{name: "data", dir: dir, pages: []score.Page{
		{File: "page.png", Set: "s", Lang: "en", Tags: []string{"<b>tag"}, Text: evilText + "\nfirst line\nsecond line"},
		{File: "gone.png", Set: "s", Text: "never seen"},
		{File: "perfect.png", Set: "s", Text: "perfect"},
	}}
	ours := `{"path":"page.png","page":1,"width":1000,"height":100,"text":"second line\nfirst lime","lines":[
		{"quad":[[10.4,20],[500,20],[500,60],[10,60]]},{"quad":[[10,120],[500,120],[500,160],[10,160]]}]}`
	outputs := []recorded{
		recordedAs(t, "inkpool", strings.ReplaceAll(ours, "\n", "")+"\n"+`{"path":"perfect.png","text":"perfect"}`),
		recordedAs(t, "peer", fmt.Sprintf(`{"path":"page.png","text":%q}`, "first line\nsecond line\n"+evilText)),
	}
	r, err := measure(t.Context(), c, []reader{outputs[0], outputs[1]}, nil)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "folder", "report.html")
	if err := writeHTML(t.Context(), file, []result{r}); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func recordedAs(t *testing.T, name, output string) recorded {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(output), 0o644); err != nil {
		t.Fatal(err)
	}
	r, err := readRecord(record{name, file})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestHTMLReport(t *testing.T) {
	html := reportOf(t)
	for name, tt := range map[string]struct {
		pattern string
		want    int
	}{
		"pages that were not read perfectly": {`<article>`, 2},
		"the picture, made smaller":          {`<image href="data:image/jpeg;base64,[A-Za-z0-9/=&#;]+" width="1000" height="100"`, 1},
		"lines":                              {`<polygon points="10,20 500,20 500,60 10,60"/><text x="10.4" y="20" font-size="23">1</text>`, 1},
		"numbers of lines":                   {`</text>`, 2},
		"a wrong character":                  {`first li<mark class="wrong" title="n">m</mark>e`, 1},
		"what went wrong":                    {`Lines are in another order\. <span class="soft">[0-9.]+ points</span>`, 1},
		"nothing read":                       {`Nothing was read\.`, 1},
		"the best peer":                      {`<h4>peer</h4>`, 2},
		"groups in which the peer is better": {`<tr class="behind"><td>&lt;b&gt;tag</td>`, 1},
		"text that looks like HTML":          {`&lt;script&gt;alert\(&#34;1&#34;\)&lt;/script&gt; &amp; &#39;co&#39;`, 1},
	} {
		if got := len(regexp.MustCompile(tt.pattern).FindAllString(html, -1)); got != tt.want {
			t.Errorf("%s: got %d of %s, want %d", name, got, tt.pattern, tt.want)
		}
	}
}

// TestHTMLReportNeedsNothingElse guards that the report runs no script and loads nothing.
func TestHTMLReportNeedsNothingElse(t *testing.T) {
	html := reportOf(t)
	if !strings.Contains(html, `content="default-src 'none'; img-src data:; style-src 'unsafe-inline'"`) {
		t.Error("got no policy that forbids to load anything")
	}
	for _, pattern := range []string{`<script`, `<link`, `<iframe`, `@import`, `url\(`, `\ssrc=`, `href="[^d]`, `https?://`, `ZgotmplZ`} {
		if found := regexp.MustCompile(pattern).FindString(html); found != "" {
			t.Errorf("got %q in the report", found)
		}
	}
}

func TestTurned(t *testing.T) {
	im := raster.New(3, 2)
	im.Set(0, 0, raster.RGB{255, 0, 0})
	for _, tt := range []struct{ degrees, width, x, y int }{
		{0, 3, 0, 0}, {90, 2, 1, 0}, {180, 3, 2, 1}, {270, 2, 0, 2},
	} {
		got := turned(im, tt.degrees)
		if got.Width != tt.width || got.At(tt.x, tt.y) != (raster.RGB{255, 0, 0}) {
			t.Errorf("%d degrees: got a picture %d wide with another colour at %d, %d", tt.degrees, got.Width, tt.x, tt.y)
		}
	}
}
