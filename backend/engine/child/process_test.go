package child

import (
	"bytes"
	"testing"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// A child of another version has not died: it says that it is of no use.
func TestChildOfAnotherVersion(t *testing.T) {
	var out bytes.Buffer
	if err := writeFrame(&out, hello{Version: wireVersion + 1}); err != nil {
		t.Fatal(err)
	}
	p := &process{out: &out}
	err := p.listen()
	if got := inkpool.CodeOf(err); got != inkpool.CodeConflict || p.fate() != fateRefused {
		t.Errorf("got %q (%v) and fate %d, want %q and %d", got, err, p.fate(), inkpool.CodeConflict, fateRefused)
	}
}

// A child that dies while it answers has ended by itself; what prints has not.
func TestStreamEnded(t *testing.T) {
	var whole bytes.Buffer
	if err := writeFrame(&whole, hello{Version: wireVersion}); err != nil {
		t.Fatal(err)
	}
	frame := whole.Bytes()
	broken := bytes.Clone(frame)
	broken[len(broken)-1]++
	for name, c := range map[string]struct {
		data []byte
		want bool
	}{
		"nothing":        {nil, true},
		"half a header":  {frame[:frameHeader/2], true},
		"half a value":   {frame[:len(frame)-1], true},
		"no frame":       {[]byte("Usage: not an engine\n"), false},
		"a broken value": {broken, false},
	} {
		t.Run(name, func(t *testing.T) {
			var h hello
			if err := readFrame(bytes.NewReader(c.data), &h); streamEnded(err) != c.want {
				t.Errorf("%v: got %v, want %v", err, !c.want, c.want)
			}
		})
	}
}
