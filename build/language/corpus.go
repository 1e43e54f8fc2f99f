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

// found is a line and the language that its file is in.
type found struct {
	code string
	line
}

// readers is how many packages are read at once.
const readers = 4

// gather reads what is written in any language in the unpacked packages, one folder each.
func gather(root string) (corpus, error) {
	packages, err := os.ReadDir(root)
	if err != nil {
		return nil, err
	}
	type reading struct {
		lines []found
		err   error
	}
	free := make(chan struct{}, readers)
	done := make([]chan reading, len(packages)) // in order: the first package that has a line keeps it
	for i, p := range packages {
		done[i] = make(chan reading, 1)
		go func() {
			free <- struct{}{}
			lines, err := readPackage(filepath.Join(root, p.Name()), p.Name())
			done[i] <- reading{lines, err}
			<-free
		}()
	}
	g := gathering{lines: corpus{}, languagesOf: map[uint64]int{}, seen: map[string]map[uint64]bool{}}
	for i, p := range packages {
		r := <-done[i]
		if r.err != nil {
			return nil, fmt.Errorf("read package %s: %w", p.Name(), r.err)
		}
		for _, f := range r.lines {
			g.add(f.code, f.line)
		}
	}
	return g.finish(), nil
}

// readPackage returns the usable lines of a package.
func readPackage(dir, name string) (lines []found, err error) {
	seen := map[found]bool{}
	add := func(code, text string) {
		f := found{code, line{name, clean(text)}}
		if code != "" && !seen[f] && usable(code, f.text) {
			lines = append(lines, f)
		}
		seen[f] = true
	}
	err = filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return err
		}
		locale, read := readerOf(filepath.ToSlash(path))
		if read == nil {
			return nil
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, t := range read(data) {
			add(codeOf(locale), t.translated)
			add("en", t.english)
		}
		return nil
	})
	return lines, err
}

// gathering is a corpus that grows.
type gathering struct {
	lines       corpus
	languagesOf map[uint64]int             // how many languages a line is found in
	seen        map[string]map[uint64]bool // lines of each language
}

func (g *gathering) add(code string, l line) {
	h := fnv.New64a()
	h.Write([]byte(l.text))
	if g.seen[code] == nil {
		g.seen[code] = map[uint64]bool{}
	}
	if g.seen[code][h.Sum64()] {
		return
	}
	g.seen[code][h.Sum64()] = true
	g.languagesOf[h.Sum64()]++
	g.lines[code] = append(g.lines[code], l)
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
