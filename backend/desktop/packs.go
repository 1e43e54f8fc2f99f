package desktop

import (
	"context"
	"path/filepath"

	"github.com/wailsapp/wails/v2/pkg/runtime"

	"github.com/inkpool/inkpool/backend/app"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/view"
)

// Packs lists all packs of models: the bundled one, those that are installed, each with its
// newest version first, and those that can be had.
func (j *Jobs) Packs() (_ []view.Pack, err error) {
	defer inkpool.Recover(&err)
	a, _, err := j.window.opened()
	if err != nil {
		return nil, err
	}
	found, err := app.Packs(a.Settings)
	packs := []view.Pack{}
	seen := map[string]bool{}
	for _, p := range found {
		v := packOf(p)
		v.Current = !seen[p.ID] && (p.State == app.PackBundled || p.State == app.PackInstalled)
		seen[p.ID] = true
		packs = append(packs, v)
	}
	return packs, err
}

func packOf(p app.Pack) view.Pack {
	return view.Pack{
		ID: p.ID, Version: p.Version, Name: p.Name, Task: p.Task, State: string(p.State),
		Languages: p.Languages, From: p.From, To: p.To, Licence: p.Licence, Source: p.Source,
		Bytes: bytesOf(p), Error: view.OfError(p.Error), Noncommercial: p.Noncommercial,
	}
}

// bytesOf is the size of a pack, rounded where only its publishers know it.
func bytesOf(p app.Pack) int64 {
	if p.Bytes == 0 {
		return int64(p.ApproximateMB * 1e6)
	}
	return p.Bytes
}

// PickModel lets a person choose a model, or an archive of one; none when the dialog is closed.
func (j *Jobs) PickModel(title, filter string) (_ []string, err error) {
	defer inkpool.Recover(&err)
	_, ctx, err := j.window.opened()
	if err != nil {
		return nil, err
	}
	return runtime.OpenMultipleFilesDialog(ctx, runtime.OpenDialogOptions{
		Title:   title,
		Filters: []runtime.FileFilter{{DisplayName: filter, Pattern: "*.zip;*.ZIP;*.onnx;*.ONNX"}, {DisplayName: "*", Pattern: "*"}},
	})
}

// AddPack begins to install a pack of files and folders that a person says are models. What
// becomes of it comes as events.
func (j *Jobs) AddPack(paths []string) (err error) {
	defer inkpool.Recover(&err)
	if _, _, err := j.window.opened(); err != nil {
		return err
	}
	for _, source := range app.PackSources(paths) {
		if err := j.window.addPack(source); err != nil {
			return err
		}
	}
	return nil
}

// DownloadPack begins to fetch and install a pack of the catalogue; acceptLicence says that the
// person keeps to a licence that is not for every use. What becomes of it comes as events.
func (j *Jobs) DownloadPack(id string, acceptLicence bool) (err error) {
	defer inkpool.Recover(&err)
	a, _, err := j.window.opened()
	if err != nil {
		return err
	}
	d := app.Download{Name: id, AcceptLicence: acceptLicence}
	return j.window.works.begin("download", id, func(ctx context.Context, progress func(done, total int64)) (app.Pack, bool, error) {
		return app.DownloadPack(ctx, a.Settings, d, progress)
	})
}

// StopPack ends an installation that goes on.
func (j *Jobs) StopPack(work int64) (err error) {
	defer inkpool.Recover(&err)
	if _, _, err := j.window.opened(); err != nil {
		return err
	}
	j.window.works.stop(work)
	return nil
}

// RemovePack removes a version of a pack.
func (j *Jobs) RemovePack(id, version string) error {
	return j.steer(func(ctx context.Context, a *app.App) error {
		_, err := app.RemovePack(ctx, a.Settings, id, version)
		return err
	})
}

// VerifyPack compares the files of a pack with their hashes; false says that it came without
// any. An empty version is the one that its id stands for.
func (j *Jobs) VerifyPack(id, version string) (hashed bool, err error) {
	defer inkpool.Recover(&err)
	a, ctx, err := j.window.opened()
	if err != nil {
		return false, err
	}
	return app.VerifyPack(ctx, a.Settings, id, version)
}

// addPack begins to install what a person gave.
func (w *Window) addPack(source []string) error {
	a, _, err := w.opened()
	if err != nil {
		return err
	}
	return w.works.begin("add", filepath.Base(source[0]), func(ctx context.Context, progress func(done, total int64)) (app.Pack, bool, error) {
		return app.AddPack(ctx, a.Settings, source, app.Wish{}, progress)
	})
}
