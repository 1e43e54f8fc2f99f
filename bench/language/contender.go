package main

import (
	"context"
	"strings"

	"github.com/abadojack/whatlanggo"
	"github.com/inkpool/inkpool/backend/language"
)

// contender tells the language of a text, as a BCP 47 code.
type contender interface {
	name() string
	knows(code string) bool
	detect(ctx context.Context, text string) (string, error)
}

type inkpool struct{ detector *language.Detector }

func (inkpool) name() string      { return "inkpool" }
func (inkpool) knows(string) bool { return true }

func (i inkpool) detect(ctx context.Context, text string) (string, error) {
	l, err := i.detector.Detect(ctx, text)
	return l.Code, err
}

type whatlang struct{}

func (whatlang) name() string { return "whatlanggo" }

func (whatlang) knows(code string) bool {
	if code == "sr-Latn" {
		return false // it expects Serbian in Cyrillic letters
	}
	for l := range whatlanggo.Langs {
		if same(code, l.Iso6391()) {
			return true
		}
	}
	return false
}

func (whatlang) detect(_ context.Context, text string) (string, error) {
	return whatlanggo.Detect(text).Lang.Iso6391(), nil
}

// same reports whether an answer is right, generously: whatlanggo does not tell the two ways
// of writing Chinese, and it tells those of Norwegian, which Inkpool does not.
func same(want, got string) bool {
	base, _, _ := strings.Cut(want, "-")
	return want == got || base == got || got == "nb" && want == "no" || got == "nn" && want == "no"
}
