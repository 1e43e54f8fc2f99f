package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// reading is what a program read from a picture.
type reading struct {
	Path string `json:"path"`
	Text string `json:"text"`
}

// unreadable says that a program could not read some pictures.
type unreadable struct {
	program  string
	pictures []string
	why      string // the end of what the program said, may be empty
}

func (u unreadable) Error() string {
	return strings.TrimSpace(fmt.Sprintf("%s cannot read %q\n%s", u.program, u.pictures, u.why))
}

// parseRows reads lines of JSON with path, text and, where a picture could not be read, an
// error: as Inkpool and the scripts of this folder print them. Failed ones are left out.
func parseRows(out []byte, _ []string) ([]reading, error) {
	var found []reading
	for line := range bytes.Lines(out) {
		row := struct {
			reading
			Error any `json:"error"` // Inkpool's is an object, the scripts' a string
		}{}
		if err := json.Unmarshal(line, &row); err != nil {
			return nil, fmt.Errorf("read output: %w", err)
		}
		if row.Error == nil {
			found = append(found, row.reading)
		}
	}
	return found, nil
}

// parseFormFeeds reads texts in the order of the pictures with a form feed between them, as
// tesseract prints them. It stops at the first picture that it cannot read.
func parseFormFeeds(out []byte, pictures []string) ([]reading, error) {
	if len(out) == 0 {
		return nil, nil // the first one
	}
	texts := strings.Split(string(out), "\f")
	if len(texts) > len(pictures) {
		return nil, fmt.Errorf("read output: %d texts of %d pictures", len(texts), len(pictures))
	}
	var found []reading
	for i, text := range texts {
		found = append(found, reading{Path: pictures[i], Text: text})
	}
	return found, nil
}

// unread lists the pictures of which there is no reading.
func unread(pictures []string, readings []reading) []string {
	read := map[string]bool{}
	for _, r := range readings {
		read[r.Path] = true
	}
	return slices.DeleteFunc(slices.Clone(pictures), func(p string) bool { return read[p] })
}
