package label_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/inkpool/inkpool/backend/infer"
	"github.com/inkpool/inkpool/backend/infer/infertest"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/label"
	"github.com/inkpool/inkpool/backend/modelpack/packtest"
	"github.com/inkpool/inkpool/backend/pool"
	"github.com/inkpool/inkpool/backend/raster"
)

// Types of ONNX's tensors.
const (
	float32s = 1
	uint8s   = 2
	int32s   = 6
	int64s   = 7
	texts    = 8
	float16s = 10
)

// speaker is a model that says the same of everything, and remembers what it was given.
type speaker struct {
	says    []float32
	heard   [][]infer.Tensor
	inputs  []string
	outputs []string
}

func (s *speaker) load(inputs, outputs []string) (infer.Session, error) {
	s.inputs, s.outputs = inputs, outputs
	return &infertest.Session{Func: func(_ context.Context, in, out []infer.Tensor) error {
		s.heard = append(s.heard, in)
		out[0] = infer.NewTensor(s.says, 1, int64(len(s.says)))
		return nil
	}}, nil
}

// threeKinds are the files of a model of pictures that tells cats from dogs and cups.
func threeKinds(input ...int64) label.Files {
	return label.Files{
		Inputs:  []label.Value{{Name: "pixel_values", Type: float32s, Shape: input}},
		Outputs: []label.Value{{Name: "logits", Type: float32s, Shape: []int64{-1, 3}}},
		Config:  []byte(`{"id2label": {"0": "cat", "2": "cup", "1": "dog"}}`),
	}
}

// flat is a picture of one colour.
func flat(w, h int, c raster.RGB) *raster.Image {
	im := raster.New(w, h)
	im.Fill(c)
	return im
}

// numbered is a picture whose pixels say where they are: column in red, row in green.
func numbered(w, h int) *raster.Image {
	im := raster.New(w, h)
	for y := range h {
		for x := range w {
			im.Set(x, y, raster.RGB{uint8(x), uint8(y), 0})
		}
	}
	return im
}

func mustImage(t testing.TB, f label.Files, load label.Load) *label.Image {
	t.Helper()
	l, err := label.NewImage(f, load)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// show writes labels as "dog 0.70, cat 0.20".
func show(labels []inkpool.Label) string {
	var parts []string
	for _, l := range labels {
		parts = append(parts, fmt.Sprintf("%s %.2f", l.Name, l.Score))
	}
	return strings.Join(parts, ", ")
}

func TestImageLabels(t *testing.T) {
	logs := []float32{float32(math.Log(0.2)), float32(math.Log(0.7)), float32(math.Log(0.1))}
	for name, c := range map[string]struct {
		config, output string
		says           []float32
		want           string
	}{
		"logits":                     {says: []float32{logs[0] + 3, logs[1] + 3, logs[2] + 3}, want: "dog 0.70, cat 0.20, cup 0.10"},
		"logarithms":                 {says: logs, want: "dog 0.70, cat 0.20, cup 0.10"},
		"probabilities":              {says: []float32{0.2, 0.7, 0.1}, want: "dog 0.70, cat 0.20, cup 0.10"},
		"certain":                    {says: []float32{0, 1, 0}, want: "dog 1.00"},
		"large":                      {says: []float32{1e30, -1e30, 0}, want: "cat 1.00"},
		"several apply":              {config: `"problem_type": "multi_label_classification"`, says: []float32{2, -3, 1}, want: "cat 0.88, cup 0.73"},
		"none applies":               {config: `"problem_type": "multi_label_classification"`, says: []float32{-1, -3, -2}, want: "cat 0.27"},
		"none by far":                {config: `"problem_type": "multi_label_classification"`, says: []float32{-6, -7, -8}},
		"several, already":           {config: `"problem_type": "multi_label_classification"`, output: "probabilities", says: []float32{0.9, 0.2, 0.6}, want: "cat 0.90, cup 0.60"},
		"applies as it says":         {config: `"function_to_apply": "sigmoid"`, says: []float32{0, 2, -3}, want: "dog 0.88, cat 0.50"},
		"says as it is":              {config: `"function_to_apply": "none"`, says: []float32{0.9, 2.5, -3}, want: "dog 2.50, cat 0.90"},
		"one in front for no object": {says: []float32{9, 0, 0, 8}, want: ""},
	} {
		t.Run(name, func(t *testing.T) {
			f := threeKinds(-1, 3, 8, 8)
			if c.config != "" {
				f.Config = []byte(`{` + c.config + `, "id2label": {"0": "cat", "1": "dog", "2": "cup"}}`)
			}
			f.Outputs[0] = label.Value{Name: cmp.Or(c.output, "logits"), Type: float32s}
			l := mustImage(t, f, (&speaker{says: c.says}).load)
			got, err := l.Label(t.Context(), page(), flat(4, 4, raster.RGB{}))
			if len(c.says) != 3 {
				wantCode(t, err, inkpool.CodeUnsupportedFormat)
				return
			}
			if err != nil || show(got) != c.want {
				t.Errorf("got %s, %v; want %s", show(got), err, c.want)
			}
		})
	}
}

// At most five of what a model tells apart are shown, and none below a hundredth.
func TestImageShowsAFewLabels(t *testing.T) {
	f := threeKinds(1, 3, 8, 8)
	f.Config, f.Labels = nil, []byte("a\nb\nc\nd\ne\nf\ng\n")
	f.Outputs[0].Shape = []int64{1, 7}
	for _, c := range []struct {
		says []float32
		want string
	}{
		{[]float32{0.1, 0.1, 0.2, 0.1, 0.1, 0.3, 0.1}, "f 0.30, c 0.20, a 0.10, b 0.10, d 0.10"},
		{[]float32{0.95, 0.008, 0.008, 0.004, 0.02, 0.005, 0.005}, "a 0.95, e 0.02"},
	} {
		l := mustImage(t, f, (&speaker{says: c.says}).load)
		if got, err := l.Label(t.Context(), page(), flat(4, 4, raster.RGB{})); err != nil || show(got) != c.want {
			t.Errorf("got %s, %v; want %s", show(got), err, c.want)
		}
	}
}

// heard is the one input that a model is given for a picture.
func heard(t *testing.T, f label.Files, im *raster.Image) infer.Tensor {
	t.Helper()
	s := &speaker{says: []float32{1, 2, 3}}
	l := mustImage(t, f, s.load)
	if _, err := l.Label(t.Context(), page(), im); err != nil {
		t.Fatal(err)
	}
	return s.heard[0][0]
}

// What becomes of one colour, as transformers computes it.
func TestImageValues(t *testing.T) {
	const sized = `"size": {"height": 2, "width": 2}`
	colour := raster.RGB{255, 0, 51} // 1, 0 and 0.2 when divided by 255
	for name, c := range map[string]struct {
		preprocessor string
		shape        []int64
		want         [3]float32
	}{
		"usual":             {sized, nil, [3]float32{1, -1, -0.6}},
		"own numbers":       {sized + `, "image_mean": [0.5, 0.25, 0], "image_std": [0.25, 0.5, 1]`, nil, [3]float32{2, -0.5, 0.2}},
		"one number":        {sized + `, "image_mean": 0, "image_std": [0.1]`, nil, [3]float32{10, 0, 2}},
		"not normalised":    {sized + `, "do_normalize": false`, nil, [3]float32{1, 0, 0.2}},
		"not scaled":        {sized + `, "do_normalize": false, "do_rescale": false`, nil, [3]float32{255, 0, 51}},
		"own factor":        {sized + `, "do_normalize": false, "rescale_factor": 0.01`, nil, [3]float32{2.55, 0, 0.51}},
		"from -1":           {sized + `, "do_normalize": false, "rescale_factor": 0.00784313725490196, "rescale_offset": true`, nil, [3]float32{1, -1, -0.6}},
		"divided twice":     {sized + `, "include_top": true`, nil, [3]float32{2, -2, -1.2}},
		"blue first":        {sized + `, "do_normalize": false, "do_flip_channel_order": true`, nil, [3]float32{0.2, 0, 1}},
		"channels last":     {sized, []int64{-1, -1, -1, 3}, [3]float32{1, -1, -0.6}},
		"null is missing":   {`"size": null, "image_mean": null, "do_resize": null, "resample": null, "crop_pct": null`, nil, [3]float32{1, -1, -0.6}},
		"an older exporter": {`"size": 2, "feature_extractor_type": "ViTFeatureExtractor"`, nil, [3]float32{1, -1, -0.6}},
	} {
		t.Run(name, func(t *testing.T) {
			f := threeKinds(-1, -1, -1, -1)
			f.Preprocessor = []byte("{" + c.preprocessor + "}")
			if c.shape != nil {
				f.Inputs[0].Shape = c.shape
			}
			in := heard(t, f, flat(3, 2, colour))
			n := len(in.Data) / 3
			for k, want := range c.want {
				got := in.Data[k*n]
				if c.shape != nil {
					got = in.Data[k]
				}
				if math.Abs(float64(got-want)) > 1e-5 {
					t.Errorf("channel %d: got %v, want %v", k, got, want)
				}
			}
		})
	}
}

// Where pixels go: each picture says by its values where they come from.
func TestImagePlaces(t *testing.T) {
	const plain = `, "resample": 0, "do_normalize": false, "do_rescale": false`
	for name, c := range map[string]struct {
		preprocessor  string
		width, height int       // of the picture
		want          [2]int64  // height and width of the input
		corners       [2][2]int // column and row of what is at the top left and at the bottom right
	}{
		"as it is":           {`"do_resize": false`, 6, 4, [2]int64{4, 6}, [2][2]int{{0, 0}, {5, 3}}},
		"squeezed":           {`"size": {"height": 2, "width": 4}`, 8, 8, [2]int64{2, 4}, [2][2]int{{1, 2}, {7, 6}}},
		"height comes first": {`"size": [2, 4]`, 8, 8, [2]int64{2, 4}, [2][2]int{{1, 2}, {7, 6}}},
		"shorter side":       {`"size": {"shortest_edge": 4}`, 12, 8, [2]int64{4, 6}, [2][2]int{{1, 1}, {11, 7}}},
		"number, all sides":  {`"size": 4`, 12, 8, [2]int64{4, 4}, [2][2]int{{1, 1}, {10, 7}}},
		"number, short side": {`"size": 4, "feature_extractor_type": "CLIPFeatureExtractor"`, 12, 8, [2]int64{4, 6}, [2][2]int{{1, 1}, {11, 7}}},
		"middle":             {`"size": {"shortest_edge": 8}, "do_center_crop": true, "crop_size": {"height": 4, "width": 6}`, 12, 8, [2]int64{4, 6}, [2][2]int{{3, 2}, {8, 5}}},
		"odd middle":         {`"do_resize": false, "do_center_crop": true, "crop_size": 4`, 9, 7, [2]int64{4, 4}, [2][2]int{{2, 1}, {5, 4}}},
		"share":              {`"size": {"shortest_edge": 6}, "crop_pct": 0.75`, 8, 8, [2]int64{6, 6}, [2][2]int{{1, 1}, {6, 6}}},
		"share of a crop":    {`"size": {"height": 6, "width": 6}, "crop_pct": 0.75, "do_center_crop": true, "crop_size": 4`, 8, 16, [2]int64{4, 4}, [2][2]int{{2, 6}, {5, 9}}},
		"ConvNeXt":           {`"size": {"shortest_edge": 7}, "image_processor_type": "ConvNextImageProcessor"`, 8, 8, [2]int64{7, 7}, [2][2]int{{0, 0}, {6, 6}}},
		"Levit":              {`"size": 7, "feature_extractor_type": "LevitFeatureExtractor"`, 8, 8, [2]int64{8, 8}, [2][2]int{{0, 0}, {7, 7}}},
	} {
		t.Run(name, func(t *testing.T) {
			f := threeKinds(-1, 3, -1, -1)
			f.Preprocessor = []byte("{" + c.preprocessor + plain + "}")
			in := heard(t, f, numbered(c.width, c.height))
			if got := [2]int64(in.Shape[2:]); got != c.want {
				t.Fatalf("got %v, want %v", got, c.want)
			}
			n := len(in.Data) / 3
			got := [2][2]int{{int(in.Data[0]), int(in.Data[n])}, {int(in.Data[n-1]), int(in.Data[2*n-1])}}
			if got != c.corners {
				t.Errorf("got the corners %v, want %v", got, c.corners)
			}
		})
	}
}

// What is smaller than the input gets a black margin.
func TestImageSmallerThanItsCrop(t *testing.T) {
	f := threeKinds(-1, 3, -1, -1)
	f.Preprocessor = []byte(`{"do_resize": false, "do_center_crop": true, "crop_size": 4, "do_normalize": false, "do_rescale": false}`)
	in := heard(t, f, flat(3, 2, raster.RGB{9, 9, 9}))
	want := []float32{0, 0, 0, 0, 0, 9, 9, 9, 0, 9, 9, 9, 0, 0, 0, 0}
	if got := in.Data[:16]; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// A picture of a few pixels' height and any length costs no more than others.
func TestImageOfExtremeShape(t *testing.T) {
	f := threeKinds(-1, 3, -1, -1)
	f.Preprocessor = []byte(`{"size": {"shortest_edge": 1000}}`)
	in := heard(t, f, flat(100_000, 1, raster.RGB{}))
	if in.Shape[2] != 1000 || in.Shape[3] != 2048 {
		t.Errorf("got %v, want 1000 x 2048 of the middle", in.Shape)
	}
}

// Without a word about it, pictures are cut as for ImageNet, and seen as a whole too.
func TestImageConvention(t *testing.T) {
	white, red := raster.RGB{255, 255, 255}, raster.RGB{255, 0, 0}
	near := func(t *testing.T, got, want float32) {
		t.Helper()
		if math.Abs(float64(got-want)) > 1e-3 {
			t.Errorf("got %v, want %v", got, want)
		}
	}
	t.Run("planes", func(t *testing.T) {
		s := &speaker{says: []float32{1, 2, 3}}
		if _, err := mustImage(t, threeKinds(1, 3, 112, 112), s.load).Label(t.Context(), page(), flat(256, 128, white)); err != nil {
			t.Fatal(err)
		}
		if len(s.heard) != 2 {
			t.Fatalf("got %d views, want 2", len(s.heard))
		}
		in := s.heard[0][0]
		n := len(in.Data) / 3
		near(t, in.Data[0], (1-0.485)/0.229)
		near(t, in.Data[n], (1-0.456)/0.224)
		near(t, in.Data[2*n], (1-0.406)/0.225)
	})
	t.Run("pixels", func(t *testing.T) {
		in := heard(t, threeKinds(-1, 8, 8, 3), flat(8, 8, red))
		near(t, in.Data[0], 1)
		near(t, in.Data[1], -1)
	})
	t.Run("grey", func(t *testing.T) {
		in := heard(t, threeKinds(-1, 1, 8, 8), flat(8, 8, red))
		near(t, in.Data[0], 76.0/255) // Pillow's luma of red
	})
	t.Run("open sizes", func(t *testing.T) {
		if in := heard(t, threeKinds(-1, -1, -1, -1), flat(8, 8, red)); !slices.Equal(in.Shape, []int64{1, 3, 224, 224}) {
			t.Errorf("got %v", in.Shape)
		}
	})
	t.Run("middle and whole", func(t *testing.T) {
		s := &speaker{says: []float32{1, 2, 3}}
		im := flat(512, 256, white)
		for y := range im.Height { // the edges are not in the middle
			im.Set(0, y, red)
			im.Set(511, y, red)
		}
		if _, err := mustImage(t, threeKinds(1, 3, 224, 224), s.load).Label(t.Context(), page(), im); err != nil {
			t.Fatal(err)
		}
		green := func(in infer.Tensor) float32 { return in.Data[len(in.Data)/3] }
		near(t, green(s.heard[0][0]), (1-0.456)/0.224)
		if got := green(s.heard[1][0]); got > 2 {
			t.Errorf("got %v at the edge of the whole picture, want red in it", got)
		}
	})
}

func TestImageOfTimm(t *testing.T) {
	f := threeKinds(-1, 3, -1, -1)
	f.Config = []byte(`{"id2label": {"0": "a", "1": "b", "2": "c"}, "pretrained_cfg": {"input_size": [3, 6, 6],
		"interpolation": "nearest", "crop_pct": 0.75, "crop_mode": "center", "mean": [0, 0, 0], "std": [1, 1, 1]}}`)
	in := heard(t, f, numbered(8, 8))
	if !slices.Equal(in.Shape, []int64{1, 3, 6, 6}) || in.Data[0] != 1.0/255 {
		t.Errorf("got %v from %v on", in.Shape, in.Data[0])
	}
}

func TestImageAsksForItsInputAndOutput(t *testing.T) {
	f := threeKinds(-1, 3, 8, 8)
	f.Outputs = []label.Value{{Name: "last_hidden_state", Type: float32s, Shape: []int64{1, 50, 768}}, {Name: "logits", Type: float32s, Shape: []int64{1, 3}}}
	s := &speaker{says: []float32{1, 2, 3}}
	mustImage(t, f, s.load)
	if !slices.Equal(s.inputs, []string{"pixel_values"}) || !slices.Equal(s.outputs, []string{"logits"}) {
		t.Errorf("got %q to %q", s.inputs, s.outputs)
	}
}

func TestImageRefuses(t *testing.T) {
	bad := func(change func(f *label.Files)) label.Files {
		f := threeKinds(-1, 3, 8, 8)
		change(&f)
		return f
	}
	input := func(shape ...int64) func(*label.Files) {
		return func(f *label.Files) { f.Inputs[0].Shape = shape }
	}
	typed := func(kind int64) func(*label.Files) { return func(f *label.Files) { f.Inputs[0].Type = kind } }
	output := func(v ...label.Value) func(*label.Files) { return func(f *label.Files) { f.Outputs = v } }
	preprocessor := func(s string) func(*label.Files) { return func(f *label.Files) { f.Preprocessor = []byte(s) } }
	for name, c := range map[string]struct {
		change func(*label.Files)
		want   inkpool.Code
		says   string
	}{
		"a vector":            {input(-1, 784), inkpool.CodeUnsupportedFormat, "one picture"},
		"texts":               {typed(texts), inkpool.CodeUnsupportedFormat, "no pictures"},
		"ids":                 {typed(int64s), inkpool.CodeUnsupportedFormat, "no pictures"},
		"bytes":               {typed(uint8s), inkpool.CodeUnsupportedFormat, "in a form"},
		"half precision":      {typed(float16s), inkpool.CodeUnsupportedFormat, "in a form"},
		"batches":             {input(32, 3, 8, 8), inkpool.CodeUnsupportedFormat, "one picture"},
		"five colours":        {input(1, 5, 8, 8), inkpool.CodeUnsupportedFormat, "in colour or in grey"},
		"huge":                {input(1, 3, 1<<40, 1<<40), inkpool.CodeUnsupportedFormat, "pixels"},
		"two inputs":          {func(f *label.Files) { f.Inputs = append(f.Inputs, f.Inputs[0]) }, inkpool.CodeUnsupportedFormat, "2 inputs"},
		"a sequence of maps":  {output(label.Value{Name: "output_probability"}), inkpool.CodeUnsupportedFormat, "tables by name"},
		"two outputs":         {output(label.Value{Name: "a", Type: 1}, label.Value{Name: "b", Type: 1}), inkpool.CodeUnsupportedFormat, "2 things"},
		"no names":            {func(f *label.Files) { f.Config = nil }, inkpool.CodeUnsupportedFormat, "nothing names"},
		"too few names":       {output(label.Value{Name: "logits", Type: 1, Shape: []int64{1, 4}}), inkpool.CodeUnsupportedFormat, "4 classes"},
		"endless classes":     {output(label.Value{Name: "logits", Type: 1, Shape: []int64{1, 1 << 40, 1 << 40}}), inkpool.CodeUnsupportedFormat, "classes"},
		"no configuration":    {func(f *label.Files) { f.Config = []byte("<html>") }, inkpool.CodeModelCorrupt, "config.json"},
		"another size":        {preprocessor(`{"size": {"height": 9, "width": 9}}`), inkpool.CodeModelCorrupt, "9 x 9"},
		"no JSON":             {preprocessor(`{`), inkpool.CodeModelCorrupt, "preprocessor_config.json"},
		"gigantic":            {preprocessor(`{"size": 1000000000}`), inkpool.CodeModelCorrupt, "1000000000 pixels"},
		"gigantic crop":       {preprocessor(`{"do_center_crop": true, "crop_size": {"height": 8, "width": 99999}}`), inkpool.CodeModelCorrupt, "99999 pixels"},
		"less than nothing":   {preprocessor(`{"size": -8}`), inkpool.CodeModelCorrupt, "-8 pixels"},
		"no size":             {preprocessor(`{"size": {"longest_edge": 8}}`), inkpool.CodeModelCorrupt, "no size"},
		"nothing of it":       {preprocessor(`{"size": 8, "crop_pct": 0}`), inkpool.CodeModelCorrupt, "cropped"},
		"no such filter":      {preprocessor(`{"size": 8, "resample": 17}`), inkpool.CodeModelCorrupt, "filter 17"},
		"division by nothing": {preprocessor(`{"size": 8, "image_std": [1, 0, 1]}`), inkpool.CodeModelCorrupt, "deviation 0"},
		"no number":           {preprocessor(`{"size": 8, "image_mean": ["NaN", 0, 0]}`), inkpool.CodeModelCorrupt, "each colour"},
		"beyond numbers":      {preprocessor(`{"size": 8, "rescale_factor": 1e300}`), inkpool.CodeModelCorrupt, "no values"},
		"two numbers":         {preprocessor(`{"size": 8, "image_mean": [0, 0]}`), inkpool.CodeModelCorrupt, "each colour"},
		"ids of colours":      {preprocessor(`{"size": 8, "clusters": [[0, 0, 0]]}`), inkpool.CodeUnsupportedFormat, "ids of colours"},
	} {
		t.Run(name, func(t *testing.T) {
			loaded := false
			_, err := label.NewImage(bad(c.change), func(_, _ []string) (infer.Session, error) {
				loaded = true
				return nil, errors.New("loaded")
			})
			wantCode(t, err, c.want)
			if e := inkpool.AsError(err); loaded || !strings.Contains(e.Message, c.says) {
				t.Errorf("got %q, loaded %v; want something of %q before loading", e.Message, loaded, c.says)
			}
		})
	}
}

func TestImageOfAModelThatComputesNoNumbers(t *testing.T) {
	for name, says := range map[string][]float32{"nothing": {}, "not a number": {1, float32(math.NaN()), 0}, "infinite": {1, float32(math.Inf(1)), 0}} {
		l := mustImage(t, threeKinds(1, 3, 8, 8), (&speaker{says: says}).load)
		if err := l.WarmUp(t.Context(), page()); inkpool.CodeOf(err) != inkpool.CodeModelCorrupt {
			t.Errorf("%s: got %v, want %q", name, err, inkpool.CodeModelCorrupt)
		}
	}
}

func TestImageHoldsASlot(t *testing.T) {
	slots := pool.New(1)
	busy := 0
	load := func(_, _ []string) (infer.Session, error) {
		return &infertest.Session{Func: func(_ context.Context, _, out []infer.Tensor) error {
			busy += slots.Busy()
			out[0] = infer.NewTensor([]float32{1, 2, 3}, 1, 3)
			return nil
		}}, nil
	}
	l := mustImage(t, threeKinds(1, 3, 8, 8), load)
	if _, err := l.Label(t.Context(), slots.Page(pool.Request{Kind: pool.Labelling}), flat(9, 9, raster.RGB{})); err != nil {
		t.Fatal(err)
	}
	if busy != 2 || slots.Busy() != 0 {
		t.Errorf("got %d slots in two runs and %d after them, want 2 and 0", busy, slots.Busy())
	}
}

func TestImageStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	l := mustImage(t, threeKinds(1, 3, 8, 8), (&speaker{says: []float32{1, 2, 3}}).load)
	if _, err := l.Label(ctx, page(), flat(9, 9, raster.RGB{})); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
}

func TestImageSaysWhyItCannotBeLoaded(t *testing.T) {
	want := errors.New("no memory")
	_, err := label.NewImage(threeKinds(1, 3, 8, 8), func(_, _ []string) (infer.Session, error) { return nil, want })
	if !errors.Is(err, want) {
		t.Errorf("got %v, want %v", err, want)
	}
}

func TestImageOfTheRuntime(t *testing.T) {
	dir := packtest.Colours(t)
	f, load := realModel(t, readFile(t, dir, "onnx", "model.onnx"))
	f.Config, f.Preprocessor = readFile(t, dir, "config.json"), readFile(t, dir, "preprocessor_config.json")
	l := mustImage(t, f, load)
	for want, c := range map[string]raster.RGB{"red": {220, 20, 20}, "green": {20, 220, 20}, "blue": {20, 20, 220}, "dark": {5, 5, 5}} {
		got, err := l.Label(t.Context(), page(), flat(97, 41, c))
		if err != nil || got[0].Name != want {
			t.Errorf("%v: got %s, %v; want %s", c, show(got), err, want)
		}
	}
}
