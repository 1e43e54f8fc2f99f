package modelpack

import (
	"archive/zip"
	"compress/flate"
	"errors"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// Weights says which of several forms of a model is meant.
type Weights string

// The forms. Publishers quantise weights to whole numbers of 8 bits: models become four times
// smaller and, on processors, three times faster, for a little less quality.
const (
	AnyWeights Weights = ""          // quantised where there is such a form
	Quantized  Weights = "quantized" // nothing else
	Full       Weights = "full"      // numbers of 32 bits, nothing else
)

// Wish says what a person wants of files, and knows of them. The zero value asks for nothing.
type Wish struct {
	ID       string   // of the pack; empty: after its name
	Version  string   // of the pack; empty: "1"
	Weights  Weights  // of models that come in several forms
	From, To []string // BCP 47; empty: as the files say
	About    About    // of files that came from a catalogue: what is not empty is so
}

// Recognise tells what pack files make: those of a pack with a manifest, of a folder as Hugging
// Face has them, a set of PP-OCR models, or a model with a list of its labels. paths are those
// of all files there are, which need not be at hand: files opens the few that are looked into.
// name is what the folder or repository is called. The manifest lists the files that the pack
// needs; their sizes and hashes are known only where there was a manifest.
//
// CodeUnsupportedFormat says why the files make no pack, CodeModelCorrupt what is wrong with
// them, and CodeInvalid what the wish should have said.
func Recognise(files fs.FS, paths []string, name string, wish Wish) (Manifest, error) {
	c := contents{files: files, name: name}
	for _, p := range paths {
		if isInside(p) && !isHidden(p) {
			c.paths = append(c.paths, p)
		}
	}
	slices.Sort(c.paths)
	return c.recognise(wish)
}

func (c contents) recognise(wish Wish) (m Manifest, err error) {
	switch {
	case c.has(ManifestName):
		if m, err = c.ownManifest(); err == nil {
			m.ID, m.Version = first(wish.ID, m.ID), first(wish.Version, m.Version)
		}
		return m, err
	case c.has(configName):
		m, err = c.huggingFace(wish)
	default:
		m, err = c.other(wish)
	}
	m.Format = Format
	m.About = c.about(m.About, wish)
	return m, err
}

// other recognises what no file says the kind of.
func (c contents) other(wish Wish) (Manifest, error) {
	if c.looksLikeOCR() {
		return c.ocr()
	}
	return c.lone(wish)
}

func (c contents) ownManifest() (Manifest, error) {
	data, err := readSmall(c.files, ManifestName)
	if err != nil {
		return Manifest{}, damaged("its manifest cannot be read").WithCause(err)
	}
	return Parse(data)
}

// contents are the files that something may be recognised in.
type contents struct {
	files fs.FS
	name  string   // of the folder
	paths []string // of regular files, sorted
}

// Bounds of a folder that is looked at.
const (
	maxEntries = 10_000 // files and folders
	maxDeep    = 6      // folders within folders; those below are not looked into
)

// listContents lists what is in a folder but for hidden things. A folder that has nothing but
// another one stands for that one: archives are often made so.
func listContents(files fs.FS, name string) (contents, error) {
	for range maxDeep {
		inner, err := onlyFolder(files)
		if err != nil {
			return contents{}, err
		}
		if inner == "" {
			break
		}
		if files, err = fs.Sub(files, inner); err != nil {
			return contents{}, unreadable(err)
		}
		name = inner
	}
	c := contents{files: files, name: name}
	entries := 0
	err := fs.WalkDir(files, ".", func(p string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entries++; entries > maxEntries {
			return tooMany()
		}
		switch {
		case p != "." && isHidden(p) || e.IsDir() && strings.Count(p, "/") >= maxDeep:
			return skip(e)
		case e.Type().IsRegular() && isInside(p):
			c.paths = append(c.paths, p)
		}
		return nil
	})
	if err != nil {
		return contents{}, unreadable(err)
	}
	return c, nil
}

func skip(e fs.DirEntry) error {
	if e.IsDir() {
		return fs.SkipDir
	}
	return nil
}

// onlyFolder is the name of a folder that is all there is; empty where there is more.
func onlyFolder(files fs.FS) (string, error) {
	entries, err := fs.ReadDir(files, ".")
	if err != nil {
		return "", unreadable(err)
	}
	entries = slices.DeleteFunc(entries, func(e fs.DirEntry) bool { return isHidden(e.Name()) })
	if len(entries) != 1 || !entries[0].IsDir() {
		return "", nil
	}
	return entries[0].Name(), nil
}

// isHidden reports whether a file is of no concern to anybody but the system that made it.
func isHidden(p string) bool {
	base := path.Base(p)
	return strings.HasPrefix(base, ".") || base == "__MACOSX" || strings.EqualFold(base, "desktop.ini") || strings.EqualFold(base, "thumbs.db")
}

func (c contents) has(p string) bool {
	_, ok := slices.BinarySearch(c.paths, p)
	return ok
}

// optional is p where there is such a file, else empty.
func (c contents) optional(p string) string {
	if c.has(p) {
		return p
	}
	return ""
}

// with lists the files of those extensions.
func (c contents) with(extensions ...string) []string {
	var found []string
	for _, p := range c.paths {
		if slices.Contains(extensions, strings.ToLower(path.Ext(p))) {
			found = append(found, p)
		}
	}
	return found
}

// about completes what is known of a pack.
func (c contents) about(a About, wish Wish) About {
	card := c.card()
	known := wish.About
	a.ID = first(wish.ID, known.ID, a.ID, idOf(c.name))
	a.Version = first(wish.Version, known.Version, "1")
	a.Name = first(known.Name, line(c.name), a.Name)
	a.Licence = first(known.Licence, card.licence, UnknownLicence)
	a.Source = first(known.Source, a.Source, "the folder "+line(c.name))
	if len(known.Languages) > 0 && a.Task != TaskTranslate { // those of translators are told by their tokens
		a.Languages = known.Languages
	}
	if a.Task.Labels() && len(a.Languages) == 0 {
		a.Languages = card.languagesFor(a.Task)
	}
	return a
}

// line is a name that somebody gave, as it may be shown.
func line(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == utf8.RuneError {
			return -1
		}
		return r
	}, name)
}

// first is the first text that is not empty.
func first(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

// idOf makes an id of a name: "Opus MT (en→zh)" is opus-mt-en-zh. It is empty where nothing
// is left of it.
func idOf(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '_':
			b.WriteRune(r)
		case r == '.' && b.Len() > 0 && !strings.HasSuffix(b.String(), "."):
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-") && !strings.HasSuffix(b.String(), "."):
			b.WriteByte('-')
		}
	}
	id := b.String()[:min(b.Len(), maxName)]
	return strings.Trim(id, "-._")
}

// unsupported says why files make no pack that this program can use.
func unsupported(format string, args ...any) *inkpool.Error {
	return inkpool.Errorf(inkpool.CodeUnsupportedFormat, format, args...)
}

func tooMany() *inkpool.Error {
	return inkpool.Errorf(inkpool.CodeTooLarge, "there are more than %d files and folders in it", maxEntries).
		WithHint("Give the folder of the model alone.")
}

// unreadable says that the files cannot be read at all, unless err has said what is wrong.
func unreadable(err error) error {
	var known *inkpool.Error
	var packed flate.CorruptInputError
	switch {
	case errors.As(err, &known):
		return err
	case errors.Is(err, zip.ErrChecksum), errors.Is(err, zip.ErrFormat), errors.As(err, &packed), errors.Is(err, io.ErrUnexpectedEOF):
		return brokenZip(err)
	case errors.Is(err, fs.ErrNotExist):
		return inkpool.Errorf(inkpool.CodeNotFound, "it is not there").WithCause(err).WithHint("Check where it is.")
	case errors.Is(err, fs.ErrPermission):
		return inkpool.Errorf(inkpool.CodePermission, "it may not be read").WithCause(err).WithHint("Allow this user to read it.")
	default:
		return inkpool.Errorf(inkpool.CodeUnavailable, "it cannot be read").WithCause(err).
			WithHint("Check that the disk is connected and healthy.")
	}
}
