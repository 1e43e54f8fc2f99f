package storetest

import (
	"strings"
	"testing"
	"time"

	"github.com/inkpool/inkpool/backend/inkpool"
)

var resultCases = []testCase{
	{"results come back exactly", testResultExact},
	{"a task that is not done has no result", testResultNotDone},
	{"a result that cannot be stored changes nothing", testResultImpossible},
}

// page returns a result of two lines.
func page() inkpool.Result {
	lines := []inkpool.Line{
		{Text: "墨池 <b>&amp;", Score: 0.98765432101, Quad: inkpool.Quad{{X: 1.25, Y: 2}, {X: 30, Y: 2.0000001}, {X: 30, Y: 9}, {X: -1, Y: 9}}},
		{Text: "\U00020BB7野家\u2028", Score: 1, Block: 3, Vertical: true},
	}
	return inkpool.Result{
		Kind: inkpool.KindImage, WidthPx: 1280, HeightPx: 720, Rotation: 270,
		Text: lines[0].Text + "\n\n" + lines[1].Text, Lines: lines,
		Timing: inkpool.Timing{Total: 412 * time.Millisecond, Wait: 3100 * time.Microsecond, Infer: 389500001},
	}
}

// steps returns what came of translating and labelling a text.
func steps() inkpool.Result {
	return inkpool.Result{
		Kind: inkpool.KindText, Text: "Good. <b>1 & 2\x00", Language: inkpool.Language{Code: "en", Score: 0.987654321},
		Translation: &inkpool.Translation{
			From: "en", To: "zh-Hans", Pack: "opus-mt-en-zh", Text: "好。\u2028<b>1 & 2",
			Segments: []inkpool.Segment{{Source: "Good.", Target: "好。"}, {Source: "<b>1 & 2\x00", Target: "<b>1 & 2", Doubtful: true}},
		},
		Labels: []inkpool.Label{
			{Pack: "sst2", Name: "POSITIVE", Score: 0.75},
			{Pack: "ner", Name: "PER", Score: 1, Span: &inkpool.Span{Start: 0, End: 4}},
		},
	}
}

func testResultExact(t *testing.T, s inkpool.Store) {
	cases := []struct {
		name   string
		result inkpool.Result
	}{
		{"page of two lines", page()},
		{"page without lines", inkpool.Result{Kind: inkpool.KindImage, WidthPx: 1, HeightPx: 1, Lines: []inkpool.Line{}}},
		{"text", inkpool.Result{Kind: inkpool.KindText, Text: "a\tb\r\nc\x00d\x1b[31m"}},
		{"text in another language, with labels", steps()},
		{"text that could not be translated, nor labelled", inkpool.Result{
			Kind: inkpool.KindText, Text: "bonjour", Language: inkpool.Language{Code: "fr", Score: 0.75},
			Translation: &inkpool.Translation{From: "fr", To: "zh", Error: inkpool.Errorf(inkpool.CodeModelMissing, "no pack").WithHint("add one")},
			LabelError:  inkpool.Errorf(inkpool.CodeModelCorrupt, "bad pack"),
		}},
		{"empty text", inkpool.Result{Kind: inkpool.KindText}},
		{"long text", inkpool.Result{Kind: inkpool.KindText, Text: strings.Repeat("長い文章。", 100_000)}},
	}
	add(t, s, "results", len(cases))
	for _, c := range cases {
		task := claim(t, s, alice)
		if err := s.FinishTask(t.Context(), alice, task.ID, c.result); err != nil {
			t.Fatalf("%s: FinishTask: %v", c.name, err)
		}
		got, err := s.Result(t.Context(), task.ID)
		if err != nil {
			t.Fatalf("%s: Result: %v", c.name, err)
		}
		if d := diff(c.result, got); d != "" {
			t.Errorf("%s (-stored +read):\n%s", c.name, d)
		}
	}
}

func testResultNotDone(t *testing.T, s inkpool.Store) {
	add(t, s, "states", 3)
	failed := claim(t, s, alice)
	if err := s.FailTask(t.Context(), alice, failed.ID, inkpool.StateFailed, inkpool.Errorf(inkpool.CodeInvalid, "bad")); err != nil {
		t.Fatalf("FailTask: %v", err)
	}
	running := claim(t, s, alice)
	for _, task := range tasksOf(t, s, running.Job) {
		_, err := s.Result(t.Context(), task.ID)
		wantCode(t, "Result of a "+string(task.State)+" task", err, inkpool.CodeNotFound)
	}
}

func testResultImpossible(t *testing.T, s inkpool.Store) {
	job := add(t, s, "one", 1)
	task := claim(t, s, alice)
	r := page()
	zero := 0.0
	r.Lines[1].Score = zero / zero // not a number
	if err := s.FinishTask(t.Context(), alice, task.ID, r); err == nil {
		t.Error("FinishTask: got no error for a score that is not a number")
	}
	if d := diff(task, getTask(t, s, task.ID)); d != "" {
		t.Errorf("the task changed (-before +after):\n%s", d)
	}
	wantCounts(t, s, job.ID, inkpool.Counts{Running: 1})
}
