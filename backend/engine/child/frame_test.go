package child

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/inkpool/inkpool/backend/inkpool"
)

func TestFrameThereAndBack(t *testing.T) {
	want := reply{
		ID: 1 << 60,
		Result: inkpool.Result{
			Kind: inkpool.KindImage, WidthPx: 3, Text: "墨\xff\x00",
			Lines:  []inkpool.Line{{Text: "墨", Score: 0.1 + 0.2, Quad: inkpool.Quad{{X: 1e-300, Y: -1}}, Block: 2, Vertical: true}},
			Timing: inkpool.Timing{Total: time.Hour},
		},
		Picture: []byte{0, 255},
		Usage:   inkpool.Usage{Restarts: 3, Notices: []*inkpool.Error{inkpool.Errorf(inkpool.CodeTimeout, "slow")}},
		Failure: &failure{Code: inkpool.CodeInvalid, Message: "m", Hint: "h", Cause: "c"},
	}
	var stream bytes.Buffer
	for range 2 {
		if err := writeFrame(&stream, want); err != nil {
			t.Fatal(err)
		}
	}
	slow := iotest.OneByteReader(&stream)
	for range 2 {
		var got reply
		if err := readFrame(slow, &got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(inkpool.Error{})); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	}
	if err := readFrame(slow, &reply{}); !errors.Is(err, io.EOF) {
		t.Errorf("got %v, want %v", err, io.EOF)
	}
}

func TestFrameThatIsNone(t *testing.T) {
	var stream bytes.Buffer
	if err := writeFrame(&stream, reply{ID: 7}); err != nil {
		t.Fatal(err)
	}
	whole := stream.Bytes()
	changed := func(at int, to byte) []byte {
		b := bytes.Clone(whole)
		b[at] = to
		return b
	}
	for name, c := range map[string]struct {
		data []byte
		want error
	}{
		"text":              {[]byte("loading model... 100%"), errGarbled},
		"text before":       {append([]byte("\n"), whole...), errGarbled},
		"endless":           {changed(4, 0x7f), errGarbled},
		"a bit changed":     {changed(len(whole)-1, whole[len(whole)-1]^1), errGarbled},
		"checksum changed":  {changed(11, whole[11]^1), errGarbled},
		"header cut off":    {whole[:5], io.ErrUnexpectedEOF},
		"only the header":   {whole[:frameHeader], io.ErrUnexpectedEOF},
		"value cut off":     {whole[:len(whole)-1], io.ErrUnexpectedEOF},
		"nothing":           {nil, io.EOF},
		"of something else": {framed(t, "a string"), errGarbled},
	} {
		if err := readFrame(bytes.NewReader(c.data), &reply{}); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
	}
}

func framed(t *testing.T, value any) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := writeFrame(&b, value); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// What is announced is not believed before it has come.
func TestFrameDoesNotReserveWhatIsAnnounced(t *testing.T) {
	data := framed(t, reply{})
	data[4], data[5] = 0x07, 0xff // 128 MB less a bit
	grown := testing.AllocsPerRun(1, func() {
		if err := readFrame(bytes.NewReader(data), &reply{}); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("got %v, want %v", err, io.ErrUnexpectedEOF)
		}
	})
	if grown > 20 {
		t.Errorf("got %g allocations, want a few", grown)
	}
}

func TestWordsKeepBothEnds(t *testing.T) {
	var w words
	if got := w.quoted(); got != "" {
		t.Errorf("got %q of a silent child, want nothing", got)
	}
	for _, part := range []string{"SIGBUS\n", strings.Repeat("x", 3*wordsBytes), "\nthe end\n"} {
		if n, err := w.Write([]byte(part)); n != len(part) || err != nil {
			t.Errorf("got %d, %v; want %d", n, err, len(part))
		}
	}
	got := w.quoted()
	if !strings.HasPrefix(got, "; it said: SIGBUS\nxxx") || !strings.HasSuffix(got, "xxx\nthe end") || len(got) > 2*wordsBytes+50 {
		t.Errorf("got %d bytes %.20q … %.20q, want both ends", len(got), got, got[len(got)-20:])
	}
}
