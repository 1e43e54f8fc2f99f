package engine

import (
	"context"
	_ "embed"
	"errors"
	"fmt"

	"github.com/inkpool/inkpool/backend/document"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/layout"
	"github.com/inkpool/inkpool/backend/pool"
)

// probePage is a small page of Chinese text and digits: the top of samples/chinese-receipt.png.
//
//go:embed probe/page.png
var probePage []byte

// probeText is what the CPU reads on it. TestTheCPUReadsTheProbe says when that changes.
//
//go:embed probe/page.txt
var probeText string

// errOtherText is the error of a device that does not compute what the CPU does.
var errOtherText = errors.New("reads another text than the CPU")

// probe compares what the models read on a sample page with what they read on a CPU: drivers
// of accelerators have computed wrongly without saying so.
func (r *reader) probe(ctx context.Context, page *pool.Page) error {
	im, err := document.DecodeImage(probePage, document.Limits{})
	if err != nil {
		return fmt.Errorf("decode the probe: %w", err)
	}
	lines, _, err := r.pipeline.Read(ctx, page, im)
	if err != nil {
		return err
	}
	if layout.Text(layout.Arrange(lines), inkpool.LayoutLines) != probeText {
		return errOtherText
	}
	return nil
}
