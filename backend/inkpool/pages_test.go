package inkpool_test

import (
	"slices"
	"testing"

	"github.com/inkpool/inkpool/backend/inkpool"
)

func TestParsePageRange(t *testing.T) {
	for _, tt := range []struct {
		text, joined string
		of12         []int // the chosen ones of twelve pages
	}{
		{"", "", []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}},
		{"1-", "", []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}},
		{"1-3,7,10-", "1-3,7,10-", []int{1, 2, 3, 7, 10, 11, 12}},
		{" 7 , 1 - 2 ", "1-2,7", []int{1, 2, 7}},
		{"-3", "1-3", []int{1, 2, 3}},
		{"5，6、8", "5-6,8", []int{5, 6, 8}},
		{"4-9,2-5,9,3", "2-9", []int{2, 3, 4, 5, 6, 7, 8, 9}},
		{"11-,12-20", "11-", []int{11, 12}},
		{"2,2,2", "2", []int{2}},
		{"13-20", "13-20", nil},
		{",1,", "1", []int{1}},
	} {
		r, err := inkpool.ParsePageRange(tt.text)
		if err != nil {
			t.Errorf("%q: got %v", tt.text, err)
			continue
		}
		if got := r.Select(12); !slices.Equal(got, tt.of12) {
			t.Errorf("%q: got pages %v, want %v", tt.text, got, tt.of12)
		}
		for page := range 14 {
			if got, want := r.Contains(page), slices.Contains(r.Select(14), page); got != want {
				t.Errorf("%q: page %d: got %v, want %v", tt.text, page, got, want)
			}
		}
		if got := r.String(); got != tt.joined {
			t.Errorf("%q: got %q, want %q", tt.text, got, tt.joined)
		}
	}
}

func TestParsePageRangeRefuses(t *testing.T) {
	for _, text := range []string{"-", ",", "0", "0-3", "3-1", "1-2-3", "a", "1;2", "-0", "+1", "1.5", "99999999999999999999", "2000000000"} {
		r, err := inkpool.ParsePageRange(text)
		if inkpool.CodeOf(err) != inkpool.CodeInvalid || inkpool.AsError(err).Hint == "" || !r.IsAll() {
			t.Errorf("%q: got %v, %v; want %q with a hint", text, r, err, inkpool.CodeInvalid)
		}
	}
}

// What is written is read again as the same choice.
func FuzzParsePageRange(f *testing.F) {
	for _, text := range []string{"", "1-3,7,10-", "-5", "4-9,2-5", "1-,2", "999999999-"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, err := inkpool.ParsePageRange(text)
		if err != nil {
			return
		}
		again, err := inkpool.ParsePageRange(r.String())
		if err != nil || again.String() != r.String() || !slices.Equal(again.Select(100), r.Select(100)) {
			t.Errorf("%q: got %q, %v, want %q", text, again, err, r)
		}
		if !slices.IsSorted(r.Select(100)) {
			t.Errorf("%q: got pages %v, want them in order", text, r.Select(100))
		}
	})
}
