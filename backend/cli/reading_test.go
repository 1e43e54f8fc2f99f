package cli

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/pflag"

	"github.com/inkpool/inkpool/backend/inkpool"
)

func TestReadingFlagsGoOverTheSettings(t *testing.T) {
	usual := inkpool.Reading{Pack: "p", Layout: inkpool.LayoutCode, DetectSide: 1280, TextScore: 0.7}
	for name, c := range map[string]struct {
		args []string
		want inkpool.Reading
	}{
		"none": {nil, usual},
		"some": {
			[]string{"--layout=raw", "--ignore=0,0,1,8%", "--ignore=0, 0.9,100%,1", "--source=image", "--upright", "--box-score=0.4"},
			inkpool.Reading{
				Pack: "p", Layout: inkpool.LayoutRaw, Source: inkpool.SourceImage, Upright: true,
				Ignore:     []inkpool.Region{{Right: 1, Bottom: 0.08}, {Top: 0.9, Right: 1, Bottom: 1}},
				DetectSide: 1280, BoxScore: 0.4, TextScore: 0.7,
			},
		},
		"back to the default": {
			[]string{"--detect-side=0", "--text-score=0"},
			inkpool.Reading{Pack: "p", Layout: inkpool.LayoutCode},
		},
	} {
		t.Run(name, func(t *testing.T) {
			var f readingFlags
			set := pflag.NewFlagSet("run", pflag.ContinueOnError)
			f.addFlags(set)
			if err := set.Parse(c.args); err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(c.want, f.over(usual, set)); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

func TestRegionsThatAreNone(t *testing.T) {
	for _, s := range []string{"", "1,2,3", "0,0,1,1,1", "a,0,1,1", "0,0,1,%", "0,0,1,1px"} {
		var r regions
		if err := r.Set(s); inkpool.CodeOf(err) != inkpool.CodeInvalid {
			t.Errorf("%q: got %v, want an error of code %s", s, err, inkpool.CodeInvalid)
		}
	}
}
