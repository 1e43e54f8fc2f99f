package main

import (
	"os"
	"path/filepath"
	"strings"
)

// allContenders returns the tokenizers of the evaluation data, and those that are made for
// the purpose, in scratch, of a training text.
func allContenders(data, scratch, training string) ([]contender, error) {
	out, err := realContenders(filepath.Join(data, "models", "tokenizers"))
	if err != nil {
		return nil, err
	}
	made, err := generate(scratch, training, spmSettings, 3000)
	if err != nil {
		return nil, err
	}
	for _, m := range made {
		c, err := m.contender()
		if err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, nil
}

// realContenders returns what is in a folder of folders of tokenizers.
func realContenders(dir string) ([]contender, error) {
	folders, err := os.ReadDir(dir)
	if err != nil {
		return nil, nil // the evaluation data is not there
	}
	var out []contender
	for _, f := range folders {
		found, err := contendersIn(f.Name(), filepath.Join(dir, f.Name()))
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
	}
	return out, nil
}

func contendersIn(name, dir string) ([]contender, error) {
	var out []contender
	add := func(c contender, err error) error {
		out = append(out, c)
		return err
	}
	if _, err := os.Stat(filepath.Join(dir, "vocab.json")); err == nil {
		if err := add(newMarian(name+" (marian)", dir)); err != nil {
			return nil, err
		}
	}
	files, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		var err error
		switch path := filepath.Join(dir, file.Name()); {
		case strings.HasSuffix(path, "tokenizer.json"):
			err = add(newRust(name, path))
		case strings.HasSuffix(path, ".spm"):
			err = add(newSentencePiece(name+" "+file.Name(), path))
		}
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}
