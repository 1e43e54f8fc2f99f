package label_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/inkpool/inkpool/backend/label"
	"github.com/inkpool/inkpool/backend/modelpack/packtest"
	"github.com/inkpool/inkpool/backend/pool"
	"github.com/inkpool/inkpool/backend/raster"
)

// BenchmarkImage is a small network, so that making pictures ready counts.
func BenchmarkImage(b *testing.B) {
	dir := packtest.Colours(b)
	f, load := realModel(b, readFile(b, dir, "onnx", "model.onnx"))
	f.Config, f.Preprocessor = readFile(b, dir, "config.json"), readFile(b, dir, "preprocessor_config.json")
	l := mustImage(b, f, load)
	for _, size := range [][2]int{{640, 480}, {4000, 3000}} {
		b.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(b *testing.B) {
			im := flat(size[0], size[1], raster.RGB{200, 90, 30})
			b.ReportAllocs()
			for b.Loop() {
				if _, err := l.Label(b.Context(), page(), im); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// textLengths are texts of a sentence, a page and a chapter.
var textLengths = map[string]string{
	"sentence": "The weather in London was not bad at all.",
	"page":     strings.Repeat("The weather in London was not bad at all. ", 60),
	"chapter":  strings.Repeat("The weather in London was not bad at all. ", 1500),
}

func BenchmarkText(b *testing.B) {
	f, load := folderFiles(b, packtest.Sentiment(b), "model.onnx")
	l := mustText(b, f, load)
	slots := pool.New(2)
	for name, text := range textLengths {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := l.Label(b.Context(), slots.Page(pool.Request{}), text); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkTokens(b *testing.B) {
	f, load := folderFiles(b, packtest.Entities(b), "model.onnx")
	l := mustTokens(b, f, label.First, load)
	slots := pool.New(2)
	for name, text := range textLengths {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := l.Label(b.Context(), slots.Page(pool.Request{}), text); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
