package label

import (
	"context"

	"github.com/inkpool/inkpool/backend/infer"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/pool"
	"github.com/inkpool/inkpool/backend/raster"
)

// Image says what pictures show.
type Image struct {
	session infer.Session
	layout  layout
	views   []preprocessing
	names   []string // by class, perhaps with one for the background
	apply   activation
}

// NewImage makes a labeler of a model that takes one picture, as float32 [1, channels, height,
// width] or [1, height, width, channels], and gives a value to each of its classes: what
// libraries call image classification. Pictures are made ready as the pack's
// preprocessor_config.json says, or its config.json where the model is one of timm's; without
// a word as networks of ImageNet are trained, and then as a whole too.
//
// CodeUnsupportedFormat says why a model is no such one, CodeModelCorrupt what is wrong with
// the files; other errors are those of load.
func NewImage(f Files, load Load) (*Image, error) {
	in, l, err := pictureInput(f.Inputs)
	if err != nil {
		return nil, err
	}
	c, err := f.config()
	if err != nil {
		return nil, err
	}
	names, err := f.requireNames(c)
	if err != nil {
		return nil, err
	}
	out, err := scoreOutput(f.Outputs, 0)
	if err != nil {
		return nil, err
	}
	if names, err = fitOutput(names, out); err != nil {
		return nil, err
	}
	views, err := f.views(c, l)
	if err != nil {
		return nil, err
	}
	session, err := load([]string{in.Name}, []string{out.Name})
	if err != nil {
		return nil, err
	}
	return &Image{session: session, layout: l, views: views, names: names, apply: c.activation(len(names)).of(out)}, nil
}

// Label returns the labels of an upright picture, the likeliest first, at least one unless
// each applies or not by itself.
func (l *Image) Label(ctx context.Context, page *pool.Page, im *raster.Image) ([]inkpool.Label, error) {
	views := make([][]float64, len(l.views))
	err := each(ctx, page, len(views), func(ctx context.Context, i int) error {
		out, err := run(ctx, l.session, []infer.Tensor{l.views[i].input(im, l.layout)})
		views[i] = l.apply.scores(out.Data)
		return err
	})
	if err != nil {
		return nil, err
	}
	scores, err := mean(views, nil)
	if err != nil {
		return nil, err
	}
	return l.apply.labels(l.names, scores)
}

// WarmUp runs the model once, so that the first picture does not wait for what the runtime does
// at its first run, and so that a model that does not keep to what its files say is found out.
func (l *Image) WarmUp(ctx context.Context, page *pool.Page) error {
	_, err := l.Label(ctx, page, raster.New(usualSide, usualSide))
	return err
}

// layout is how a graph wants a picture.
type layout struct {
	channels      int  // 3: red, green, blue; 1: grey
	last          bool // the channels of a pixel lie side by side; else there is a plane for each
	width, height int  // pixels; 0: any
}

// pictureInput finds the input that takes the picture.
func pictureInput(inputs []Value) (in Value, l layout, err error) {
	if len(inputs) != 1 {
		return in, l, refused("it takes %d inputs, and a picture is one", len(inputs))
	}
	in = inputs[0]
	switch in.Type {
	case typeFloat32:
	case typeFloat16, typeUint8:
		return in, l, refused("it takes pictures in a form that Inkpool does not use").
			WithHint("Use the model's full-precision or its quantised form.")
	default:
		return in, l, refused("it takes no pictures")
	}
	shape := in.Shape
	if len(shape) != 4 || shape[0] > 1 {
		return in, l, refused("its input %v is not one picture", shape)
	}
	l, ok := layoutOf([3]int64(shape[1:]))
	if !ok {
		return in, l, refused("its input %v is no picture in colour or in grey", shape)
	}
	if max(l.width, l.height) > maxSide {
		return in, l, refused("it wants pictures of %d x %d pixels", l.width, l.height)
	}
	return in, l, nil
}

// layoutOf tells planes from pixels by where the number of channels is. Where every size is
// open there are planes of colours: so exporters of transformers leave it.
func layoutOf(shape [3]int64) (l layout, ok bool) {
	isChannels := func(n int64) bool { return n == 1 || n == 3 }
	for i, n := range shape {
		shape[i] = min(max(n, 0), maxSide+1)
	}
	switch {
	case isChannels(shape[0]):
		return layout{channels: int(shape[0]), height: int(shape[1]), width: int(shape[2])}, true
	case isChannels(shape[2]):
		return layout{channels: int(shape[2]), last: true, height: int(shape[0]), width: int(shape[1])}, true
	case shape[0] == 0:
		return layout{channels: 3, height: int(shape[1]), width: int(shape[2])}, true
	}
	return l, false
}

// tensor writes a picture as the graph wants it.
func (l layout) tensor(im *raster.Image, p preprocessing) infer.Tensor {
	n := im.Width * im.Height
	data := make([]float32, l.channels*n)
	step, plane := 1, n
	if l.last {
		step, plane = l.channels, 1
	}
	for i := range n {
		pixel := im.Pix[3*i : 3*i+3 : 3*i+3]
		if l.channels == 1 {
			data[i] = p.values[0][grey(pixel)]
			continue
		}
		for k, v := range pixel {
			to := k
			if p.bgr {
				to = 2 - k
			}
			data[i*step+to*plane] = p.values[to][v]
		}
	}
	w, h, c := int64(im.Width), int64(im.Height), int64(l.channels)
	if l.last {
		return infer.NewTensor(data, 1, h, w, c)
	}
	return infer.NewTensor(data, 1, c, h, w)
}

// grey is the luma of ITU-R 601 as Pillow rounds it.
func grey(pixel []uint8) uint8 {
	return uint8((uint32(pixel[0])*19595 + uint32(pixel[1])*38470 + uint32(pixel[2])*7471 + 1<<15) >> 16)
}
