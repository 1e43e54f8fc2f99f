package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
)

// short is how many characters are left of a text that is cut.
const short = 20

// score counts right answers to whole texts and to their beginnings.
type score struct{ texts, whole, cut int }

func (s *score) add(o score) {
	s.texts += o.texts
	s.whole += o.whole
	s.cut += o.cut
}

func percent(n, of int) float64 { return 100 * float64(n) / float64(max(1, of)) }

// report prints a table with a row for each language.
func report(ctx context.Context, out io.Writer, title string, texts []sample, contenders []contender) error {
	var codes []string
	scores := make([]map[string]score, len(contenders))
	for i, c := range contenders {
		scores[i] = map[string]score{}
		for _, t := range texts {
			s, err := judge(ctx, c, t)
			if err != nil {
				return err
			}
			sum := scores[i][t.code]
			sum.add(s)
			scores[i][t.code] = sum
			if !slices.Contains(codes, t.code) {
				codes = append(codes, t.code)
			}
		}
	}
	fmt.Fprintf(out, "%s, in percent:\n\n| language | texts |", title)
	for _, c := range contenders {
		fmt.Fprintf(out, " %s | first %d |", c.name(), short)
	}
	fmt.Fprintf(out, "\n|---|--:|%s\n", strings.Repeat("--:|--:|", len(contenders)))
	for _, code := range append(codes, "all") {
		row := ""
		texts := 0
		for i := range contenders {
			s := scores[i][code]
			if code == "all" {
				for _, of := range scores[i] {
					s.add(of)
				}
			}
			texts = s.texts
			row += fmt.Sprintf(" %.1f | %.1f |", percent(s.whole, s.texts), percent(s.cut, s.texts))
		}
		fmt.Fprintf(out, "| %s | %d |%s\n", code, texts, row)
	}
	fmt.Fprintln(out)
	return nil
}

func judge(ctx context.Context, c contender, t sample) (score, error) {
	s := score{texts: 1}
	whole, err := c.detect(ctx, t.text)
	if err != nil {
		return s, err
	}
	cut, err := c.detect(ctx, beginning(t.text))
	if err != nil {
		return s, err
	}
	if same(t.code, whole) {
		s.whole = 1
	}
	if same(t.code, cut) {
		s.cut = 1
	}
	return s, nil
}

func beginning(text string) string {
	letters := []rune(text)
	return string(letters[:min(short, len(letters))])
}

// close are languages that are easily taken for each other.
var close = []string{
	"da no sv", "cs sk", "es pt gl ca oc", "id ms", "hr sr-Latn bs sl", "ru uk be bg mk sr",
	"hi mr ne", "fa ar ur ug", "zh-Hans zh-Hant ja", "af nl fy", "xh zu", "ga gd", "et fi", "kk ky",
}

// reportConfusions prints what a contender takes the beginnings of close languages for.
func reportConfusions(ctx context.Context, out io.Writer, texts []sample, c contender) error {
	fmt.Fprintf(out, "What the first %d characters are taken for:\n\n", short)
	for _, group := range close {
		codes := strings.Fields(group)
		fmt.Fprintf(out, "| | %s | other |\n|---|%s\n", strings.Join(codes, " | "), strings.Repeat("--:|", len(codes)+1))
		for _, code := range codes {
			counts := make([]int, len(codes)+1)
			for _, t := range texts {
				if t.code != code {
					continue
				}
				got, err := c.detect(ctx, beginning(t.text))
				if err != nil {
					return err
				}
				at := slices.Index(codes, got)
				if at < 0 {
					at = len(codes)
				}
				counts[at]++
			}
			fmt.Fprintf(out, "| %s |", code)
			for _, n := range counts {
				fmt.Fprintf(out, " %d |", n)
			}
			fmt.Fprintln(out)
		}
		fmt.Fprintln(out)
	}
	return nil
}
