package app

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/inkpool/inkpool/backend/config"
	"github.com/inkpool/inkpool/backend/hub"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/modelpack"
)

// Download says which pack is to be fetched, and how.
type Download struct {
	Name          string // an id of the catalogue, or ORG/REPO on Hugging Face
	Revision      string // of a repository; empty: the main one
	Endpoint      string // a mirror of Hugging Face; empty: $HF_ENDPOINT, else Hugging Face itself
	AcceptLicence bool   // the person knows that the licence is not for every use, and keeps to it
	Wish
}

// downloadsName is the folder, beside the packs, of what has been fetched in part.
const downloadsName = ".downloads"

// DownloadPack fetches a pack and installs it; already says that it was there before. What was
// fetched when it ends early is kept, and the next call goes on with it. progress, if any, is
// called by the goroutine of DownloadPack, with bytes. CodePermission says that the licence has
// to be accepted, among others; see hub.Client and modelpack.Shelf.Add for the rest.
func DownloadPack(ctx context.Context, settings config.Settings, d Download, progress func(done, total int64)) (p Pack, already bool, err error) {
	entry, err := offered(d.Name)
	if err != nil {
		return Pack{}, false, err
	}
	if err := d.checkLicence(entry.Licence); err != nil {
		return Pack{}, false, err
	}
	if there, err := shelf(settings).FindVersion(entry.ID, entry.Version); err == nil {
		return packOf(found(there), entry), true, nil
	}
	client, err := hub.New(hub.Options{
		Endpoint: firstOf(d.Endpoint, os.Getenv("HF_ENDPOINT")), Token: os.Getenv("HF_TOKEN"), Agent: "Inkpool/" + Version,
	})
	if err != nil {
		return Pack{}, false, err
	}
	defer client.Close()
	f := fetching{client: client, download: d, entry: entry, shelf: shelf(settings), dir: downloadFolder(settings, firstOf(entry.ID, d.Name)), progress: progress}
	if entry.Repository != "" {
		return f.repository(ctx)
	}
	return f.files(ctx)
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// offered finds out what a name stands for. The entry of a repository that is not in the
// catalogue has nothing else.
func offered(name string) (modelpack.Entry, error) {
	entry, err := modelpack.Offered(name)
	if inkpool.CodeOf(err) == inkpool.CodeModelMissing && hub.IsID(name) {
		return modelpack.Entry{Repository: name}, nil
	}
	if err != nil {
		return modelpack.Entry{}, inkpool.Errorf(inkpool.CodeNotFound, "the catalogue has no model pack %q", name).WithCause(err).
			WithHint("See what there is with `inkpool models list`, or name a repository of Hugging Face, such as Xenova/opus-mt-en-zh.")
	}
	if entry.Bundled {
		return modelpack.Entry{}, inkpool.Errorf(inkpool.CodeConflict, "%s is part of the program", name)
	}
	return entry, nil
}

// checkLicence reports whether the person has accepted a licence that has to be.
func (d Download) checkLicence(licence string) error {
	if d.AcceptLicence || !modelpack.NonCommercial(licence) {
		return nil
	}
	return inkpool.Errorf(inkpool.CodePermission, "the licence of this model, %s, does not allow commercial use", licence).
		WithHint("If you keep to that, say so with --accept-licence.")
}

// downloadFolder is where what belongs to a name is fetched to.
func downloadFolder(settings config.Settings, name string) string {
	return filepath.Join(settings.PacksPath(), downloadsName, strings.ReplaceAll(strings.ToLower(name), "/", "--"))
}

// fetching is the download of one pack.
type fetching struct {
	client   *hub.Client
	download Download
	entry    modelpack.Entry
	shelf    modelpack.Shelf
	dir      string
	progress func(done, total int64)
}

// files fetches a pack whose files have addresses of their own.
func (f fetching) files(ctx context.Context) (Pack, bool, error) {
	var files []hub.File
	for _, file := range f.entry.Files {
		files = append(files, hub.File{Path: file.Path, URL: file.URL, SHA256: file.SHA256})
	}
	if err := f.fetch(ctx, files, int64(f.entry.ApproximateMB*1e6)); err != nil {
		return Pack{}, false, err
	}
	m := modelpack.Manifest{Format: modelpack.Format, About: f.entry.About, OCR: &f.entry.OCR}
	for _, file := range files {
		info, err := os.Stat(f.at(file.Path))
		if err != nil {
			return Pack{}, false, err
		}
		m.Files = append(m.Files, modelpack.File{Path: file.Path, Size: info.Size(), SHA256: file.SHA256})
	}
	data, err := json.Marshal(m)
	if err == nil {
		err = os.WriteFile(f.at(modelpack.ManifestName), data, 0o600)
	}
	if err != nil {
		return Pack{}, false, err
	}
	return f.install(ctx, f.download.Wish)
}

func (f fetching) at(name string) string { return filepath.Join(f.dir, filepath.FromSlash(name)) }

// repository fetches what a pack needs of a repository. What that is, is told by its list of
// files and the small ones among them, which are fetched first.
func (f fetching) repository(ctx context.Context) (Pack, bool, error) {
	r, err := f.client.Repository(ctx, f.entry.Repository, f.download.Revision)
	if err != nil {
		return Pack{}, false, err
	}
	if err := f.download.checkLicence(modelpack.SPDX(r.Licence)); err != nil {
		return Pack{}, false, err
	}
	wish := f.wish(r)
	var paths []string
	for _, file := range r.Files {
		paths = append(paths, file.Path)
	}
	m, err := modelpack.Recognise(f.opener(ctx, r), paths, path.Base(r.ID), wish)
	if err != nil {
		return Pack{}, false, err
	}
	if there, err := f.shelf.FindVersion(m.ID, m.Version); err == nil {
		return packOf(found(there), f.entry), true, errors.Join(os.RemoveAll(f.dir))
	}
	var files []hub.File
	var total int64
	for _, needed := range m.Files {
		file, ok := r.File(needed.Path)
		if !ok {
			return Pack{}, false, inkpool.Errorf(inkpool.CodeModelCorrupt, "%s is not in the repository", needed.Path)
		}
		files, total = append(files, file), total+file.Size
	}
	if err := f.fetch(ctx, files, total); err != nil {
		return Pack{}, false, err
	}
	wish.ID = m.ID // the folder that it lies in now has another name
	if t := m.Translation; t != nil {
		wish.From, wish.To = t.From, t.To
	}
	return f.install(ctx, wish)
}

// wish is what is known of a repository before it is looked into. The version says when it was
// made, so that the newest is the newest, and which one it is.
func (f fetching) wish(r *hub.Repository) modelpack.Wish {
	w := f.download.Wish
	w.About = f.entry.About
	w.About.Name = firstOf(w.About.Name, path.Base(r.ID))
	w.About.Licence = firstOf(w.About.Licence, modelpack.SPDX(r.Licence))
	w.About.Source = "https://huggingface.co/" + r.ID
	if r.Commit != "" {
		w.About.Source += "/tree/" + r.Commit
		w.About.Version = "0-" + r.Commit[:12]
		if !r.Modified.IsZero() {
			w.About.Version = r.Modified.UTC().Format("2006.01.02") + "-" + r.Commit[:12]
		}
	}
	if len(w.From) == 0 {
		w.From = f.entry.From
	}
	if len(w.To) == 0 {
		w.To = f.entry.To
	}
	return w
}

// openerFunc opens files by their names.
type openerFunc func(name string) (fs.File, error)

// Open implements fs.FS.
func (o openerFunc) Open(name string) (fs.File, error) { return o(name) }

// opener fetches the files of a repository that are opened.
func (f fetching) opener(ctx context.Context, r *hub.Repository) fs.FS {
	return openerFunc(func(name string) (fs.File, error) {
		file, ok := r.File(name)
		if !ok {
			return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
		}
		if err := f.client.Fetch(ctx, file, f.at(name), nil); err != nil {
			return nil, err
		}
		return os.Open(f.at(name))
	})
}

// fetch fetches files, one after the other. total is how many bytes they have together, or
// about as many.
func (f fetching) fetch(ctx context.Context, files []hub.File, total int64) error {
	if err := modelpack.CheckRoom(ctx, f.dir, 2*total); err != nil { // they are copied once they are there
		return err
	}
	var before int64
	for _, file := range files {
		var done int64
		err := f.client.Fetch(ctx, file, f.at(file.Path), func(n int64) {
			if done = n; f.progress != nil {
				f.progress(before+done, max(total, before+done))
			}
		})
		if err != nil {
			return err
		}
		before += done
	}
	return nil
}

// install makes the pack of what has been fetched, and removes that.
func (f fetching) install(ctx context.Context, wish modelpack.Wish) (Pack, bool, error) {
	added, err := f.shelf.Add(ctx, []string{f.dir}, wish, nil)
	if err != nil {
		return Pack{}, false, err
	}
	return packOf(found(added.Pack), f.entry), added.Already, os.RemoveAll(f.dir)
}
