package config_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/inkpool/inkpool/backend/config"
)

// flagValue is pflag.Value: flags of the command line take both.
type flagValue interface {
	String() string
	Set(text string) error
	Type() string
}

var (
	_ flagValue = new(config.Bytes)
	_ flagValue = new(config.Duration)
)

func TestParseBytes(t *testing.T) {
	for text, want := range map[string]config.Bytes{
		"0":            {},
		"1":            {Count: 1},
		"17b":          {Count: 17},
		"2GiB":         {Count: 2 << 30},
		"2gib":         {Count: 2 << 30},
		" 2 GiB ":      {Count: 2 << 30},
		"2G":           {Count: 2 << 30},
		"2GB":          {Count: 2e9},
		"1500MB":       {Count: 15e8},
		"1.5GiB":       {Count: 3 << 29},
		".5k":          {Count: 512},
		"3KiB":         {Count: 3 << 10},
		"1TiB":         {Count: 1 << 40},
		"1%":           {Percent: 1},
		"25 %":         {Percent: 25},
		"100%":         {Percent: 100},
		"8192TiB":      {Count: 1 << 53},
		"0.1MB":        {Count: 1e5},
		"2.3GB":        {Count: 23e8},
		"007MiB":       {Count: 7 << 20},
		"1048576.4999": {Count: 1 << 20},
	} {
		if got, err := config.ParseBytes(text); err != nil || got != want {
			t.Errorf("%q: got %+v, %v, want %+v", text, got, err, want)
		}
	}
}

func TestParseBytesRefuses(t *testing.T) {
	for _, text := range []string{
		"", " ", ".", "GiB", "2XB", "2GiBs", "2 G B", "-1", "-1GiB", "+1", "1e9", "0x10", "1_000", "1,5GiB", "1.2.3GiB",
		"inf", "NaN", "9000TiB", "1e400", "%", "0%", "101%", "-5%", "2.5%", "25%%", "2GiB 3", "２GiB",
	} {
		if got, err := config.ParseBytes(text); err == nil {
			t.Errorf("%q: got %+v, want an error", text, got)
		}
	}
}

func FuzzBytesReadAsWritten(f *testing.F) {
	for _, seed := range []string{"2GiB", "1500MB", "25%", "1", "1.5k"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		b, err := config.ParseBytes(text)
		if err != nil {
			return
		}
		if again, err := config.ParseBytes(b.String()); err != nil || again != b {
			t.Errorf("%q is %+v, written %q, which is %+v, %v", text, b, b, again, err)
		}
	})
}

func TestBytesString(t *testing.T) {
	for want, b := range map[string]config.Bytes{
		"0": {}, "1B": {Count: 1}, "2GiB": {Count: 2 << 30}, "1500MB": {Count: 15e8}, "25%": {Percent: 25},
		"1TB": {Count: 1e12}, "1536MiB": {Count: 3 << 29}, "1025B": {Count: 1025},
	} {
		if got := b.String(); got != want {
			t.Errorf("%+v: got %q, want %q", b, got, want)
		}
	}
}

func TestBytesOf(t *testing.T) {
	for b, want := range map[config.Bytes]int64{{Count: 5}: 5, {Percent: 25}: 1 << 30, {Percent: 100}: 4 << 30, {}: 0} {
		if got := b.Of(4 << 30); got != want {
			t.Errorf("%v of 4 GiB: got %d, want %d", b, got, want)
		}
	}
}

func TestDuration(t *testing.T) {
	for text, want := range map[string]struct {
		d       time.Duration
		written string
	}{
		"60s":    {time.Minute, "1m"},
		" 5m ":   {5 * time.Minute, "5m"},
		"1h30m":  {90 * time.Minute, "1h30m"},
		"2h":     {2 * time.Hour, "2h"},
		"10m0s":  {10 * time.Minute, "10m"},
		"1h0m5s": {time.Hour + 5*time.Second, "1h0m5s"},
		"250ms":  {250 * time.Millisecond, "250ms"},
		"0":      {0, "0s"},
	} {
		var d config.Duration
		if err := d.Set(text); err != nil || time.Duration(d) != want.d || d.String() != want.written {
			t.Errorf("%q: got %v, %v, want %q", text, d, err, want.written)
		}
	}
	for _, text := range []string{"", "60", "5 minutes", "s", "1d"} {
		if d := config.Duration(7); d.Set(text) == nil || d != 7 {
			t.Errorf("%q: got %v, want an error and the value of before", text, d)
		}
	}
}

func TestUnitsInJSON(t *testing.T) {
	type pair struct {
		Size config.Bytes
		Time config.Duration
	}
	for text, want := range map[string]string{
		`{"Size":"2GiB","Time":"60s"}`:   `{"Size":"2GiB","Time":"1m"}`,
		`{"Size":2147483648,"Time":"0"}`: `{"Size":"2GiB","Time":"0s"}`,
		`{"Size":"25%","Time":"1h30m"}`:  `{"Size":"25%","Time":"1h30m"}`,
		`{"Size":2.5}`:                   `{"Size":"3B","Time":"0s"}`,
		`{"Size":true}`:                  "",
		`{"Size":["1"]}`:                 "",
		`{"Size":-5}`:                    "",
		`{"Time":60}`:                    "",
	} {
		var p pair
		err := json.Unmarshal([]byte(text), &p)
		if want == "" {
			if err == nil {
				t.Errorf("%s: got %+v, want an error", text, p)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got, err := json.Marshal(p); err != nil || string(got) != want {
			t.Errorf("%s: got %s, %v, want %s", text, got, err, want)
		}
	}
}

func TestTypesInTheHelpOfFlags(t *testing.T) {
	if got := new(config.Bytes).Type(); got != "size" {
		t.Errorf("got %q, want %q", got, "size")
	}
	if got := new(config.Duration).Type(); got != "duration" {
		t.Errorf("got %q, want %q", got, "duration")
	}
}
