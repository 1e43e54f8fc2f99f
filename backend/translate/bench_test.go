package translate_test

import (
	"strings"
	"testing"

	"github.com/inkpool/inkpool/backend/modelpack/packtest"
	"github.com/inkpool/inkpool/backend/pool"
	"github.com/inkpool/inkpool/backend/translate"
)

// BenchmarkTranslate is what Inkpool itself does, around a model that does next to nothing:
// `make bench-text` has one of real size.
func BenchmarkTranslate(b *testing.B) {
	text := strings.Join(sentences(40), " ")
	for name, beams := range map[string]int{"greedy": 1, "4 beams": 4} {
		b.Run(name, func(b *testing.B) {
			translator := open(b, packtest.Marian(b), "")
			page := pool.New(1).Page(pool.Request{})
			for b.Loop() {
				if _, err := translator.Translate(b.Context(), page, translate.Request{Text: text, From: "en", To: "zh", Beams: beams}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
