package modelpack

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// Format is the form of manifest that this program knows.
const Format = 1

// Task is what the models of a pack do.
type Task string

// The tasks. Those that give labels have the names that the field uses.
const (
	TaskOCR       Task = "ocr"
	TaskTranslate Task = "translation"
	TaskText      Task = "text-classification"
	TaskTokens    Task = "token-classification"
	TaskImage     Task = "image-classification"
)

// Tasks lists all tasks.
func Tasks() []Task { return []Task{TaskOCR, TaskTranslate, TaskText, TaskTokens, TaskImage} }

// Labels reports whether models for the task give labels.
func (t Task) Labels() bool { return t == TaskText || t == TaskTokens || t == TaskImage }

// About says what a pack is.
type About struct {
	ID        string   `json:"id"` // lower case, such as "pp-ocrv6-small"
	Name      string   `json:"name"`
	Task      Task     `json:"task"`
	Version   string   `json:"version"`
	Languages []string `json:"languages"` // BCP 47 tags, the most important first; "mul", "und" and "zxx": see NoLanguage
	Licence   string   `json:"licence"`   // SPDX identifier; see UnknownLicence
	Source    string   `json:"source"`    // where it comes from, for people
}

// What a manifest has where there is nothing better to say. BCP 47 has tags for it, and SPDX a
// prefix for licences that it does not know.
const (
	ManyLanguages   = "mul"
	UnknownLanguage = "und"
	NoLanguage      = "zxx" // of pictures
	UnknownLicence  = "LicenseRef-unknown"
)

// Manifest is the content of inkpool.json.
type Manifest struct {
	Format int `json:"format"`
	About
	Files []File `json:"files"`
	OCR   *OCR   `json:"ocr,omitempty"` // of TaskOCR

	Translation *Translation `json:"translation,omitempty"` // of TaskTranslate
	Labelling   *Labelling   `json:"labelling,omitempty"`   // of the tasks that give labels
}

// File is one file of a pack.
type File struct {
	Path   string `json:"path"`   // below the pack's folder, with "/"
	Size   int64  `json:"size"`   // bytes
	SHA256 string `json:"sha256"` // hexadecimal; empty only where there is no manifest
}

// file returns the entry of a file.
func (m Manifest) file(name string) (File, bool) {
	at := slices.IndexFunc(m.Files, func(f File) bool { return f.Path == name })
	if at < 0 {
		return File{}, false
	}
	return m.Files[at], true
}

// RightToLeft reports whether the pack reads a script that runs from right to left. The first
// of its languages decides: packs for such scripts read Latin letters too.
func (a About) RightToLeft() bool {
	if len(a.Languages) == 0 {
		return false
	}
	language, _, _ := strings.Cut(strings.ToLower(a.Languages[0]), "-")
	return slices.Contains([]string{"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"}, language)
}

// Parse reads a manifest and checks it. Fields that this program does not know are refused:
// whoever wrote them relies on them.
func Parse(data []byte) (Manifest, error) {
	var head struct {
		Format int `json:"format"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return Manifest{}, damaged("its manifest is no JSON object of the right form").WithCause(err)
	}
	if head.Format > Format {
		return Manifest{}, inkpool.Errorf(inkpool.CodeModelCorrupt, "this model pack was made for a newer Inkpool").
			WithHint("Install a newer Inkpool, or an older version of the pack.")
	}
	var m Manifest
	if err := decodeStrictly(data, &m); err != nil {
		return Manifest{}, damaged("its manifest has something that this program does not know").WithCause(err)
	}
	if err := m.check(); err != nil {
		return Manifest{}, err
	}
	return m, nil
}

// decodeStrictly refuses unknown fields and what follows the value.
func decodeStrictly(data []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("there is more behind the end")
	}
	return nil
}

func (m Manifest) check() error {
	if m.Format != Format {
		return damaged("its manifest has no format of %d", Format)
	}
	if err := m.About.check(); err != nil {
		return err
	}
	if len(m.Files) == 0 || len(m.Files) > maxFiles {
		return damaged("its manifest lists %d files", len(m.Files))
	}
	for i, f := range m.Files {
		if err := f.check(); err != nil {
			return err
		}
		if first, _ := m.file(f.Path); first != m.Files[i] {
			return damaged("its manifest lists %s twice", f.Path)
		}
	}
	return m.checkSections()
}

// checkSections reports whether the section of the manifest's task is right, and there is no
// other.
func (m Manifest) checkSections() error {
	if m.OCR != nil && m.Task != TaskOCR || m.Translation != nil && m.Task != TaskTranslate ||
		m.Labelling != nil && !m.Task.Labels() {
		return damaged("its manifest has numbers for another task than %q", string(m.Task))
	}
	switch {
	case m.Task == TaskTranslate:
		return m.Translation.check(m)
	case m.Task.Labels():
		return m.Labelling.check(m)
	default:
		return m.OCR.check(m)
	}
}

// maxFiles is far above what any pack needs.
const maxFiles = 1000

// Ids and versions are names of folders on every system: no separators, no "..", and ids that
// differ by case only do not exist.
var (
	idForm      = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]*([.][a-z0-9_-]+)*$`)
	versionForm = regexp.MustCompile(`^[0-9A-Za-z_+-]+([.][0-9A-Za-z_+-]+)*$`)
	hashForm    = regexp.MustCompile(`^[0-9a-f]{64}$`)
)

// maxName is the longest id or version.
const maxName = 64

func (a About) check() error {
	switch {
	case !isID(a.ID):
		return damaged("%q is no id of a pack", a.ID)
	case !isVersion(a.Version):
		return damaged("%q is no version", a.Version)
	case a.Name == "" || a.Licence == "" || a.Source == "" || len(a.Languages) == 0:
		return damaged("its manifest needs a name, a licence, a source and languages")
	case !isLine(a.Name, a.Licence, a.Source) || !isLine(a.Languages...):
		return damaged("its manifest has a name, a licence, a source or a language that is no line of text")
	case !slices.Contains(Tasks(), a.Task):
		return damaged("this program does not know what a pack for %q is", string(a.Task))
	}
	return nil
}

// isLine reports whether texts can be shown in a line: they come from anywhere, and terminals
// do what control characters say.
func isLine(texts ...string) bool {
	return !slices.ContainsFunc(texts, func(s string) bool {
		return len(s) > maxLine || !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl)
	})
}

// maxLine is how many bytes a text in a manifest may have.
const maxLine = 1000

func isID(s string) bool      { return len(s) <= maxName && idForm.MatchString(s) }
func isVersion(s string) bool { return len(s) <= maxName && versionForm.MatchString(s) }

// maxFile is what one file may have: protobuf, which ONNX is made of, ends at 2 GB.
const maxFile = 2 << 30

func (f File) check() error {
	switch {
	case !isInside(f.Path) || f.Path == ManifestName:
		return damaged("%q is no path within a pack", f.Path)
	case f.Size <= 0 || f.Size > maxFile:
		return damaged("%s cannot have %d bytes", f.Path, f.Size)
	case !hashForm.MatchString(f.SHA256):
		return damaged("%s has no SHA-256 of 64 small hexadecimal digits", f.Path)
	}
	return nil
}

// isInside reports whether a path stays in its pack on every system, and can be shown.
func isInside(name string) bool {
	return fs.ValidPath(name) && name != "." && !strings.ContainsAny(name, "\\:") && isLine(name)
}
