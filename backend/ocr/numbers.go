package ocr

import (
	"math"

	"github.com/inkpool/inkpool/backend/raster"
)

// The numbers of the bundled PP-OCRv4 mobile models. "Released" means PaddleOCR's
// documented inference arguments (doc/doc_en/inference_args_en.md and
// tools/infer/utility.py in github.com/PaddlePaddle/PaddleOCR).

// DetectorConfig are the numbers of a DB text detector. Lengths are in pixels of the
// detector's input unless they say otherwise.
type DetectorConfig struct {
	Norm          raster.Norm
	MaxSide       int     // longer sides are shrunk to this; released: det_limit_side_len 960, type max. No run of the model sees more
	LongPage      float64 // pages so many times as long as wide, or as wide as long, are shrunk less; released: none
	LeastShort    int     // what the shorter side of a long page is shrunk to at most; released: none
	Overlap       int     // of what neighbouring runs see on a page that one cannot
	MinSide       int     // shorter sides are enlarged to this, as far as MaxSide allows; released: none
	SmallSide     int     // pictures whose shorter side is below it get a margin; released: none
	Margin        float64 // width of that margin, in shorter sides of the picture
	Multiple      int     // sides are rounded to multiples of this: the network halves five times
	Threshold     float32 // 0..1; a pixel above it is text; released: det_db_thresh 0.3
	Dilate        bool    // text is widened by a pixel before regions are told apart; released: use_dilation false, in RapidOCR true
	BoxThreshold  float64 // 0..1; mean probability within a box to keep it; released: det_db_box_thresh 0.6, in its serving configuration 0.5
	Unclip        float64 // how far a box grows: area × Unclip / perimeter; released: det_db_unclip_ratio 1.5
	MinBoxSide    float64 // boxes whose shorter side is below it are noise; released: min_size 3
	MaxCandidates int     // regions looked at, in reading direction; released: 1000
}

// InputSize is the size to which a page of that size is resized, both sides multiples of
// Multiple: its longer side at most MaxSide, or more on a long page whose shorter one
// would fall below LeastShort; its shorter side at least MinSide where that leaves the longer one alone. A
// side above 0 is what the longer side is shrunk to instead.
func (c DetectorConfig) InputSize(width, height, side int) (w, h int) {
	short, long := float64(min(width, height)), float64(max(width, height))
	if side <= 0 {
		side = c.MaxSide
		if long > c.LongPage*short {
			side = max(side, int(long*min(1, float64(c.LeastShort)/short)))
		}
	}
	ratio := max(1, float64(c.MinSide)/short)
	if long*ratio > float64(side) {
		ratio = float64(side) / long
	}
	round := func(side int) int {
		m := float64(c.Multiple)
		return max(c.Multiple, int(math.Round(float64(side)*ratio/m)*m))
	}
	return round(width), round(height)
}

// ClassifierConfig are the numbers of the 0°/180° classifier of lines.
type ClassifierConfig struct {
	Norm      raster.Norm
	Stretch   bool    // lines are stretched to the whole width; else they keep their shape, and short ones are padded
	Width     int     // input width; released: cls_image_shape 3,48,192
	Height    int     // input height
	Threshold float32 // 0..1; from this probability on a line counts as upside down; released: cls_thresh 0.9
}

// RecognizerConfig are the numbers of a CTC recogniser of lines.
type RecognizerConfig struct {
	Norm     raster.Norm
	Height   int     // input height; released: rec_image_shape 3,48,320
	MinWidth int     // narrower lines are padded on the right to this
	MaxWidth int     // wider lines are read in parts of this width: 48 × 3200 holds some 130 Chinese characters
	Overlap  int     // of the parts, in columns: four Chinese characters, of which two are seen whole on each side of any seam
	Stride   int     // input columns per CTC step, and what widths are rounded up to
	MinScore float64 // 0..1; lines below it are noise and left out; released: drop_score 0.5
}

// PPOCRv4Detector returns the numbers of ch_PP-OCRv4_det_mobile: the released ones but for
// four, which docs/decisions/0002-reading-numbers.md gives reasons and measurements for. The
// detectors of PP-OCRv3, v5 and v6 are released with the same (configs/det in the same
// repository), so they serve for those too; of these, nobody has measured ours.
func PPOCRv4Detector() DetectorConfig {
	return DetectorConfig{
		// ImageNet's mean and deviation, which PaddleOCR applies in this order to the
		// channels B, G, R as OpenCV reads them: the model was trained so.
		Norm:          raster.Norm{Mean: [3]float32{0.485, 0.456, 0.406}, Std: [3]float32{0.229, 0.224, 0.225}},
		MaxSide:       960,
		LongPage:      3,
		LeastShort:    480,
		Overlap:       128,
		MinSide:       320,
		SmallSide:     100,
		Margin:        0.3,
		Multiple:      32,
		Threshold:     0.3,
		BoxThreshold:  0.5,
		Unclip:        1.5,
		MinBoxSide:    3,
		MaxCandidates: 1000,
	}
}

// PPOCRv2Classifier returns the released numbers of ch_ppocr_mobile_v2.0_cls.
func PPOCRv2Classifier() ClassifierConfig {
	return ClassifierConfig{Norm: half(), Width: 192, Height: 48, Threshold: 0.9}
}

// PPLCNetClassifier returns the numbers of PP-LCNet_x0_25_textline_ori and x1_0, which come
// with PP-OCRv5 and serve PP-OCRv6 too: those of the inference.yml that is released with them
// (ResizeImage 160 x 80, ImageNet's numbers, channels R, G, B). It has no threshold of its
// own; this one is the other classifier's.
func PPLCNetClassifier() ClassifierConfig {
	return ClassifierConfig{
		Norm:    raster.Norm{Mean: [3]float32{0.406, 0.456, 0.485}, Std: [3]float32{0.225, 0.224, 0.229}, RGB: true},
		Stretch: true, Width: 160, Height: 80, Threshold: 0.9,
	}
}

// PPOCRv4Recognizer returns the released numbers of ch_PP-OCRv4_rec_mobile but for the
// widths, which are ours: it reads each line at its own (docs/decisions/0002-reading-numbers.md).
// The recognisers of PP-OCRv3, v5 and v6 are released with the same.
func PPOCRv4Recognizer() RecognizerConfig {
	return RecognizerConfig{Norm: half(), Height: 48, MinWidth: 96, MaxWidth: 3200, Overlap: 192, Stride: 8, MinScore: 0.5}
}

// half maps 0..255 to -1..1.
func half() raster.Norm {
	return raster.Norm{Mean: [3]float32{0.5, 0.5, 0.5}, Std: [3]float32{0.5, 0.5, 0.5}}
}
