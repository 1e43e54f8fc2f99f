package app

import (
	"context"
	"errors"
	"os"

	"github.com/inkpool/inkpool/backend/config"
	"github.com/inkpool/inkpool/backend/hub"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/modelpack"
)

// Wish says what a person wants of the files that are to be a pack. See modelpack.Wish.
type Wish = modelpack.Wish

// Weights says which form of a model is meant.
type Weights = modelpack.Weights

// The forms of weights that a person may ask for.
const (
	QuantizedWeights = modelpack.Quantized
	FullWeights      = modelpack.Full
)

// GivenPacks parts what a person gave at once into what makes packs, each list of paths one of
// them, and the rest, which is there to be read.
func GivenPacks(paths []string) (packs [][]string, rest []string) { return modelpack.Given(paths) }

// PackSources tells which of several paths make a pack together.
func PackSources(paths []string) [][]string { return modelpack.Sources(paths) }

// AddPack makes a pack of files and installs it; already says that it was there before. A job
// that runs finds it with its next task. See modelpack.Shelf.Add for progress and errors.
func AddPack(ctx context.Context, settings config.Settings, paths []string, wish Wish, progress func(done, total int64)) (p Pack, already bool, err error) {
	added, err := shelf(settings).Add(ctx, paths, wish, progress)
	if err != nil {
		return Pack{}, false, err
	}
	return packOf(found(added.Pack), modelpack.Entry{}), added.Already, nil
}

// found is a pack that is installed.
func found(p *modelpack.Pack) modelpack.Found {
	return modelpack.Found{ID: p.ID, Version: p.Version, Dir: p.Dir, Pack: p}
}

// RemovePack removes a version of a pack, or all of them for an empty one, and returns those
// that are gone. Tasks that are being worked on keep the models that they have loaded, and what
// comes after them fails for want of the pack; on Windows, files in use cannot be removed.
//
// What was fetched of a download that has not finished goes too; CodeModelMissing says that
// there was nothing at all.
func RemovePack(ctx context.Context, settings config.Settings, id, version string) ([]string, error) {
	removed, err := shelf(settings).Remove(ctx, id, version)
	if version != "" || !hub.IsID(id) && !hub.IsID("x/"+id) {
		return removed, err
	}
	dir := downloadFolder(settings, id)
	if _, errStat := os.Stat(dir); errStat != nil {
		return removed, err
	}
	if inkpool.CodeOf(err) == inkpool.CodeModelMissing {
		err = nil
	}
	return removed, errors.Join(err, os.RemoveAll(dir))
}
