package modelpack_test

import (
	"testing"

	"github.com/inkpool/inkpool/backend/modelpack"
)

func TestSameLanguage(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"zh", "zh", true},
		{"zh", "zh-Hans", true},
		{"ZH-hant", "zh-Hant", true},
		{"zh-Hans", "zh-Hant", false},
		{"zh-TW", "zh-Hant", true},
		{"zh-TW", "zh-CN", false},
		{"en-GB", "en", true},
		{"en-GB", "en-US", false},
		{"pt", "es", false},
		{"sr", "sr-Latn", true},
		{"", "", true},
	} {
		if got := modelpack.SameLanguage(c.a, c.b); got != c.want || modelpack.SameLanguage(c.b, c.a) != got {
			t.Errorf("%q and %q: got %v, want %v", c.a, c.b, got, c.want)
		}
	}
}

func TestWay(t *testing.T) {
	opus := &modelpack.Translation{From: []string{"en"}, To: []string{"zh-Hans", "zh-Hant", "yue"}}
	many := &modelpack.Translation{From: []string{"en", "zh", "bo"}, To: []string{"en", "zh", "bo"}}
	group := &modelpack.Translation{From: []string{"mul"}, To: []string{"en"}}
	for _, c := range []struct {
		name     string
		t        *modelpack.Translation
		from, to string
		want     modelpack.Way
		ok       bool
	}{
		{"any Chinese is the first", opus, "en", "zh", modelpack.Way{From: "en", To: "zh-Hans"}, true},
		{"the one that is asked for", opus, "en-US", "zh-Hant", modelpack.Way{From: "en", To: "zh-Hant"}, true},
		{"by region", opus, "en", "zh-TW", modelpack.Way{From: "en", To: "zh-Hant"}, true},
		{"the other way", opus, "zh", "en", modelpack.Way{}, false},
		{"another language", opus, "en", "de", modelpack.Way{}, false},
		{"a script that one name covers", many, "zh-Hant", "bo", modelpack.Way{From: "zh", To: "bo"}, true},
		{"to itself", many, "zh-Hans", "zh", modelpack.Way{}, false},
		{"from a group", group, "pt", "en", modelpack.Way{From: "pt", To: "en"}, true},
		{"from a group to itself", group, "en", "en", modelpack.Way{}, false},
		{"no translator", nil, "en", "zh", modelpack.Way{}, false},
	} {
		if got, ok := c.t.Way(c.from, c.to); ok != c.ok || ok && got != c.want {
			t.Errorf("%s: got %v, %v; want %v, %v", c.name, got, ok, c.want, c.ok)
		}
	}
	if !opus.Into("zh-HK") || opus.Into("en") {
		t.Error("got a wrong answer to what it translates into")
	}
}
