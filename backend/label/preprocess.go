package label

import (
	"encoding/json"
	"image"
	"slices"
	"strings"

	"github.com/inkpool/inkpool/backend/infer"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/raster"
)

// maxSide is the longest side of what any model is given, in pixels: twice what the largest
// of transformers' image classifiers take. Its tensor has 50 MB.
const maxSide = 2048

// preprocessing says how a picture becomes a model's input.
type preprocessing struct {
	rule   sizeRule
	side   [2]int // width and height of the rule, in pixels
	crop   [2]int // width and height of what is kept of the middle; 0: all of it
	filter raster.Filter
	values [3][256]float32 // what the bytes of red, green and blue become
	bgr    bool            // the planes are blue, green, red
}

// sizeRule says what size a picture is resized to.
type sizeRule int

const (
	exact    sizeRule = iota // just so, whatever becomes of its shape
	shortest                 // as small as covers that
	natural                  // it keeps its size
)

// preprocessor is what this package reads of a preprocessor_config.json, as transformers
// writes it; null is as good as missing.
type preprocessor struct {
	Type          string          `json:"image_processor_type"`
	OldType       string          `json:"feature_extractor_type"`
	DoResize      *bool           `json:"do_resize"`
	Size          json.RawMessage `json:"size"`
	Resample      *int            `json:"resample"` // Pillow's number of a filter
	CropPct       *float64        `json:"crop_pct"`
	DoCenterCrop  bool            `json:"do_center_crop"`
	CropSize      json.RawMessage `json:"crop_size"`
	DoRescale     *bool           `json:"do_rescale"`
	RescaleFactor *float64        `json:"rescale_factor"`
	RescaleOffset bool            `json:"rescale_offset"` // EfficientNet: from -1 on
	DoNormalize   *bool           `json:"do_normalize"`
	Mean          json.RawMessage `json:"image_mean"`
	Std           json.RawMessage `json:"image_std"`
	IncludeTop    bool            `json:"include_top"`           // EfficientNet: divided by the deviation twice
	FlipChannels  bool            `json:"do_flip_channel_order"` // MobileViT
	Clusters      json.RawMessage `json:"clusters"`              // ImageGPT: not values, but ids of colours
}

// parsePreprocessor reads a preprocessor_config.json.
func parsePreprocessor(data []byte) (preprocessing, error) {
	var c preprocessor
	if err := json.Unmarshal(data, &c); err != nil {
		return preprocessing{}, unusable("it is no JSON object of the right form").WithCause(err)
	}
	return c.preprocessing()
}

func (c preprocessor) preprocessing() (p preprocessing, err error) {
	if len(c.Clusters) > 0 && string(c.Clusters) != "null" {
		return p, refused("it takes pictures as ids of colours")
	}
	if err := p.setFilter(c); err != nil {
		return p, err
	}
	if err := p.setSize(c); err != nil {
		return p, err
	}
	if err := p.setCrop(c); err != nil {
		return p, err
	}
	p.bgr = c.FlipChannels
	return p, p.setValues(c)
}

// unusable says that a preprocessor_config.json is wrong.
func unusable(format string, args ...any) *inkpool.Error {
	return damaged("preprocessor_config.json", format, args...)
}

// setFilter finds Pillow's filter of that number; transformers' own default is bilinear.
func (p *preprocessing) setFilter(c preprocessor) error {
	p.filter = raster.Bilinear
	if c.Resample == nil {
		return nil
	}
	pillow := []raster.Filter{raster.Nearest, raster.Lanczos, raster.Bilinear, raster.Bicubic, raster.Box, raster.Hamming}
	if *c.Resample < 0 || *c.Resample >= len(pillow) {
		return unusable("there is no filter %d to resize with", *c.Resample)
	}
	p.filter = pillow[*c.Resample]
	return nil
}

// shortestByNumber are the kinds of processors to which one number for a size means the
// shorter side, and not both (default_to_square=False in transformers).
var shortestByNumber = []string{"Bit", "CLIP", "ChineseCLIP", "ConvNext", "Levit", "MobileNetV1", "MobileNetV2", "MobileViT", "PoolFormer", "ViTHybrid"}

func (c preprocessor) kind() string {
	name := c.Type
	if name == "" {
		name = c.OldType
	}
	for _, end := range []string{"Fast", "ImageProcessor", "FeatureExtractor"} {
		name = strings.TrimSuffix(name, end)
	}
	return name
}

func (p *preprocessing) setSize(c preprocessor) error {
	if !or(c.DoResize, true) {
		p.rule = natural
		return nil
	}
	s, err := parseSize(c.Size, 224) // most processors' default
	if err != nil {
		return err
	}
	p.rule, p.side = exact, [2]int{s.Width, s.Height}
	if s.Shortest > 0 {
		p.rule, p.side = shortest, [2]int{s.Shortest, s.Shortest}
	} else if s.number && slices.Contains(shortestByNumber, c.kind()) {
		p.rule = shortest
	}
	return p.enlarge(c)
}

// enlarge applies the rules of those processors that resize to more than the size they name,
// to crop it away.
func (p *preprocessing) enlarge(c preprocessor) error {
	pct := 224.0 / 256
	if c.CropPct != nil {
		pct = *c.CropPct
	}
	if !(pct > 0.1 && pct <= 1) {
		return unusable("no picture can be cropped to %g of itself", pct)
	}
	scaled := func(side int) int { return int(float64(side) / pct) }
	switch kind := c.kind(); {
	case kind == "Levit" && p.rule == shortest:
		p.side = [2]int{int(256.0 / 224 * float64(p.side[0])), int(256.0 / 224 * float64(p.side[1]))}
	case kind == "ConvNext" || c.CropPct != nil && !c.DoCenterCrop:
		if kind == "ConvNext" && p.side[0] >= 384 { // as it was evaluated: from there on nothing is cropped
			p.rule = exact
			return nil
		}
		p.crop = p.side
		p.rule, p.side = shortest, [2]int{scaled(p.side[0]), scaled(p.side[1])}
	case c.CropPct != nil: // PoolFormer's
		if p.side[0] == p.side[1] {
			p.rule = shortest
		}
		p.side = [2]int{scaled(p.side[0]), scaled(p.side[1])}
	}
	return nil
}

func (p *preprocessing) setCrop(c preprocessor) error {
	if !c.DoCenterCrop {
		return nil
	}
	s, err := parseSize(c.CropSize, 224)
	if err != nil {
		return err
	}
	if s.Shortest > 0 {
		s.Width, s.Height = s.Shortest, s.Shortest
	}
	p.crop = [2]int{s.Width, s.Height}
	return nil
}

// size is a size as transformers writes it, in pixels.
type size struct {
	Width    int  `json:"width"`
	Height   int  `json:"height"`
	Shortest int  `json:"shortest_edge"`
	number   bool // it was one number: both sides, or the shorter one
}

// parseSize reads 224, [224, 224] (height first) or an object.
func parseSize(data json.RawMessage, missing int) (s size, err error) {
	var number int
	var pair []int
	switch {
	case len(data) == 0 || string(data) == "null":
		s = size{Width: missing, Height: missing, number: true}
	case json.Unmarshal(data, &number) == nil:
		s = size{Width: number, Height: number, number: true}
	case json.Unmarshal(data, &pair) == nil && len(pair) == 2:
		s = size{Width: pair[1], Height: pair[0]}
	default:
		err = json.Unmarshal(data, &s)
	}
	for _, side := range []int{s.Width, s.Height, s.Shortest} {
		if side < 0 || side > maxSide {
			return s, unusable("%d pixels are no size for a model's input", side)
		}
	}
	if err != nil || s.Shortest == 0 && (s.Width == 0 || s.Height == 0) {
		return s, unusable("%.60q is no size that Inkpool can resize to", data).WithCause(err)
	}
	return s, nil
}

// setValues computes what bytes become, in the order in which transformers rounds.
func (p *preprocessing) setValues(c preprocessor) error {
	factor, offset := 1.0, 0.0
	if or(c.DoRescale, true) {
		factor = or(c.RescaleFactor, 1.0/255)
	}
	if c.RescaleOffset {
		offset = -1
	}
	mean, std := [3]float64{}, [3]float64{1, 1, 1}
	if or(c.DoNormalize, true) {
		var err error
		if mean, err = parseChannels(c.Mean, 0.5); err != nil { // transformers' IMAGENET_STANDARD_MEAN
			return err
		}
		if std, err = parseChannels(c.Std, 0.5); err != nil {
			return err
		}
	}
	for k := range p.values {
		for v := range p.values[k] {
			x := float32(float64(v)*factor + offset)
			x = (x - float32(mean[k])) / float32(std[k])
			if c.IncludeTop {
				x /= float32(std[k])
			}
			p.values[k][v] = x
		}
		if !finite(p.values[k][:]) {
			return unusable("with the factor %g, the mean %g and the deviation %g there are no values", factor, mean[k], std[k])
		}
	}
	return nil
}

// parseChannels reads a number for red, green and blue, or one for all.
func parseChannels(data json.RawMessage, missing float64) ([3]float64, error) {
	var list []float64
	number := missing
	switch {
	case len(data) == 0 || string(data) == "null":
	case json.Unmarshal(data, &number) == nil:
	case json.Unmarshal(data, &list) == nil && len(list) == 3:
		return [3]float64(list), nil
	case len(list) == 1: // of a model for grey pictures
		number = list[0]
	default:
		return [3]float64{}, unusable("%.60q is not a number for each colour", data)
	}
	return [3]float64{number, number, number}, nil
}

// or is the value that p points to, or else another.
func or[T any](p *T, otherwise T) T {
	if p == nil {
		return otherwise
	}
	return *p
}

// place returns the size that a picture is resized to, and the part of that which the model
// sees: what is beyond the edges is black.
func (p preprocessing) place(width, height int) (w, h int, part image.Rectangle) {
	w, h = width, height
	switch {
	case p.rule == exact:
		w, h = p.side[0], p.side[1]
	case p.rule == shortest && p.side[0]*height >= p.side[1]*width:
		w, h = p.side[0], p.side[0]*height/width // rounded down, as torchvision does
	case p.rule == shortest:
		w, h = p.side[1]*width/height, p.side[1]
	}
	keep := p.crop
	if keep == [2]int{} {
		keep = [2]int{min(w, maxSide), min(h, maxSide)}
	}
	left, top := (w-keep[0])>>1, (h-keep[1])>>1 // rounded down, also below 0
	return w, h, image.Rect(left, top, left+keep[0], top+keep[1])
}

// fitTo makes the input have the size that a graph demands, or says why it cannot.
func (p *preprocessing) fitTo(l layout) error {
	switch {
	case l.width == 0 || l.height == 0:
		return nil
	case p.crop == [2]int{} && p.rule != exact:
		p.crop = [2]int{l.width, l.height}
	}
	made := p.crop
	if made == [2]int{} {
		made = p.side
	}
	if made != [2]int{l.width, l.height} {
		return unusable("it makes pictures of %d x %d pixels, and the model takes %d x %d", made[0], made[1], l.width, l.height)
	}
	return nil
}

// input makes the tensor of a picture.
func (p preprocessing) input(im *raster.Image, l layout) infer.Tensor {
	w, h, part := p.place(im.Width, im.Height)
	return l.tensor(im.Resample(w, h, part, p.filter), p)
}
