package engine_test
import ("testing";"os";"path/filepath";"fmt";"github.com/inkpool/inkpool/backend/engine";"github.com/inkpool/inkpool/backend/bundle";"github.com/inkpool/inkpool/backend/inkpool")
func TestZZ(t *testing.T) {
	b, _ := bundle.Embedded()
	e := engine.New(engine.Options{Bundle: b, CacheDir: "/tmp/w/cache", Workers: 2})
	if err := e.Warm(t.Context()); err != nil { t.Fatal(err) }
	es, _ := os.ReadDir("../../samples")
	for _, f := range es {
		r, err := e.Process(t.Context(), inkpool.Task{Path: filepath.Join("../../samples", f.Name()), Page: 1})
		fmt.Printf("== %s %v %v total %v wait %v infer %v lines %d\n%s\n", f.Name(), err, r.Kind, r.Timing.Total, r.Timing.Wait, r.Timing.Infer, len(r.Lines), r.Text)
	}
	t.Fatal()
}
