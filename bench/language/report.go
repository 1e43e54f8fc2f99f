package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
)

// score counts texts and pieces of them, and the right answers to each.
type score struct{ texts, right, pieces, rightPieces int }

func (s *score) add(o score) {
	s.texts += o.texts
	s.right += o.right
	s.pieces += o.pieces
	s.rightPieces += o.rightPieces
}

func percent(n, of int) float64 { return 100 * float64(n) / float64(max(1, of)) }

// report prints a table with a row for each language, one for those that all contenders know,
// and one for all.
func report(ctx context.Context, out io.Writer, title string, texts []sample, contenders []contender) error {
	scores, err := judgeAll(ctx, texts, contenders)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%s, right answers in percent:\n\n| language | texts | pieces |", title)
	for _, c := range contenders {
		fmt.Fprintf(out, " %s | pieces |", c.name())
	}
	fmt.Fprintf(out, "\n|---|--:|--:|%s\n", strings.Repeat("--:|--:|", len(contenders)))
	all, known := make([]score, len(contenders)), make([]score, len(contenders))
	for _, code := range codesOf(texts) {
		writeRow(out, code, scores[code])
		common := !slices.ContainsFunc(contenders, func(c contender) bool { return !c.knows(code) })
		for i, s := range scores[code] {
			all[i].add(s)
			if common {
				known[i].add(s)
			}
		}
	}
	writeRow(out, "known to all", known)
	writeRow(out, "all", all)
	fmt.Fprintln(out)
	return nil
}

func writeRow(out io.Writer, name string, scores []score) {
	fmt.Fprintf(out, "| %s | %d | %d |", name, scores[0].texts, scores[0].pieces)
	for _, s := range scores {
		fmt.Fprintf(out, " %.1f | %.1f |", percent(s.right, s.texts), percent(s.rightPieces, s.pieces))
	}
	fmt.Fprintln(out)
}

// codesOf lists the languages of texts, in their order.
func codesOf(texts []sample) (codes []string) {
	for _, t := range texts {
		if !slices.Contains(codes, t.code) {
			codes = append(codes, t.code)
		}
	}
	return codes
}

// judgeAll returns for each language the scores of the contenders.
func judgeAll(ctx context.Context, texts []sample, contenders []contender) (map[string][]score, error) {
	scores := map[string][]score{}
	for _, t := range texts {
		if scores[t.code] == nil {
			scores[t.code] = make([]score, len(contenders))
		}
		for i, c := range contenders {
			s, err := judge(ctx, c, t)
			if err != nil {
				return nil, err
			}
			scores[t.code][i].add(s)
		}
	}
	return scores, nil
}

func judge(ctx context.Context, c contender, t sample) (score, error) {
	got, err := c.detect(ctx, t.text)
	if err != nil {
		return score{}, err
	}
	s := score{texts: 1, pieces: len(t.pieces)}
	if same(t.code, got) {
		s.right = 1
	}
	for _, piece := range t.pieces {
		got, err := c.detect(ctx, piece)
		if err != nil {
			return score{}, err
		}
		if same(t.code, got) {
			s.rightPieces++
		}
	}
	return s, nil
}

// close are languages that are easily taken for each other.
var close = []string{
	"da no sv", "cs sk", "es pt gl ca oc", "id ms", "hr sr-Latn bs sl", "ru uk be bg mk sr",
	"hi mr ne", "fa ar ur ug", "zh-Hans zh-Hant ja", "af nl fy", "xh zu", "ga gd", "et fi", "kk ky",
}

// reportConfusions prints what a contender takes the pieces of close languages for.
func reportConfusions(ctx context.Context, out io.Writer, texts []sample, c contender) error {
	fmt.Fprintf(out, "What a hundred pieces of %d characters are taken for:\n\n", short)
	for _, group := range close {
		codes := strings.Fields(group)
		fmt.Fprintf(out, "| | %s | other |\n|---|%s\n", strings.Join(codes, " | "), strings.Repeat("--:|", len(codes)+1))
		for _, code := range codes {
			counts, all, err := confuse(ctx, texts, c, code, codes)
			if err != nil {
				return err
			}
			fmt.Fprintf(out, "| %s |", code)
			for _, n := range counts {
				fmt.Fprintf(out, " %.1f |", percent(n, all))
			}
			fmt.Fprintln(out)
		}
		fmt.Fprintln(out)
	}
	return nil
}

// confuse counts what the pieces of texts in a language are taken for: for each of the codes,
// and last for any other.
func confuse(ctx context.Context, texts []sample, c contender, code string, codes []string) (counts []int, all int, err error) {
	counts = make([]int, len(codes)+1)
	for _, t := range texts {
		if t.code != code {
			continue
		}
		for _, piece := range t.pieces {
			got, err := c.detect(ctx, piece)
			if err != nil {
				return nil, 0, err
			}
			at := slices.Index(codes, got)
			if at < 0 {
				at = len(codes)
			}
			counts[at]++
			all++
		}
	}
	return counts, all, nil
}
