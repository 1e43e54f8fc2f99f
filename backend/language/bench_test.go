package language_test

import (
	"strings"
	"testing"

	"github.com/inkpool/inkpool/backend/language"
)

func BenchmarkDetect(b *testing.B) {
	d := language.New(load(b))
	for name, text := range map[string]string{
		"word":     "Rechnung",
		"sentence": "Der Laden um die Ecke öffnet morgens um neun Uhr.",
		"chinese":  "街角的商店早上九点开门。",
		"1MB":      strings.Repeat("Der Laden um die Ecke öffnet morgens um neun Uhr. ", 20_000),
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := d.Detect(b.Context(), text); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
