package layout_test

import (
	"strings"
	"testing"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/layout"
)

// set is a column of lines of the given texts, as wide as type of that height is: half of it
// for a Latin character, all of it for a Chinese one.
func set(x, y, height float64, texts ...string) []inkpool.Line {
	var lines []inkpool.Line
	for i, text := range texts {
		indented := strings.TrimLeft(text, " ")
		indent := float64(len(text)-len(indented)) * height / 2
		width := 0.0
		for _, r := range indented {
			width += height / 2
			if r >= 0x2e80 {
				width += height / 2
			}
		}
		lines = append(lines, at(indented, x+indent, y+float64(i)*1.3*height, width, height))
	}
	return lines
}

func TestText(t *testing.T) {
	for name, c := range map[string]struct {
		as    inkpool.Layout
		lines []inkpool.Line
		want  string
	}{
		"nothing": {inkpool.LayoutLines, nil, ""},
		"no layout is lines": {
			"", page(column("a", 2, 50, 50, 400, 26), column("b", 2, 50, 160, 400, 26)),
			"a1\na2\n\nb1\nb2",
		},
		"a layout that is not known is lines": {"poster", column("a", 2, 50, 50, 400, 26), "a1\na2"},
		"rows of a table": {
			inkpool.LayoutLines,
			page(column("a", 2, 20, 20, 80, 30), column("b", 2, 140, 21, 80, 30), column("c", 2, 260, 19, 80, 30)),
			"a1\tb1\tc1\na2\tb2\tc2",
		},
		"words of a line that were found apart": {
			inkpool.LayoutLines, page(one(at("left", 10, 10, 100, 20)), one(at("over", 114, 11, 100, 20))), "left over",
		},
		"characters of a line that were found apart": {
			inkpool.LayoutLines, page(one(at("天", 10, 10, 20, 20)), one(at("地", 33, 11, 20, 20))), "天地",
		},
		"columns keep their own rows": {
			inkpool.LayoutLines, page(column("a", 3, 50, 50, 300, 26), column("b", 3, 400, 50, 300, 26)),
			"a1\na2\na3\n\nb1\nb2\nb3",
		},
		"vertical columns": {
			inkpool.LayoutLines, []inkpool.Line{down("二", 300, 40, 500), down("一", 350, 40, 500)}, "一\n二",
		},
		"a vertical line that was found in parts": {
			inkpool.LayoutLines, []inkpool.Line{down("上", 300, 40, 200), down("下", 300, 262, 300), down("注", 300, 640, 100)}, "上下\t注",
		},
		"a paragraph": {
			inkpool.LayoutParagraphs,
			set(50, 50, 20, "When the hyphen of a di-", "vided word goes, the word", "is whole again."),
			"When the hyphen of a divided word goes, the word is whole again.",
		},
		"a hyphen that stays": {
			inkpool.LayoutParagraphs, set(50, 50, 20, "A letter came from Anne-", "Marie this very morning."),
			"A letter came from Anne-Marie this very morning.",
		},
		"a dash is no hyphen": {
			inkpool.LayoutParagraphs, set(50, 50, 20, "it was a long afternoon -", "longer than the morning"),
			"it was a long afternoon - longer than the morning",
		},
		"Chinese": {
			inkpool.LayoutParagraphs, set(50, 50, 20, "墨池记载着一个古老的故事", "说的是书法家洗笔的池水都", "黑了。"),
			"墨池记载着一个古老的故事说的是书法家洗笔的池水都黑了。",
		},
		"Chinese and Latin": {
			inkpool.LayoutParagraphs, set(50, 50, 20, "这一页上的文字由 Inkpool", "读出来，然后存入数据库中"),
			"这一页上的文字由 Inkpool读出来，然后存入数据库中",
		},
		"Korean has spaces": {
			inkpool.LayoutParagraphs, set(50, 50, 20, "안녕하세요 여러분 반갑습", "니다 오늘은 날씨가 좋다"),
			"안녕하세요 여러분 반갑습 니다 오늘은 날씨가 좋다",
		},
		"paragraphs that are indented": {
			inkpool.LayoutParagraphs,
			set(50, 50, 20, "  The first one is set with", "a small indent and has two", "  The second one starts in", "the same way as the first."),
			"The first one is set with a small indent and has two\n\nThe second one starts in the same way as the first.",
		},
		"a paragraph that ends early": {
			inkpool.LayoutParagraphs,
			set(50, 50, 20, "The first one is set with no", "indent and ends.", "The second one starts below.", "And it goes on for a line or", "even two."),
			"The first one is set with no indent and ends.\n\nThe second one starts below. And it goes on for a line or even two.",
		},
		"a list": {
			inkpool.LayoutParagraphs, set(50, 50, 20, "bread", "some butter", "milk", "a dozen of eggs", "salt"),
			"bread\nsome butter\nmilk\na dozen of eggs\nsalt",
		},
		"items of a list that are long": {
			inkpool.LayoutParagraphs,
			set(50, 50, 20, "1. The first thing to do is", "to read it to the end.", "2. The second thing to do is", "to read it once more."),
			"1. The first thing to do is to read it to the end.\n2. The second thing to do is to read it once more.",
		},
		"a heading close to its text": {
			inkpool.LayoutParagraphs,
			page(set(50, 50, 28, "What the ink pool says"), set(50, 90, 20, "The pool is black because of all", "the brushes that were washed.")),
			"What the ink pool says\n\nThe pool is black because of all the brushes that were washed.",
		},
		"references": {
			inkpool.LayoutParagraphs,
			page(set(50, 50, 20, "[1] The author of a long book and", "   its title, 1999."), set(50, 120, 20, "[2] Another author of a book, and", "   the title of it, 2001.")),
			"[1] The author of a long book and its title, 1999.\n\n[2] Another author of a book, and the title of it, 2001.",
		},
		"a column below wide lines": {
			inkpool.LayoutParagraphs,
			page(set(50, 0, 20, "A heading that runs across all of the page from the left", "to the right and that is longer than all that is below it."),
				set(50, 100, 20, "What is set in columns of", "this width is joined, and", "the wide lines above will", "not count."), column("b", 4, 400, 100, 300, 26)),
			"A heading that runs across all of the page from the left to the right and that is longer than all that is below it.\n\n" +
				"What is set in columns of this width is joined, and the wide lines above will not count.\n\nb1 b2 b3 b4",
		},
		"lines that are centred": {
			inkpool.LayoutParagraphs, page(set(50, 50, 20, "谢谢光临，欢迎再来"), set(80, 76, 20, "七日内可换货")), "谢谢光临，欢迎再来\n七日内可换货",
		},
		"a table in a text of paragraphs": {
			inkpool.LayoutParagraphs,
			page(set(50, 50, 20, "The following table shows all", "of what was sold last week."),
				column("a", 2, 50, 102, 80, 26), column("b", 2, 250, 102, 80, 26)),
			"The following table shows all of what was sold last week.\n\na1\tb1\na2\tb2",
		},
		"one line": {
			inkpool.LayoutSingle,
			page(set(50, 50, 20, "first a di-", "vided word"), set(50, 200, 20, "总共", "五元")), "first a divided word总共五元",
		},
		"code": {
			inkpool.LayoutCode,
			page(set(50, 50, 20, "func main() {", "    for {", "        work()", "    }"), set(50, 50+5*26, 20, "}")),
			"func main() {\n    for {\n        work()\n    }\n\n}",
		},
		"code with a comment beside it": {
			inkpool.LayoutCode,
			page(set(50, 50, 20, "a := 1", "bb := 22"), set(150, 50, 20, "// one", "// more")),
			"a := 1    // one\nbb := 22  // more",
		},
		"code far beside the page": {
			inkpool.LayoutCode, page(set(0, 50, 20, "a"), set(1e12, 50, 20, "b")), "a" + strings.Repeat(" ", 1000) + "b",
		},
		"code with Chinese": {
			inkpool.LayoutCode, page(set(50, 50, 20, "名 := 1", "  值"), set(150, 50, 20, "// 数")), "名 := 1   // 数\n  值",
		},
	} {
		t.Run(name, func(t *testing.T) {
			if got := layout.Text(layout.Arrange(c.lines), c.as); got != c.want {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
}

// Raw text keeps the lines as they were found.
func TestTextOfRawLines(t *testing.T) {
	lines := page(column("a", 2, 50, 50, 300, 26), column("b", 2, 400, 51, 300, 26))
	if got, want := layout.Text(lines, inkpool.LayoutRaw), "a1\nb1\na2\nb2"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// No layout loses a character, and all can be made of any lines.
func FuzzText(f *testing.F) {
	f.Add("a- b 中 文 1. -", uint16(7), uint16(90))
	f.Fuzz(func(t *testing.T, texts string, step, width uint16) {
		var lines []inkpool.Line
		for i, text := range strings.Fields(texts) {
			place := i * int(step)
			lines = append(lines, at(text, float64(place%700), float64(place/50), float64(width%300), 20))
		}
		lines = layout.Arrange(lines)
		for _, as := range inkpool.Layouts() {
			if got, want := dense(layout.Text(lines, as)), dense(layout.Text(lines, inkpool.LayoutLines)); len(got) > len(want) {
				t.Errorf("%s: got %q, more than %q", as, got, want)
			}
		}
	})
}

func dense(s string) string { return strings.Join(strings.Fields(s), "") }

// A document may claim more lines than a page can hold: they come as they are, and soon.
func TestTooManyLinesComeAsTheyAre(t *testing.T) {
	lines := column("a", 32_000, 0, 0, 100, 0.01)
	got := layout.Arrange(lines)
	if len(got) != len(lines) || got[0].Text != "a1" || got[len(got)-1].Text != "a32000" || got[len(got)-1].Block != 0 {
		t.Errorf("got %d lines from %q on, want all %d in one block from top to bottom", len(got), got[0].Text, len(lines))
	}
	for _, as := range inkpool.Layouts() {
		if text := layout.Text(got, as); strings.Count(text, "\n") != len(lines)-1 {
			t.Errorf("layout %s: got %d lines, want %d", as, strings.Count(text, "\n")+1, len(lines))
		}
	}
}
