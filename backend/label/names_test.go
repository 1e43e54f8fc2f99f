package label_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/label"
)

// namesOf asks a model of as many classes as the answer has for all its labels.
func namesOf(t *testing.T, config, labels string, classes int) ([]string, error) {
	t.Helper()
	f := threeKinds(1, 3, 8, 8)
	f.Outputs[0].Shape = nil
	f.Config = nil
	if config != "" {
		f.Config = []byte(config)
	}
	if labels != "" {
		f.Labels = []byte(labels)
	}
	says := make([]float32, classes)
	for i := range says {
		says[i] = float32(-i) / 10
	}
	l, err := label.NewImage(f, (&speaker{says: says}).load)
	if err != nil {
		return nil, err
	}
	got, err := l.Label(t.Context(), page(), flat(2, 2, [3]uint8{}))
	var names []string
	for _, l := range got {
		names = append(names, l.Name)
	}
	return names, err
}

func TestNames(t *testing.T) {
	for name, c := range map[string]struct{ config, labels, want string }{
		"configuration":           {config: `{"id2label": {"1": "b", "0": "a", "2": "c"}}`, want: "a|b|c"},
		"configuration first":     {config: `{"id2label": {"0": "a", "1": "b"}}`, labels: "x\ny", want: "a|b"},
		"numbered in it":          {config: `{"id2label": {"0": "LABEL_0", "1": "LABEL_1"}}`, labels: "x\ny", want: "x|y"},
		"numbered only":           {config: `{"id2label": {"0": "LABEL_0", "1": "LABEL_1"}}`, want: "LABEL_0|LABEL_1"},
		"numbers for names":       {config: `{"id2label": {"0": 7, "1": 8}}`, want: "7|8"},
		"timm":                    {config: `{"label_names": ["n01440764", "shark"], "label_descriptions": {"n01440764": "tench"}}`, want: "tench|shark"},
		"lines":                   {labels: "tench\ngoldfish", want: "tench|goldfish"},
		"of Windows":              {labels: "\ufefftench\r\ngoldfish\r\n\r\n", want: "tench|goldfish"},
		"WordNet":                 {labels: "n01440764 tench\nn01443537 goldfish", want: "tench|goldfish"},
		"WordNet only":            {labels: "n01440764\nn01443537", want: "n01440764|n01443537"},
		"numbers in front":        {labels: "0 tench\n1: goldfish\n2,shark", want: "tench|goldfish|shark"},
		"numbers that are names":  {labels: "0\n1\n2", want: "0|1|2"},
		"numbers of their own":    {labels: "3 doors\n5 doors", want: "3 doors|5 doors"},
		"the same twice":          {labels: "crane\ncrane\nmaillot", want: "crane|crane|maillot"},
		"JSON list":               {labels: `["tench", "goldfish"]`, want: "tench|goldfish"},
		"JSON by number":          {labels: `{"1": "goldfish", "0": "tench"}`, want: "tench|goldfish"},
		"JSON by name":            {labels: `{"goldfish": 1, "tench": 0}`, want: "tench|goldfish"},
		"Keras":                   {labels: `{"0": ["n01440764", "tench"], "1": ["n01443537", "goldfish"]}`, want: "tench|goldfish"},
		"with one for background": {labels: "background\ntench\ngoldfish", want: "background|tench|goldfish"},
	} {
		t.Run(name, func(t *testing.T) {
			want := strings.Split(c.want, "|")
			got, err := namesOf(t, c.config, c.labels, len(want))
			if err != nil || !slices.Equal(got, want) {
				t.Errorf("got %q, %v; want %q", got, err, want)
			}
		})
	}
}

// ImageNet's lists have 1000 names or, with the background, 1001, and so have its models.
func TestNamesOfTheBackground(t *testing.T) {
	var list strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&list, "name %d\n", i)
	}
	for _, c := range []struct {
		labels  string
		classes int
		want    string
	}{
		{"background\n" + list.String(), 1000, "name 0"},
		{list.String(), 1001, "background"},
		{"background\n" + list.String(), 1001, "background"},
	} {
		got, err := namesOf(t, "", c.labels, c.classes)
		if err != nil || got[0] != c.want {
			t.Errorf("%d classes: got %q, %v; want %q first", c.classes, got, err, c.want)
		}
	}
}

func TestNamesThatAreWrong(t *testing.T) {
	for name, c := range map[string]struct {
		config, labels string
		want           inkpool.Code
		says           string
	}{
		"a gap":             {config: `{"id2label": {"0": "a", "2": "c"}}`, want: inkpool.CodeModelCorrupt, says: "there is a 2"},
		"below 0":           {config: `{"id2label": {"-1": "a"}}`, want: inkpool.CodeModelCorrupt, says: `"-1"`},
		"no number":         {config: `{"id2label": {"zero": "a"}}`, want: inkpool.CodeModelCorrupt, says: `"zero"`},
		"one number twice":  {config: `{"id2label": {"0": "a", "00": "b"}}`, want: inkpool.CodeModelCorrupt, says: "number 0"},
		"no names":          {config: `{"id2label": {}}`, want: inkpool.CodeModelCorrupt, says: "0 labels"},
		"an object":         {config: `{"id2label": {"0": {}}}`, want: inkpool.CodeModelCorrupt, says: "no name"},
		"a list":            {config: `{"id2label": ["a"]}`, want: inkpool.CodeModelCorrupt, says: "right form"},
		"an empty name":     {config: `{"id2label": {"0": " "}}`, want: inkpool.CodeModelCorrupt, says: "label 0"},
		"an endless name":   {labels: strings.Repeat("a", 2000), want: inkpool.CodeModelCorrupt, says: "2000 bytes"},
		"too many":          {labels: strings.Repeat("a\n", 200_000), want: inkpool.CodeModelCorrupt, says: "200000 labels"},
		"an empty list":     {config: `{"label_names": []}`, want: inkpool.CodeModelCorrupt, says: "0 labels"},
		"a list by name":    {labels: `{"tench": 0, "goldfish": 0}`, want: inkpool.CodeModelCorrupt, says: "number 0"},
		"almost JSON":       {labels: `{0: 'tench'}`, want: inkpool.CodeModelCorrupt, says: "JSON"},
		"no text":           {labels: "\xff\xfe", want: inkpool.CodeModelCorrupt, says: "UTF-8"},
		"blank":             {labels: "\n\n", want: inkpool.CodeModelCorrupt, says: "0 labels"},
		"too few":           {labels: "a\nb", want: inkpool.CodeUnsupportedFormat, says: "3 classes apart, and 2"},
		"nothing at all":    {want: inkpool.CodeUnsupportedFormat, says: "nothing names"},
		"nothing in config": {config: `{"model_type": "vit"}`, want: inkpool.CodeUnsupportedFormat, says: "nothing names"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := namesOf(t, c.config, c.labels, 3)
			wantCode(t, err, c.want)
			if e := inkpool.AsError(err); err != nil && !strings.Contains(e.Message, c.says) {
				t.Errorf("got %q, %q; want something of %q", got, e.Message, c.says)
			}
		})
	}
}

// FuzzImageFiles: whatever files say, a labeler comes out of them that works, or an error that
// names the file or the reason.
func FuzzImageFiles(f *testing.F) {
	f.Add([]byte(`{"id2label": {"0": "a", "1": "b", "2": "c"}}`), []byte(`{"size": {"height": 8, "width": 8}}`), []byte(nil))
	f.Add([]byte(`{"pretrained_cfg": {"input_size": [3, 8, 8], "crop_pct": 0.9}}`), []byte(nil), []byte("a\nb\nc"))
	f.Add([]byte(nil), []byte(`{"size": 9, "crop_pct": 0.9, "do_center_crop": true, "crop_size": [8, 8], "resample": 3}`), []byte(`{"0": ["n", "a"]}`))
	f.Fuzz(func(t *testing.T, config, preprocessor, labels []byte) {
		files := threeKinds(-1, 3, -1, -1)
		files.Config, files.Preprocessor, files.Labels = nilIfEmpty(config), nilIfEmpty(preprocessor), nilIfEmpty(labels)
		l, err := label.NewImage(files, (&speaker{says: []float32{1, 2, 3}}).load)
		if err == nil {
			_, err = l.Label(t.Context(), page(), flat(300, 2, [3]uint8{1, 2, 3}))
		}
		switch inkpool.CodeOf(err) {
		case "", inkpool.CodeModelCorrupt, inkpool.CodeUnsupportedFormat:
		default:
			t.Errorf("got %v", err)
		}
	})
}

func nilIfEmpty(data []byte) []byte {
	if len(bytes.TrimSpace(data)) == 0 {
		return nil
	}
	return data
}
