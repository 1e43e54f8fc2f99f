package layout_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/layout"
)

// 2,000 lines are a dense table on a large sheet; an ordinary page has 50 to 150.
func BenchmarkArrange(b *testing.B) {
	r := rand.New(rand.NewPCG(3, 4))
	jitter := func(l inkpool.Line) inkpool.Line {
		for i := range l.Quad {
			l.Quad[i].X += 4 * r.Float64()
			l.Quad[i].Y += 2 * r.Float64()
		}
		return l
	}
	kinds := map[string][]inkpool.Line{}
	for i := range 2000 {
		cell := at(fmt.Sprint(i), float64(i%20)*120+60*r.Float64(), float64(i/20)*30, 50, 20)
		kinds["table"] = append(kinds["table"], jitter(cell))
		prose := at("some text", float64(i/500)*500, float64(i%500)*26, 480, 20)
		kinds["columns"] = append(kinds["columns"], jitter(prose))
		word := at("word", 4000*r.Float64(), 4000*r.Float64(), 40+200*r.Float64(), 20)
		kinds["scattered"] = append(kinds["scattered"], word)
		sideways := down("word", 4000*r.Float64(), 4000*r.Float64(), 40+200*r.Float64())
		if i%2 == 0 {
			sideways = word
		}
		kinds["turned"] = append(kinds["turned"], sideways)
	}
	for name, lines := range kinds {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				layout.Arrange(lines)
			}
		})
	}
}
