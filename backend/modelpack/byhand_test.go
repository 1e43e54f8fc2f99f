package modelpack_test

import (
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/modelpack"
)

// A model that somebody has put on the shelf by hand is looked at like one that is installed,
// before the runtime sees it.
func TestModelsOnTheShelfAreChecked(t *testing.T) {
	for name, c := range map[string]struct {
		model model
		want  inkpool.Code
	}{
		"a sound one":                  {model{}, ""},
		"weights outside of the pack":  {model{location: "../../../secret", length: 16}, inkpool.CodeInvalid},
		"operators of somebody's own":  {model{domain: "evil.corp"}, inkpool.CodeUnsupportedFormat},
		"operators of a newer runtime": {model{opset: 99}, inkpool.CodeUnsupportedFormat},
	} {
		shelf := modelpack.Shelf{Dir: t.TempDir()}
		folder := t.TempDir()
		write(t, folder, fstest.MapFS{"net.onnx": {Data: model{}.bytes()}, "labels.txt": {Data: []byte("a\nb\nc\n")}})
		added, err := shelf.Add(t.Context(), []string{folder}, modelpack.Wish{ID: "net"}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Remove(filepath.Join(added.Pack.Dir, "net.onnx")); err != nil {
			t.Fatal(err)
		}
		write(t, added.Pack.Dir, fstest.MapFS{"net.onnx": {Data: c.model.bytes()}})
		if _, err := added.Pack.Model("net.onnx"); inkpool.CodeOf(err) != c.want {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
}
