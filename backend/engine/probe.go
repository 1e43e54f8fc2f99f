package engine

import (
	"context"
	_ "embed"
	"errors"
	"fmt"

	"github.com/inkpool/inkpool/backend/document"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/layout"
	"github.com/inkpool/inkpool/backend/modelpack"
	"github.com/inkpool/inkpool/backend/pool"
)

// probePage is a small page of Chinese text and digits: the top of samples/chinese-receipt.png.
//
//go:embed probe/page.png
var probePage []byte

// probeText is what the bundled models read on it on the CPU. TestTheCPUReadsTheProbe says when that changes.
//
//go:embed probe/page.txt
var probeText string

// errOtherText is the error of a device that does not compute what the CPU does.
var errOtherText = errors.New("reads another text than the CPU")

// compare compares what a pack reads on a sample page with what it reads on the CPU: drivers
// of accelerators have computed wrongly without saying so.
func (r *reader) compare(ctx context.Context, loader models, p *modelpack.Pack, page *pool.Page) error {
	want := probeText
	if !p.Bundled {
		cpu, err := openModels(ctx, loader, p, deviceCPU, newRoom(1))
		if err != nil {
			return fmt.Errorf("load on the CPU: %w", err)
		}
		want, err = cpu.probe(ctx, page)
		if err = errors.Join(err, cpu.close()); err != nil {
			return err
		}
	}
	got, err := r.probe(ctx, page)
	if err == nil && got != want {
		err = errOtherText
	}
	return err
}

// probe returns what the models read on the sample page.
func (r *reader) probe(ctx context.Context, page *pool.Page) (string, error) {
	im, err := document.DecodeImage(probePage, document.Limits{})
	if err != nil {
		return "", fmt.Errorf("decode the probe: %w", err)
	}
	read, _, err := r.pipeline.Read(ctx, page, im, inkpool.Reading{})
	return layout.Text(layout.Arrange(read.Lines), inkpool.LayoutLines), err
}
