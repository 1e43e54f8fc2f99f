package config

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Bytes is an amount of memory, or a share of what the machine has. It is a value of a flag
// (pflag.Value) and of the settings file: "2GiB", "1500MB", "25%", or a number of bytes.
type Bytes struct {
	Count   int64 // bytes, where Percent is 0
	Percent int   // of the machine's memory, 1..100, or 0
}

// units go from the largest to the smallest, because String takes the first that divides.
var units = []struct {
	name  string
	bytes int64
}{
	{"TiB", 1 << 40}, {"TB", 1e12}, {"GiB", 1 << 30}, {"GB", 1e9}, {"MiB", 1 << 20}, {"MB", 1e6}, {"KiB", 1 << 10}, {"KB", 1e3},
	{"T", 1 << 40}, {"G", 1 << 30}, {"M", 1 << 20}, {"K", 1 << 10}, // as systemd and Docker have them
	{"B", 1}, {"", 1},
}

// maxBytes keeps every amount that is read exact, and every sum of a few below overflow.
const maxBytes = 1 << 53

// ParseBytes reads a size: a number, with a fraction if need be, and a unit in letters of
// either size. GiB and G are powers of 1024, GB of 1000. A percentage is a whole number.
func ParseBytes(text string) (Bytes, error) {
	text = strings.TrimSpace(text)
	if share, ok := strings.CutSuffix(text, "%"); ok {
		percent, err := strconv.Atoi(strings.TrimSpace(share))
		if err != nil || percent < 1 || percent > 100 {
			return Bytes{}, fmt.Errorf("%q is not a share between 1%% and 100%%", text)
		}
		return Bytes{Percent: percent}, nil
	}
	end := strings.LastIndexAny(text, "0123456789.") + 1
	digits, unit := text[:end], strings.TrimSpace(text[end:])
	if strings.Trim(digits, "0123456789.") != "" { // ParseFloat takes 1e9, 0x1p4 and Inf
		return Bytes{}, fmt.Errorf("%q is not a size", text)
	}
	number, err := strconv.ParseFloat(digits, 64)
	if err != nil {
		return Bytes{}, fmt.Errorf("%q is not a size", text)
	}
	for _, u := range units {
		if !strings.EqualFold(u.name, unit) {
			continue
		}
		if count := math.Round(number * float64(u.bytes)); count <= maxBytes {
			return Bytes{Count: int64(count)}, nil
		}
		return Bytes{}, fmt.Errorf("%q is more than any machine has", text)
	}
	return Bytes{}, fmt.Errorf("%q has an unknown unit", text)
}

// Of returns the number of bytes, with total as the machine's memory.
func (b Bytes) Of(total int64) int64 {
	if b.Percent == 0 {
		return b.Count
	}
	return int64(float64(total) * float64(b.Percent) / 100)
}

// String writes the amount so that ParseBytes reads the same one.
func (b Bytes) String() string {
	if b.Percent != 0 {
		return strconv.Itoa(b.Percent) + "%"
	}
	for _, u := range units {
		if b.Count != 0 && b.Count%u.bytes == 0 {
			return strconv.FormatInt(b.Count/u.bytes, 10) + u.name
		}
	}
	return "0"
}

// Set reads a flag.
func (b *Bytes) Set(text string) error {
	parsed, err := ParseBytes(text)
	if err != nil {
		return err
	}
	*b = parsed
	return nil
}

// Type names the value in the help of a flag.
func (b *Bytes) Type() string { return "size" }

// MarshalText writes the settings file.
func (b Bytes) MarshalText() ([]byte, error) { return []byte(b.String()), nil }

// UnmarshalJSON reads the settings file: a text, or a number of bytes.
func (b *Bytes) UnmarshalJSON(data []byte) error {
	text := string(data)
	if strings.HasPrefix(text, `"`) {
		if err := json.Unmarshal(data, &text); err != nil {
			return err
		}
	}
	return b.Set(text)
}

// Duration is a time.Duration that is a value of a flag (pflag.Value) and of the settings
// file: "60s", "1h30m".
type Duration time.Duration

// String writes the time without units that are nought: 5m, not 5m0s.
func (d Duration) String() string {
	text := time.Duration(d).String()
	if short, ok := strings.CutSuffix(text, "m0s"); ok {
		text = short + "m"
	}
	if short, ok := strings.CutSuffix(text, "h0m"); ok {
		text = short + "h"
	}
	return text
}

// Set reads a flag.
func (d *Duration) Set(text string) error {
	parsed, err := time.ParseDuration(strings.TrimSpace(text))
	if err != nil {
		return fmt.Errorf("%q is not a time such as 60s or 1h30m", text)
	}
	*d = Duration(parsed)
	return nil
}

// Type names the value in the help of a flag.
func (d *Duration) Type() string { return "duration" }

// MarshalText writes the settings file.
func (d Duration) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads the settings file.
func (d *Duration) UnmarshalText(text []byte) error { return d.Set(string(text)) }
