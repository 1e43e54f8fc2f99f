package ocr

import (
	"context"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/raster"
)

// tallRatio is the height : width from which a box is read as a line turned by 90°;
// PP-OCR's get_rotate_crop_image uses the same.
const tallRatio = 1.5

func tall(q inkpool.Quad) bool { return height(q) >= tallRatio*width(q) }

// doubtful is the score below which a line is read upside down as well, or, when it is tall, as a
// column of upright characters: what is read in its right direction mostly scores more.
const doubtful = 0.8

// ReadLine reads the line in a box whose first corner looks like top-left. Boxes much
// higher than wide hold a line that lies on its side, or a column of upright characters.
func (p *Pipeline) ReadLine(ctx context.Context, im *raster.Image, q inkpool.Quad) (inkpool.Line, error) {
	if tall(q) {
		return p.readTall(ctx, im, q)
	}
	return p.readEitherWay(ctx, im, q)
}

// readEitherWay reads a line that runs from its first corner to its second, or back. The
// recogniser decides when the classifier calls it upside down, because that is sometimes sure
// and wrong on short lines, and when the line can hardly be read as it stands.
func (p *Pipeline) readEitherWay(ctx context.Context, im *raster.Image, q inkpool.Quad) (inkpool.Line, error) {
	flipped, _, err := p.classifier.Flipped(ctx, im, q)
	if err != nil {
		return inkpool.Line{}, err
	}
	line, err := p.readAsItStands(ctx, im, q)
	if err != nil || !flipped && line.Score >= doubtful {
		return line, err
	}
	back, err := p.readAsItStands(ctx, im, turned(turned(q)))
	if back.Score > line.Score || flipped && back.Score == line.Score {
		line = back
	}
	return line, err
}

func (p *Pipeline) readAsItStands(ctx context.Context, im *raster.Image, q inkpool.Quad) (inkpool.Line, error) {
	text, score, err := p.recognizer.Recognize(ctx, im, q, false)
	return inkpool.Line{Text: text, Score: score, Quad: q}, err
}

// readUpright reads a line, or a column, of characters that stand upright.
func (p *Pipeline) readUpright(ctx context.Context, im *raster.Image, q inkpool.Quad) (inkpool.Line, error) {
	if !tall(q) {
		return p.readAsItStands(ctx, im, q)
	}
	line, err := p.readAsItStands(ctx, im, turned(q))
	if err != nil {
		return inkpool.Line{}, err
	}
	return p.orStacked(ctx, im, q, line)
}
