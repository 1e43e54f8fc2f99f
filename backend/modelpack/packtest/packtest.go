// Package packtest has small models for tests, as folders that Hugging Face would serve: the
// names, inputs, outputs and configurations are real, the weights are made up so that a test can
// foretell what comes out.
//
// Translators translate word for word: step t of the decoder names the piece that stands for
// the source's piece t, so the output is as long as the input, ends with it, and is the same in
// full precision and quantised. Pieces that both languages have, such as digits, Latin letters
// and punctuation, stand for themselves. Classifiers of texts count words ("good", "bad";
// "london", "google"), the classifier of pictures compares mean colours.
//
// bench/models/make.py writes them, `make small-models` anew; together they are 0.7 MB when
// packed.
package packtest

import (
	"embed"
	"io/fs"
	"os"
	"testing"
)

//go:embed testdata
var files embed.FS

// Marian returns a folder laid out as Xenova/opus-mt-en-zh is: a merged decoder, two
// SentencePiece models, target tokens >>cmn_Hans<< and >>cmn_Hant<<, and all of it quantised
// as well.
func Marian(t testing.TB) string { return folder(t, "marian") }

// MarianSplit is Marian with the older pair of decoders, decoder_model and
// decoder_with_past_model, in full precision only.
func MarianSplit(t testing.TB) string { return folder(t, "marian-split") }

// NLLB returns a folder laid out as Xenova/nllb-200-distilled-600M is, with the languages
// eng_Latn, zho_Hans, zho_Hant and bod_Tibt: one tokenizer.json for all. Whatever the
// languages, each piece stands for itself.
func NLLB(t testing.TB) string { return folder(t, "nllb") }

// Sentiment returns a classifier of texts: POSITIVE or NEGATIVE.
func Sentiment(t testing.TB) string { return folder(t, "sentiment") }

// Topics returns a classifier of texts to which several labels may apply: sport, money, weather.
func Topics(t testing.TB) string { return folder(t, "topics") }

// Entities returns a classifier of words: B-PER, I-PER, B-LOC, I-LOC, B-ORG, I-ORG or O.
func Entities(t testing.TB) string { return folder(t, "entities") }

// Colours returns a classifier of pictures: red, green, blue, bright or dark.
func Colours(t testing.TB) string { return folder(t, "colours") }

// folder copies one of the models to a folder of the test's own, and returns its path.
func folder(t testing.TB, name string) string {
	t.Helper()
	below, err := fs.Sub(files, "testdata/"+name)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, below); err != nil {
		t.Fatal(err)
	}
	return dir
}
