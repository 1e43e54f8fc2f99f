package label

import (
	"encoding/json"
	"strconv"

	"github.com/inkpool/inkpool/backend/raster"
)

// usualSide is the side of the input of most networks of ImageNet, in pixels.
const usualSide = 224

// views are the ways in which the model sees a picture: what it says is the mean of them.
func (f Files) views(c config, l layout) (views []preprocessing, err error) {
	var p preprocessing
	switch {
	case f.Preprocessor != nil:
		p, err = parsePreprocessor(f.Preprocessor)
	case c.Timm != nil:
		p, err = c.Timm.preprocessing()
	default:
		return conventional(l), nil
	}
	if err != nil {
		return nil, err
	}
	return []preprocessing{p}, p.fitTo(l)
}

// conventional is how networks are trained that come without a word about it. Those of
// PyTorch, whose planes come first: the shorter side to 256 pixels for every 224 of the input,
// the middle of that, and ImageNet's mean and deviation (torchvision's references). Those of
// TensorFlow, whose channels come last: the same cut, and values from -1 to 1 (its models/slim).
// Those for grey pictures, which are of digits and the like: all of it, values from 0 to 1.
//
// The whole picture is a second view of what is cut. What people want to know of is not always
// in the middle, and two views settle small networks: MobileNetV2 in 8 bits saw a geyser and a
// volcano in two encodings of one photograph, and with both views a volcano in each.
func conventional(l layout) []preprocessing {
	w, h := l.width, l.height
	if w == 0 || h == 0 {
		w, h = usualSide, usualSide
	}
	whole := preprocessing{rule: exact, side: [2]int{w, h}, filter: raster.Bilinear}
	mean, std := [3]float32{0.485, 0.456, 0.406}, [3]float32{0.229, 0.224, 0.225}
	if l.last {
		mean, std = [3]float32{0.5, 0.5, 0.5}, [3]float32{0.5, 0.5, 0.5}
	}
	if l.channels == 1 {
		mean, std = [3]float32{}, [3]float32{1, 1, 1}
	}
	for k := range whole.values {
		for v := range whole.values[k] {
			whole.values[k][v] = (float32(v)/255 - mean[k]) / std[k]
		}
	}
	if l.channels == 1 {
		return []preprocessing{whole}
	}
	middle := whole
	middle.rule, middle.side, middle.crop = shortest, [2]int{enlarged(w), enlarged(h)}, [2]int{w, h}
	return []preprocessing{middle, whole}
}

// enlarged is a side of the input before its edges are cut off.
func enlarged(side int) int { return (side*256 + usualSide/2) / usualSide }

// timmConfig is what this package reads of the pretrained_cfg of a model by the library timm.
type timmConfig struct {
	InputSize     []int           `json:"input_size"` // channels, height, width
	Interpolation string          `json:"interpolation"`
	CropPct       *float64        `json:"crop_pct"`
	CropMode      string          `json:"crop_mode"`
	Mean          json.RawMessage `json:"mean"`
	Std           json.RawMessage `json:"std"`
}

// preprocessing says the same in the words of transformers.
func (t timmConfig) preprocessing() (preprocessing, error) {
	if len(t.InputSize) != 3 || t.InputSize[1] != t.InputSize[2] || t.CropMode == "border" {
		return preprocessing{}, damaged("config.json", "it crops pictures in a way that Inkpool does not know")
	}
	p := preprocessor{
		Size: json.RawMessage(strconv.Itoa(t.InputSize[1])), CropPct: t.CropPct,
		Mean: t.Mean, Std: t.Std,
	}
	if t.CropPct == nil {
		usual := 0.875 // timm's DEFAULT_CROP_PCT
		p.CropPct = &usual
	}
	if t.CropMode == "squash" {
		p.CropPct = nil
	}
	if n, ok := map[string]int{"nearest": 0, "lanczos": 1, "bilinear": 2, "bicubic": 3}[t.Interpolation]; ok {
		p.Resample = &n
	}
	return p.preprocessing()
}
