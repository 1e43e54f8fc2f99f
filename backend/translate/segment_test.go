package translate

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// cutAs shows the pieces of a text: sentences in brackets, what stays as it is.
func cutAs(text, language string) string {
	var b strings.Builder
	for _, p := range segment(text, language) {
		if p.kind == sentence {
			b.WriteString("[" + p.text + "]")
		} else {
			b.WriteString(p.text)
		}
	}
	return b.String()
}

func TestSegment(t *testing.T) {
	for _, c := range []struct{ name, language, text, want string }{
		{"nothing", "en", "", ""},
		{"white space", "en", " \n\t\n", " \n\t\n"},
		{"two sentences", "en", "It rains. We stay.", "[It rains.] [We stay.]"},
		{"white space around", "en", "  It rains.  We stay. \n", "  [It rains.]  [We stay.] \n"},
		{"line ends", "en", "One day.\r\nTwo days.\r\n\r\nThree.\rFour.", "[One day.]\r\n[Two days.]\r\n\r\n[Three.]\r[Four.]"},
		{"title and name", "en", "Dr. J. Smith met Mr. Brown at 3.5 km. He left.", "[Dr. J. Smith met Mr. Brown at 3.5 km.] [He left.]"},
		{"acronyms", "en", "The U.S. Army, e.g. Texas, came. It went.", "[The U.S. Army, e.g. Texas, came.] [It went.]"},
		{"I at the end", "en", "So do I. He does not.", "[So do I.] [He does not.]"},
		{"quotation", "en", `He said: "Go!" She went.`, `[He said: "Go!"] [She went.]`},
		{"address within", "en", "See https://a.b/c?d=1. Then call.", "[See https://a.b/c?d=1.] [Then call.]"},
		{"version", "en", "Version 1.2.3 is out. Get it.", "[Version 1.2.3 is out.] [Get it.]"},
		{"ordinal", "de", "Am 3. Oktober ist frei. Im Jahr 1999. Danach nicht.", "[Am 3. Oktober ist frei.] [Im Jahr 1999.] [Danach nicht.]"},
		{"no ordinal", "en", "There were 10. Then nine.", "[There were 10.] [Then nine.]"},
		{"lone bracket", "en", "(It rains.) (We stay.)", "[(It rains.)] [(We stay.)]"},
		{"Chinese", "zh", "下雨了。我们不走！“去吗？”他问；没人回答……", "[下雨了。][我们不走！][“去吗？”][他问；][没人回答……]"},
		{"Japanese", "ja", "雨です。帰ろう。", "[雨です。][帰ろう。]"},
		{"Tibetan", "bo", "ཁྱེད་རང་བདེ་མོ་ཡིན་ནམ། ང་བདེ་མོ་ཡིན།", "[ཁྱེད་རང་བདེ་མོ་ཡིན་ནམ།] [ང་བདེ་མོ་ཡིན།]"},
		{"Thai", "th", strings.Repeat("ฝนตก", 20) + " " + "เราอยู่บ้าน", "[" + strings.Repeat("ฝนตก", 20) + "] [เราอยู่บ้าน]"},
		{"bullets", "en", "- One.\n  * Two.\n• Three.\n— Four.", "- [One.]\n  * [Two.]\n• [Three.]\n— [Four.]"},
		{"numbers", "en", "1. One.\n2) Two.\n(3) Three.\n4.1 Four.\na) Five.\niv. Six.", "1. [One.]\n2) [Two.]\n(3) [Three.]\n4.1 [Four.]\na) [Five.]\niv. [Six.]"},
		{"Chinese numbers", "zh", "（一）天气\n二、时间\n1.苹果\n2、梨\n①河", "（一）[天气]\n二、[时间]\n1.[苹果]\n2、[梨]\n①[河]"},
		{"headings and quotes", "en", "## News\n> It rains.\n[x] Done it", "## [News]\n> [It rains.]\n[x] [Done it]"},
		{"number at the beginning", "en", "12 months are a year.", "[12 months are a year.]"},
		{"decimal at the beginning", "en", "1.5 litres of water.", "[1.5 litres of water.]"},
		{"nothing to translate", "en", "12.50 €\nhttps://a.b/c\nme@example.com\n/usr/share/doc/x.txt\nC:\\Temp\\a.txt\n***", "12.50 €\nhttps://a.b/c\nme@example.com\n/usr/share/doc/x.txt\nC:\\Temp\\a.txt\n***"},
		{"wrapped", "en", "The wind turned from south to north-west shortly after noon,\nand the pressure rose by eleven hectopascals in nine hours. We\nMeasured it twice.",
			"[The wind turned from south to north-west shortly after noon, and the pressure rose by eleven hectopascals in nine hours.] [We Measured it twice.]"},
		{"wrapped within a word", "en", "The pressure rose by eleven hecto-\npascals in nine hours.", "[The pressure rose by eleven hectopascals in nine hours.]"},
		{"wrapped Chinese", "zh", "星期一从雾开始，以晴朗的天空结束，风在中午以后不久从南转到\n西北。气压在九个小时里上升了。", "[星期一从雾开始，以晴朗的天空结束，风在中午以后不久从南转到西北。][气压在九个小时里上升了。]"},
		{"a poem", "en", "The fog comes\nOn little cat feet\nIt sits looking", "[The fog comes]\n[On little cat feet]\n[It sits looking]"},
		{"a list of words", "en", "apples\npears\nplums", "[apples]\n[pears]\n[plums]"},
		{"a heading", "en", "The weather of the first week of March at the station in the hills\n\nmonday began with fog.", "[The weather of the first week of March at the station in the hills]\n\n[monday began with fog.]"},
		{"wrapped item", "en", "- The wind turned from south to north-west shortly after noon,\n  and the pressure rose.\n- Next.", "- [The wind turned from south to north-west shortly after noon, and the pressure rose.]\n- [Next.]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := cutAs(c.text, c.language); got != c.want {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
}

// However a text is made, cutting it takes time in proportion to its length: each of these takes
// some milliseconds; in proportion to its square it would be several seconds.
func TestSegmentIsFast(t *testing.T) {
	for _, unit := range []string{"a. ", "A.", "1. ", "x ", "；", "（", "-", "> ", "字", "Dr. ", "/a", "a@", "word\n", "a\tb", "།", "12 3\n", "this goes on and on without any end of it at all\n"} {
		text := strings.Repeat(unit, 50_000/len(unit))
		began := time.Now()
		segment(text, "de")
		if took := time.Since(began); took > 20*time.Second {
			t.Errorf("%q again and again: took %v", unit, took)
		}
	}
}

// Nothing of a text gets lost, but for white space and hyphens at line ends within sentences.
func FuzzSegment(f *testing.F) {
	for _, s := range []string{"It rains. We stay.", "- a\n1. b\r\n", "他问；没人……", "hecto-\npascals", "a?b\u0085c\v", "\xff. \xc3("} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var b strings.Builder
		for _, p := range segment(text, "en") {
			b.WriteString(p.text)
			if p.kind == sentence && (strings.TrimSpace(p.text) != p.text || p.text == "") {
				t.Errorf("got the sentence %q with white space around", p.text)
			}
		}
		if got, want := bare(b.String()), bare(text); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}

func bare(s string) string {
	return strings.NewReplacer("-", "", "\u00AD", "").Replace(strings.Join(strings.Fields(s), ""))
}

func TestBetween(t *testing.T) {
	for _, c := range []struct{ gap, from, to, want string }{
		{" ", "en", "de", " "}, {"  ", "en", "de", "  "}, {" ", "en", "zh-Hans", ""}, {"", "zh", "en", " "}, {"", "zh", "ja", ""}, {" ", "bo", "zh", ""},
	} {
		if got := between(c.gap, c.from, c.to); got != c.want {
			t.Errorf("%q from %s to %s: got %q, want %q", c.gap, c.from, c.to, got, c.want)
		}
	}
}

func TestHalve(t *testing.T) {
	for _, c := range []struct{ text, first, second string }{
		{"We went home, because it began to rain.", "We went home, ", "because it began to rain."},
		{"We went home because it began to rain.", "We went home because ", "it began to rain."},
		{"我们回家了，因为开始下雨了。", "我们回家了，", "因为开始下雨了。"},
		{"我们回家因为开始下雨了", "我们回家因", "为开始下雨了"},
		{"a", "", "a"},
		{"", "", ""},
	} {
		first, second := halve(c.text)
		if first != c.first || second != c.second {
			t.Errorf("%q: got %q and %q, want %q and %q", c.text, first, second, c.first, c.second)
		}
	}
}

func TestLoops(t *testing.T) {
	for _, c := range []struct {
		ids  []int
		want bool
		once []int
	}{
		{nil, false, nil},
		{[]int{1, 2, 3, 4, 5, 6, 7, 8, 9}, false, nil},
		{[]int{1, 7, 7, 7, 7, 7, 2}, false, nil},
		{[]int{1, 7, 7, 7, 7, 7, 7, 7, 7}, true, []int{1, 7}},
		{[]int{5, 1, 2, 1, 2, 1, 2, 1, 2, 1}, true, []int{5, 1, 2}},
		{[]int{1, 2, 3, 1, 2, 3, 1, 2, 3}, false, nil},
		{[]int{9, 1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3, 9}, true, []int{9, 1, 2, 3}},
	} {
		if got := loops(c.ids); got != c.want {
			t.Errorf("%v: got %v, want %v", c.ids, got, c.want)
		}
		if !c.want {
			c.once = c.ids
		}
		if got := once(c.ids); !slices.Equal(got, c.once) {
			t.Errorf("%v once: got %v, want %v", c.ids, got, c.once)
		}
	}
}

func TestLosses(t *testing.T) {
	for _, c := range []struct {
		source, target  string
		address, number bool
	}{
		{"See https://a.b/c.", "见 https://a.b/c.", false, false},
		{"See https://a.b/c", "见 https://a.b/d", true, false},
		{"Mail me@example.com, 12345", "me@example.com 12345", false, false},
		{"Order 123456", "订单 12345", false, true},
		{"See https://a.b/c).", "见 https://a.b/c。", false, false},
		{"At 5 km/h and/or </p> 3/4", "每小时5公里", false, false},
		{"In /usr/share/x and C:\\a.txt", "在 /usr/share/x", true, false},
		{"1,500 of 20", "一千五百", false, false},
	} {
		if got := losesAddress(c.source, c.target); got != c.address {
			t.Errorf("%q, %q: got address lost %v, want %v", c.source, c.target, got, c.address)
		}
		if got := losesNumber(c.source, c.target); got != c.number {
			t.Errorf("%q, %q: got number lost %v, want %v", c.source, c.target, got, c.number)
		}
	}
}
