package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"strings"

	"github.com/inkpool/inkpool/bench/peer"
)

// tesseract is Debian's, run once for each picture with the language that the index names.
type tesseract struct {
	versions string
	known    []string // languages that are installed
	notes    io.Writer
}

// openTesseract returns nil if there is no tesseract that reads English and Chinese.
func openTesseract(ctx context.Context, notes io.Writer) rival {
	known := peer.TesseractLanguages(ctx)
	if !slices.Contains(known, "eng") || !slices.Contains(known, "chi_sim") {
		fmt.Fprintln(notes, "eval: tesseract is left out: apt-get install tesseract-ocr tesseract-ocr-chi-sim adds it")
		return nil
	}
	return tesseract{versions: peer.Version(ctx, "tesseract", "--version"), known: known, notes: notes}
}

func (t tesseract) name() string            { return peerTesseract }
func (t tesseract) version() string         { return t.versions + " (" + strings.Join(t.known, ", ") + ")" }
func (t tesseract) inputs() []string        { return nil }
func (t tesseract) takes(c collection) bool { return !c.texts }

func (t tesseract) read(ctx context.Context, c collection) (outcome, error) {
	pictures, remove, err := c.pictures()
	if err != nil {
		return outcome{}, err
	}
	defer remove()
	var rows []row
	var total cost
	for _, p := range pictures {
		text, spent := t.readOne(ctx, p)
		if err := ctx.Err(); err != nil {
			return outcome{}, err // what is missing is not the picture's fault
		}
		rows = append(rows, row{Path: p.file, Text: text})
		total.WallSeconds += spent.WallSeconds
		total.CPUSeconds += spent.CPUSeconds
	}
	return outcome{output: encodeRows(rows), cost: &total}, nil
}

// readOne reads a picture; one that cannot be read has no text, and that is said on notes.
func (t tesseract) readOne(ctx context.Context, p picture) (string, *cost) {
	var out, log bytes.Buffer
	cmd := exec.CommandContext(ctx, "tesseract", p.given, "stdout", "-l", t.languages(p.lang))
	cmd.Stdout, cmd.Stderr = &out, &log
	spent, err := runTimed(cmd)
	if err != nil {
		fmt.Fprintf(t.notes, "tesseract: %s: %v\n%s", p.file, err, log.String())
		return "", spent
	}
	return strings.ReplaceAll(out.String(), "\f", ""), spent
}

// languages are tesseract's names for a language of an index, such as "zh+en". What is not
// installed is left out, and English is what is left.
func (t tesseract) languages(lang string) string {
	names := map[string]string{
		"en": "eng", "zh": "chi_sim", "zh-Hant": "chi_tra", "ja": "jpn", "ko": "kor", "sr": "srp",
		"de": "deu", "fr": "fra", "it": "ita", "es": "spa", "pt": "por", "nl": "nld",
	}
	var found []string
	for one := range strings.SplitSeq(lang, "+") {
		if name := names[one]; slices.Contains(t.known, name) {
			found = append(found, name)
		} else if one == "zh-Hant" {
			found = append(found, "chi_sim")
		}
	}
	if len(found) == 0 {
		return "eng"
	}
	return strings.Join(found, "+")
}
