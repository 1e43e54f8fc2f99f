package modelpack

import (
	"bytes"
	"errors"
	"io/fs"
	"path"
	"regexp"
	"strings"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// openPlain makes a pack of a folder as people download it: a detector, a recogniser, perhaps
// a classifier, told apart by their names or folders, and perhaps a dictionary. Such a pack
// has no id, no version and no hashes, and the numbers of its generation.
func openPlain(files fs.FS) (*Pack, error) {
	found, err := findPlain(files)
	if err != nil {
		return nil, err
	}
	if !found.isSet() {
		return nil, inkpool.Errorf(inkpool.CodeModelMissing, "this folder is no model pack").
			WithHint("Add models with `inkpool models add FOLDER`, which looks at what they are.")
	}
	return found.manifest().withSizes(files)
}

// isSet reports whether there is one model of each kind that is needed.
func (p plainFiles) isSet() bool {
	return len(p.detectors) == 1 && len(p.recognizers) == 1 && len(p.classifiers) <= 1 && len(p.dictionaries) <= 1
}

// manifest is that of a set, without its files.
func (p plainFiles) manifest() Manifest {
	m := Manifest{Format: Format, About: About{Name: "PP-OCR", Task: TaskOCR}, OCR: &OCR{
		Detector:   Detector{Model: Model{File: p.detectors[0], Generation: generationOf(p.detectors[0])}},
		Recognizer: Recognizer{Model: Model{File: p.recognizers[0], Generation: generationOf(p.recognizers[0])}},
	}}
	if len(p.classifiers) == 1 {
		m.OCR.Classifier = &Classifier{Model: Model{File: p.classifiers[0], Generation: classifierGenerationOf(p.classifiers[0])}}
	}
	if len(p.dictionaries) == 1 {
		m.OCR.Recognizer.Dictionary = p.dictionaries[0]
	}
	return m
}

// looksLikeOCR reports whether there are models of a set of PP-OCR's, complete or not.
func (c contents) looksLikeOCR() bool {
	found := c.plain()
	return len(found.detectors)+len(found.recognizers)+len(found.classifiers) > 0 && len(found.detectors)+len(found.recognizers)+len(found.classifiers) == len(c.with(".onnx"))
}

func (c contents) plain() (found plainFiles) {
	for _, p := range c.paths {
		found.add(p)
	}
	return found
}

// ocr recognises a set of PP-OCR's.
func (c contents) ocr() (Manifest, error) {
	found := c.plain()
	if !found.isSet() {
		return Manifest{}, unsupported("this is no whole set of PP-OCR models: %d that find lines (det), %d that read them (rec), %d that turn them (cls), %d dictionaries",
			len(found.detectors), len(found.recognizers), len(found.classifiers), len(found.dictionaries)).
			WithHint("A set has one .onnx file each with det and rec in its name, perhaps one with cls, and perhaps a dictionary as .txt.")
	}
	m := found.manifest()
	m.guessGeneration(c.files)
	m.Languages = []string{UnknownLanguage}
	return m, c.list(&m, m.OCR.files()...)
}

// withSizes lists the files that the models need, as large as they are.
func (m Manifest) withSizes(files fs.FS) (*Pack, error) {
	for _, name := range m.OCR.files() {
		size, err := sizeOf(files, name)
		if err != nil {
			return nil, err
		}
		if size == 0 || size > maxFile {
			return nil, damaged("%s cannot have %d bytes", name, size)
		}
		m.Files = append(m.Files, File{Path: name, Size: size})
	}
	m.guessGeneration(files)
	return &Pack{Manifest: m, files: files}, nil
}

// files are those that the models are read from.
func (o *OCR) files() []string {
	names := []string{o.Detector.File, o.Recognizer.File}
	if o.Classifier != nil {
		names = append(names, o.Classifier.File)
	}
	if o.Recognizer.Dictionary != "" {
		names = append(names, o.Recognizer.Dictionary)
	}
	return names
}

// plainFiles are the files of a folder by what they seem to be.
type plainFiles struct{ detectors, recognizers, classifiers, dictionaries []string }

// maxDepth is how many folders deep files are looked for: det/, rec/ and cls/ are usual.
const maxDepth = 2

func findPlain(files fs.FS) (found plainFiles, err error) {
	seen := 0
	err = fs.WalkDir(files, ".", func(name string, e fs.DirEntry, err error) error {
		if seen++; seen > maxFiles {
			return fs.SkipAll
		}
		switch {
		case err != nil:
			return err
		case e.IsDir() && name != "." && strings.Count(name, "/")+1 >= maxDepth:
			return fs.SkipDir
		case !e.IsDir() && isInside(name):
			found.add(name)
		}
		return nil
	})
	if errors.Is(err, fs.ErrNotExist) {
		return found, inkpool.Errorf(inkpool.CodeModelMissing, "there is no model pack").WithCause(err).
			WithHint("Check where the folder is.")
	}
	if err != nil {
		return found, damaged("its folder cannot be read").WithCause(err)
	}
	return found, nil
}

func (p *plainFiles) add(name string) {
	switch path.Ext(name) {
	case ".txt":
		if words := strings.ToLower(path.Base(name)); strings.Contains(words, "dict") || strings.Contains(words, "keys") {
			p.dictionaries = append(p.dictionaries, name)
		}
	case ".onnx":
		switch roleOf(name) {
		case "det":
			p.detectors = append(p.detectors, name)
		case "rec":
			p.recognizers = append(p.recognizers, name)
		case "cls":
			p.classifiers = append(p.classifiers, name)
		}
	}
}

// roleOf tells what a model does: by its name, else by the folder that it lies in.
func roleOf(name string) string {
	if role := roleIn(path.Base(name)); role != "" {
		return role
	}
	return roleIn(path.Dir(name))
}

func roleIn(words string) string {
	for _, w := range strings.FieldsFunc(strings.ToLower(words), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') }) {
		switch w {
		case "det", "detection", "detector":
			return "det"
		case "rec", "recognition", "recognizer":
			return "rec"
		case "cls", "ori", "classifier":
			return "cls"
		}
	}
	return ""
}

// generationName is how the names of PP-OCR's files say which generation they are of.
var generationName = regexp.MustCompile(`(?i)(?:ppocr|pp-ocr|pp_ocr|^|[^a-z0-9])v([3-6])(?:[^0-9]|$)`)

// generationOf is what a name says; empty when it does not.
func generationOf(name string) Generation {
	if found := generationName.FindStringSubmatch(name); found != nil {
		return Generation("PP-OCRv" + found[1])
	}
	return ""
}

// classifierGenerationOf: PP-OCRv5 came with a classifier of another kind, by the name of its
// network.
func classifierGenerationOf(name string) Generation {
	if name = strings.ToLower(name); strings.Contains(name, "lcnet") || strings.Contains(name, "textline") {
		return PPOCRv5
	}
	return PPOCRv4
}

// manyCharacters is more than any dictionary before PP-OCRv5 has, 6,623, and less than that
// one's 18,383.
const manyCharacters = 10000

// guessGeneration fills in what names have not said: models without a dictionary carry their
// own, as the files of PP-OCRv5 and v6 do, and large dictionaries are as new.
func (m *Manifest) guessGeneration(files fs.FS) {
	guess := PPOCRv4
	if d := m.OCR.Recognizer.Dictionary; d == "" {
		guess = PPOCRv5
	} else if data, err := readSmall(files, d); err == nil && bytes.Count(data, []byte("\n")) > manyCharacters {
		guess = PPOCRv5
	}
	for _, g := range []*Generation{&m.OCR.Detector.Generation, &m.OCR.Recognizer.Generation} {
		if *g == "" {
			*g = guess
		}
	}
}
