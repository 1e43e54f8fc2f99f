package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
)

// made is a tokenizer that was trained for the comparison.
type made struct {
	name string // a file name without its ending
	file string // .json or .spm
}

func (m made) contender() (contender, error) {
	if filepath.Ext(m.file) == ".spm" {
		return newSentencePiece(m.name, m.file)
	}
	return newRust(m.name, m.file)
}

// generate trains models with all settings on a text and writes them to dir, in all the
// forms that models come in.
func generate(dir, training string, settings []spmSetting, pieces int) ([]made, error) {
	text := filepath.Join(dir, "training.txt")
	if err := os.WriteFile(text, []byte(training), 0o600); err != nil {
		return nil, err
	}
	var out []made
	models := map[string]*spmModel{}
	for _, s := range settings {
		file := filepath.Join(dir, s.name+".spm")
		if err := s.train(text, file, pieces); err != nil {
			return nil, err
		}
		m, err := readSPM(file)
		if err != nil {
			return nil, err
		}
		models[s.name] = m
		out = append(out, made{s.name, file})
	}
	base := map[string]object{}
	for _, kind := range []string{"bytes", "words"} {
		o, err := trainRust(dir, kind, text)
		if err != nil {
			return nil, err
		}
		base[kind] = o
	}
	for _, v := range variants(models, base) {
		file := filepath.Join(dir, v.name+".json")
		data, err := json.Marshal(v.tokenizer)
		if err != nil {
			return nil, err
		}
		if err := os.WriteFile(file, data, 0o600); err != nil {
			return nil, err
		}
		out = append(out, made{v.name, file})
	}
	return out, nil
}

// spmSetting is how spm_train is called.
type spmSetting struct {
	name string
	args []string
}

// spmSettings has every setting that changes how a model cuts texts.
var spmSettings = []spmSetting{
	{"unigram", []string{"--model_type=unigram"}},
	{"unigram-bytes", []string{"--model_type=unigram", "--byte_fallback=true", "--split_digits=true"}},
	{"unigram-identity", []string{"--model_type=unigram", "--normalization_rule_name=identity", "--remove_extra_whitespaces=false"}},
	{"unigram-suffix", []string{"--model_type=unigram", "--treat_whitespace_as_suffix=true", "--user_defined_symbols=<mask>,NewWord"}},
	{"unigram-fold", []string{"--model_type=unigram", "--normalization_rule_name=nmt_nfkc_cf", "--add_dummy_prefix=false"}},
	{"pairs", []string{"--model_type=bpe"}},
	{"pairs-bytes", []string{"--model_type=bpe", "--byte_fallback=true", "--normalization_rule_name=identity", "--remove_extra_whitespaces=false"}},
	{"pairs-user", []string{"--model_type=bpe", "--user_defined_symbols=<mask>,NewWord, the", "--add_dummy_prefix=false"}},
}

func (s spmSetting) train(text, file string, pieces int) error {
	prefix := file[:len(file)-len(filepath.Ext(file))]
	args := append([]string{"--input=" + text, "--model_prefix=" + prefix, "--vocab_size=" + strconv.Itoa(pieces),
		"--hard_vocab_limit=false", "--character_coverage=0.995", "--num_threads=1", "--minloglevel=2"}, s.args...)
	if out, err := exec.Command("spm_train", args...).CombinedOutput(); err != nil {
		return fmt.Errorf("spm_train %s: %w\n%s", s.name, err, out)
	}
	return os.Rename(prefix+".model", file)
}

// trainRust trains a tokenizer.json of a kind that train.mjs knows.
func trainRust(dir, kind, text string) (object, error) {
	file := filepath.Join(dir, kind+"-trained.json")
	if out, err := exec.Command("node", filepath.Join(folder, "train.mjs"), kind, text, file).CombinedOutput(); err != nil {
		return nil, fmt.Errorf("train %s: %w\n%s", kind, err, out)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var o object
	return o, json.Unmarshal(data, &o)
}
