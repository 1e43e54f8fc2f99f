package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/view"
)

// The numbers are a promise to scripts of others.
func TestReport(t *testing.T) {
	coded := func(c inkpool.Code) error {
		return fmt.Errorf("go text: %w", inkpool.Errorf(c, "what happened").WithHint("What to do.").WithCause(errors.New("cause")))
	}
	const said = "inkpool: what happened. What to do.\n"
	for name, c := range map[string]struct {
		err  error
		want int
		said string
	}{
		"nothing":             {nil, 0, ""},
		"some inputs":         {failedInputs{1}, 1, ""},
		"usage":               {usageError{errors.New("unknown flag")}, 2, "inkpool: unknown flag\nSee `inkpool run --help`.\n"},
		"usage with hint":     {usageError{inkpool.Errorf(inkpool.CodeInvalid, "no format").WithHint("Use x.")}, 2, "inkpool: no format. Use x.\nSee `inkpool run --help`.\n"},
		"not found":           {coded(inkpool.CodeNotFound), 66, said},
		"models missing":      {coded(inkpool.CodeModelMissing), 69, said},
		"model corrupt":       {coded(inkpool.CodeModelCorrupt), 69, said},
		"output":              {outputError{coded(inkpool.CodePermission)}, 73, said},
		"output folder":       {outputError{coded(inkpool.CodeNotFound)}, 73, said},
		"output disk full":    {outputError{coded(inkpool.CodeDiskFull)}, 74, said},
		"output disk fails":   {outputError{coded(inkpool.CodeUnavailable)}, 74, said},
		"history disk full":   {coded(inkpool.CodeDiskFull), 74, said},
		"busy":                {coded(inkpool.CodeUnavailable), 75, said},
		"disk fails":          {inkpool.Errorf(inkpool.CodeUnavailable, "what happened").WithHint("What to do.").WithCause(syscall.EIO), 74, said},
		"permission":          {coded(inkpool.CodePermission), 77, said},
		"home is a file":      {coded(inkpool.CodeInvalid), 78, said},
		"history is newer":    {coded(inkpool.CodeConflict), 78, said},
		"reader has gone":     {outputError{&os.PathError{Err: syscall.EPIPE}}, 0, ""},
		"stopped":             {stoppedError{coded(inkpool.CodeDiskFull), "3 are left"}, 74, said + "inkpool: 3 are left\n"},
		"stopped by a reader": {stoppedError{outputError{syscall.EPIPE}, "3 are left"}, 0, "inkpool: 3 are left\n"},
		"joined with closing": {errors.Join(coded(inkpool.CodeNotFound), errors.New("close")), 66, said},
	} {
		t.Run(name, func(t *testing.T) {
			wantReport(t, t.Context(), c.err, c.want, c.said)
		})
	}
}

func TestReportOfAMistakeOfOursHasDetails(t *testing.T) {
	var stderr bytes.Buffer
	d := door{stderr: &stderr}
	if got := d.report(t.Context(), "inkpool run", errors.New("index out of range")); got != 70 {
		t.Errorf("got %d, want 70", got)
	}
	if s := stderr.String(); !strings.Contains(s, "went wrong inside Inkpool") || !strings.Contains(s, "index out of range") {
		t.Errorf("got %q, want words for people and the details", s)
	}
}

func TestReportOfSignals(t *testing.T) {
	for name, c := range map[string]struct {
		signal os.Signal
		err    error
		want   int
	}{
		"Ctrl-C":                       {os.Interrupt, context.Canceled, 130},
		"SIGTERM":                      {syscall.SIGTERM, context.Canceled, 143},
		"Ctrl-C while writing":         {os.Interrupt, outputError{context.Canceled}, 130},
		"Ctrl-C after all was done":    {os.Interrupt, nil, 0},
		"Ctrl-C after all was tried":   {os.Interrupt, failedInputs{1}, 1},
		"Ctrl-C and whatever followed": {os.Interrupt, errors.New("model run"), 130},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancelCause(t.Context())
			cancel(Interrupted{c.signal})
			wantReport(t, ctx, c.err, c.want, "")
		})
	}
}

func wantReport(t *testing.T, ctx context.Context, err error, want int, said string) {
	t.Helper()
	var stderr bytes.Buffer
	d := door{stderr: &stderr}
	if got := d.report(ctx, "inkpool run", err); got != want || stderr.String() != said {
		t.Errorf("got %d and %q, want %d and %q", got, stderr.String(), want, said)
	}
}

func TestTally(t *testing.T) {
	const done = inkpool.Code("")
	for name, c := range map[string]struct {
		codes []inkpool.Code
		want  int
	}{
		"nothing":                   {nil, 0},
		"all done":                  {[]inkpool.Code{done, done}, 0},
		"some missing":              {[]inkpool.Code{done, inkpool.CodeNotFound}, 1},
		"done last":                 {[]inkpool.Code{inkpool.CodeNotFound, done}, 1},
		"all missing":               {[]inkpool.Code{inkpool.CodeNotFound, inkpool.CodeNotFound}, 66},
		"all bad in different ways": {[]inkpool.Code{inkpool.CodeInvalid, inkpool.CodeUnsupportedFormat, inkpool.CodeTooLarge}, 65},
		"bad, then missing":         {[]inkpool.Code{inkpool.CodeInvalid, inkpool.CodeNotFound}, 1},
		"bad, missing, missing":     {[]inkpool.Code{inkpool.CodeInvalid, inkpool.CodeNotFound, inkpool.CodeNotFound}, 1},
		"encrypted":                 {[]inkpool.Code{inkpool.CodeEncrypted}, 65},
		"no models":                 {[]inkpool.Code{inkpool.CodeModelMissing}, 69},
		"our mistake":               {[]inkpool.Code{inkpool.CodeInternal}, 70},
		"not allowed":               {[]inkpool.Code{inkpool.CodePermission}, 77},
		"disk fails":                {[]inkpool.Code{inkpool.CodeUnavailable}, 74},
		"cancelled":                 {[]inkpool.Code{inkpool.CodeCancelled}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			var counted tally
			for _, code := range c.codes {
				var trouble *view.Error
				if code != done {
					trouble = &view.Error{Code: string(code), Message: "x"}
				}
				counted.add(trouble)
			}
			got := 0
			var failed failedInputs
			if errors.As(counted.err(), &failed) {
				got = failed.code
			}
			if got != c.want {
				t.Errorf("got %d, want %d", got, c.want)
			}
		})
	}
}

func TestSentence(t *testing.T) {
	for message, want := range map[string]string{
		"it is full":          "it is full. Free some.",
		"This file is empty.": "This file is empty. Free some.",
	} {
		if got := sentence(inkpool.Errorf(inkpool.CodeInvalid, "%s", message).WithHint("Free some.")); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// A mistake of ours in one command must not look like one in the command line.
func TestPanicIsOurMistake(t *testing.T) {
	var stderr bytes.Buffer
	code := Main(t.Context(), []string{"version"}, nil, panicking{}, &stderr)
	if code != 70 || !strings.Contains(stderr.String(), "went wrong inside Inkpool") {
		t.Errorf("got %d and %q, want 70 and words for people", code, stderr.String())
	}
}

type panicking struct{}

func (panicking) Write([]byte) (int, error) { panic("a mistake") }
