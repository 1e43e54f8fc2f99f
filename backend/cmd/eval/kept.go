package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/inkpool/inkpool/backend/score"
)

// kept is a reader whose readings are kept in a folder: what a peer reads does not change
// with our program, and takes minutes. Only pages that it has not read yet are read. Readings
// from the folder have no cost.
type kept struct {
	rival
	dir   string // "" keeps nothing
	notes io.Writer
}

func (k kept) read(ctx context.Context, c collection) (outcome, error) {
	if k.dir == "" {
		return k.rival.read(ctx, c)
	}
	key, err := k.key()
	if err != nil {
		return outcome{}, err
	}
	file := filepath.Join(k.dir, key+".json")
	texts, err := readTexts(file)
	if err != nil {
		return outcome{}, err
	}
	sums, err := sumsOf(c)
	if err != nil {
		return outcome{}, err
	}
	spent, err := k.readMissing(ctx, c, sums, texts, file)
	if err != nil {
		return outcome{}, err
	}
	var rows []row
	for i, name := range c.files() {
		rows = append(rows, row{Path: name, Text: texts[sums[i]]})
	}
	return outcome{output: encodeRows(rows), cost: spent}, nil
}

// readMissing adds to texts the pages of c that are not there, by their sums, and writes the
// file anew. The cost is known if that was all pages.
func (k kept) readMissing(ctx context.Context, c collection, sums []string, texts map[string]string, file string) (*cost, error) {
	missing := collection{name: c.name, dir: c.dir}
	for i, p := range c.pages {
		if _, known := texts[sums[i]]; !known {
			missing.pages = append(missing.pages, p)
		}
	}
	if len(missing.pages) == 0 {
		return nil, nil
	}
	fmt.Fprintf(k.notes, "eval: %s reads %d pages, once: its texts are kept in %s\n", k.name(), len(missing.pages), file)
	o, err := k.rival.read(ctx, missing)
	if err != nil {
		return nil, err
	}
	read, err := score.ReadPredictions(bytes.NewReader(o.output))
	if err != nil {
		return nil, fmt.Errorf("output of %s: %w", k.name(), err)
	}
	for i, p := range c.pages {
		if slices.ContainsFunc(missing.pages, func(m score.Page) bool { return m.File == p.File }) {
			texts[sums[i]], _ = read.Text(p.File)
		}
	}
	if len(missing.pages) < len(c.pages) {
		o.cost = nil
	}
	return o.cost, writeTexts(file, texts)
}

// key names everything beside the pages that the readings depend on: the program's version,
// how we run it, and the models.
func (k kept) key() (string, error) {
	h := sha256.New()
	fmt.Fprintln(h, k.name(), k.version())
	for _, name := range k.inputs() {
		if err := copyFile(h, name); err != nil && !os.IsNotExist(err) { // without it the peer fails
			return "", fmt.Errorf("hash %q: %w", name, err)
		}
	}
	return k.name() + "-" + hex.EncodeToString(h.Sum(nil)[:8]), nil
}

// sumsOf are hashes of what the readings of each page depend on: the file's name, its content
// and the language.
func sumsOf(c collection) ([]string, error) {
	var sums []string
	for i, file := range c.files() {
		h := sha256.New()
		fmt.Fprintln(h, c.pages[i].File, c.pages[i].Lang)
		if err := copyFile(h, file); err != nil && !os.IsNotExist(err) { // the reader says what is missing
			return nil, fmt.Errorf("hash %q: %w", file, err)
		}
		sums = append(sums, hex.EncodeToString(h.Sum(nil)[:16]))
	}
	return sums, nil
}

func copyFile(to io.Writer, name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = io.Copy(to, f)
	return err
}

// readTexts reads what writeTexts wrote, nothing where there is no file.
func readTexts(file string) (map[string]string, error) {
	texts := map[string]string{}
	data, err := os.ReadFile(file)
	if os.IsNotExist(err) {
		return texts, nil
	}
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(data, &texts); err != nil {
		return nil, fmt.Errorf("read %q: %w: delete it to read the pages anew", file, err)
	}
	return texts, nil
}

func writeTexts(file string, texts map[string]string) error {
	data, err := json.MarshalIndent(texts, "", " ")
	if err != nil {
		return err
	}
	return write(file, data)
}

// write writes a file as a whole or not at all, and makes the folder that it lies in.
func write(file string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	part := file + ".part"
	if err := os.WriteFile(part, data, 0o644); err != nil {
		return err
	}
	return os.Rename(part, file)
}
