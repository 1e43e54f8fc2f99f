package language_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/inkpool/inkpool/backend/language"
)

// TestFeaturesStayTheSame guards the numbers that the model was trained with.
func TestFeaturesStayTheSame(t *testing.T) {
	got := language.Features([]string{"Öl"})
	want := []int64{52046, 38226, 121806, 94010, 29995, 73573, 100742, 25284} // _ö _öl _öl_ ö öl öl_ l l_
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestFeaturesOfWordsThatLookTheSame(t *testing.T) {
	for _, c := range [][2]string{
		{"Füße", "füße"},
		{"Fu\u0308ße", "füße"}, // composed
		{"ﬁn", "fin"},
		{"ＦＩＮ", "fin"},
		{"l’eau", "l'eau"},
		{"co\u00adop", "coop"},
	} {
		got, want := language.Features(c[:1]), language.Features(c[1:])
		if !slices.Equal(got, want) {
			t.Errorf("%q and %q: got %v and %v", c[0], c[1], got, want)
		}
	}
}

func TestWords(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"The end.Next it's z.B. e.g. fine", "The end Next it's z B e g fine"},
		{"see https://a.example/b and me@x.example, or /usr/bin", "see and or"},
		{"call getElementById() or do_it with x86 --force", "call or with"},
		{"na bhFrainc, hÉireann McDonald", "na bhFrainc hÉireann McDonald"},
		{"und/oder am 20-jährigen", "und oder am jährigen"},
		{"main.go example.com", ""},
		{"Datum:______ *fett*", "Datum fett"},
		{"‘quoted’ rock'n'roll’", "quoted rock'n'roll"},
		{"این می\u200cشود", "این می\u200cشود"},
		{"点击Enter键", "点击 键"},
		{"カー・シェア", "カー シェア"},
		{"<b>fett</b>", ""},
	} {
		words, _ := language.Words(c.text)
		if got := strings.Join(words, " "); got != c.want {
			t.Errorf("%q: got %q, want %q", c.text, got, c.want)
		}
	}
}

func FuzzDetect(f *testing.F) {
	for _, seed := range []string{"", "Straße", "点击Enter键", "a@b", "\xff\xfe", "می\u200cشود", "x://", "ー", "ㄅ", "'''", strings.Repeat("ab ", 5000)} {
		f.Add(seed)
	}
	d := language.New(newReference(f))
	f.Fuzz(func(t *testing.T, text string) {
		got, err := d.Detect(t.Context(), text)
		if err != nil {
			t.Fatal(err)
		}
		if (got.Code == "") != (got.Score == 0) || got.Score < 0 || got.Score > 1.0001 {
			t.Errorf("%q: got %+v", text, got)
		}
	})
}
