package main

import (
	"bufio"
	"cmp"
	"fmt"
	"hash/fnv"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// line is a sentence, paragraph or name in a language.
type line struct {
	pkg  string // Debian package that it is from
	text string
}

// corpus has the lines of each language, by its BCP 47 code.
type corpus map[string][]line

// perLanguage bounds the lines of a language. More of them did not help, and take memory.
const perLanguage = 150_000

// namesIn is in how many languages a line may be found. One in more is a name, or was
// never translated.
const namesIn = 3

// gather reads what is written in any language in the unpacked packages, one folder each.
func gather(root string) (corpus, error) {
	packages, err := os.ReadDir(root)
	if err != nil {
		return nil, err
	}
	g := gathering{lines: corpus{}, languagesOf: map[uint64]int{}, seen: map[string]map[uint64]bool{}}
	for _, p := range packages {
		if err := g.addPackage(filepath.Join(root, p.Name()), p.Name()); err != nil {
			return nil, fmt.Errorf("read package %s: %w", p.Name(), err)
		}
	}
	return g.finish(), nil
}

// gathering is a corpus that grows.
type gathering struct {
	lines       corpus
	languagesOf map[uint64]int             // how many languages a line is found in
	seen        map[string]map[uint64]bool // lines of each language
}

func (g *gathering) addPackage(dir, name string) error {
	return filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return err
		}
		locale, read := readerOf(filepath.ToSlash(path), name)
		if read == nil {
			return nil
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, t := range read(data) {
			g.add(codeOf(locale), name, t.translated)
			g.add("en", name, t.english)
		}
		return nil
	})
}

func (g *gathering) add(code, pkg, text string) {
	text = clean(text)
	if code == "" || !usable(code, text) {
		return
	}
	h := fnv.New64a()
	h.Write([]byte(text))
	if g.seen[code] == nil {
		g.seen[code] = map[uint64]bool{}
	}
	if g.seen[code][h.Sum64()] {
		return
	}
	g.seen[code][h.Sum64()] = true
	g.languagesOf[h.Sum64()]++
	g.lines[code] = append(g.lines[code], line{pkg, text})
}

// finish takes away names and what was not translated, and bounds the rest: the order by
// hash is a draw that comes out the same every time.
func (g *gathering) finish() corpus {
	english := g.seen["en"]
	for code, lines := range g.lines {
		type drawn struct {
			line
			hash uint64
		}
		var kept []drawn
		for _, l := range lines {
			h := fnv.New64a()
			h.Write([]byte(l.text))
			if g.languagesOf[h.Sum64()] > namesIn || code != "en" && english[h.Sum64()] {
				continue
			}
			kept = append(kept, drawn{l, h.Sum64()})
		}
		slices.SortFunc(kept, func(a, b drawn) int { return cmp.Compare(a.hash, b.hash) })
		kept = kept[:min(len(kept), perLanguage)]
		g.lines[code] = make([]line, len(kept))
		for i, k := range kept {
			g.lines[code][i] = k.line
		}
	}
	return g.lines
}

func (c corpus) size() (n int) {
	for _, lines := range c {
		n += len(lines)
	}
	return n
}

// store writes a corpus: language, package and text in a line, with tabs between.
func (c corpus) store(path string) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	w := bufio.NewWriter(f)
	for _, code := range slices.Sorted(maps.Keys(c)) {
		for _, l := range c[code] {
			fmt.Fprintf(w, "%s\t%s\t%s\n", code, l.pkg, l.text)
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return f.Close()
}

// loadCorpus reads what store has written.
func loadCorpus(path string) (corpus, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	c := corpus{}
	s := bufio.NewScanner(f)
	s.Buffer(nil, 1<<20)
	for s.Scan() {
		part := strings.SplitN(s.Text(), "\t", 3)
		if len(part) != 3 {
			return nil, fmt.Errorf("%s: bad line %q", path, s.Text())
		}
		c[part[0]] = append(c[part[0]], line{part[1], part[2]})
	}
	return c, s.Err()
}
