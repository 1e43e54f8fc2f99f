package translate

import (
	"context"
	"regexp"
	"strings"
	"unicode"
)

// settle decodes jobs together. Those that come out wrong are translated again in halves, and
// those that lose an address around it.
func (w *work) settle(ctx context.Context, jobs []*job) error {
	outputs, err := w.decode(ctx, jobs)
	if err != nil {
		return err
	}
	for i, j := range jobs {
		said := outputs[i].pieces()
		j.target = w.t.tokens.Decode(said)
		wrong := judge(j.ids, outputs[i], said)
		switch {
		case wrong != sound:
			err = w.again(ctx, j, said, wrong)
		case losesAddress(j.text, j.target):
			err = w.around(ctx, j)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (w *work) decode(ctx context.Context, jobs []*job) ([]output, error) {
	b := batch{first: w.d.first, rules: w.t.rules(w.beams)}
	for _, j := range jobs {
		b.inputs = append(b.inputs, j.ids)
		b.limits = append(b.limits, limitFor(len(j.ids), w.t.config.MaxLength-1))
	}
	return w.t.decode(ctx, w.page, b)
}

// leastHalved is how many pieces an input has at least that is worth halving.
const leastHalved = 8

// again translates the halves of a text whose output was wrong. Where nothing is left to halve,
// the output stays, without its repetitions, and is doubtful.
func (w *work) again(ctx context.Context, j *job, said []int, wrong fault) error {
	first, second := halve(j.text)
	if len(j.ids) < leastHalved || strings.TrimSpace(first) == "" || strings.TrimSpace(second) == "" {
		j.doubtful = true
		if wrong != tooShort {
			j.target = w.t.tokens.Decode(once(said))
		}
		return nil
	}
	halves := []*job{w.t.newJob(j.of, first, w.d), w.t.newJob(j.of, second, w.d)}
	if err := w.settle(ctx, halves); err != nil {
		return err
	}
	j.take(halves, w.join(halves))
	return nil
}

// around translates what is between addresses, and leaves those as they are.
func (w *work) around(ctx context.Context, j *job) error {
	var parts, open []*job
	at := 0
	text := func(end int) {
		if end > at {
			parts = append(parts, w.t.newJob(j.of, j.text[at:end], w.d))
		}
		at = end
	}
	for _, m := range address.FindAllStringIndex(j.text, -1) {
		text(m[0])
		text(m[1])
	}
	text(len(j.text))
	for _, p := range parts {
		if isFixed(p.text) {
			p.target = strings.TrimSpace(p.text)
			continue
		}
		open = append(open, p)
	}
	if len(open) > 0 {
		if err := w.settle(ctx, open); err != nil {
			return err
		}
	}
	var target strings.Builder
	for _, p := range parts { // with the spaces around addresses, whatever the language
		body := strings.TrimLeftFunc(p.text, unicode.IsSpace)
		target.WriteString(p.text[:len(p.text)-len(body)])
		target.WriteString(p.target)
		target.WriteString(body[len(strings.TrimRightFunc(body, unicode.IsSpace)):])
	}
	j.take(parts, target.String())
	return nil
}

// take makes of parts what a job has come to.
func (j *job) take(parts []*job, target string) {
	j.target = target
	for _, p := range parts {
		j.doubtful = j.doubtful || p.doubtful
	}
}

// join puts parts of a sentence together.
func (w *work) join(parts []*job) string {
	var b strings.Builder
	for i, p := range parts {
		if i > 0 {
			before := parts[i-1].text
			b.WriteString(between(before[len(strings.TrimRightFunc(before, unicode.IsSpace)):], w.d.from, w.d.to))
		}
		b.WriteString(p.target)
	}
	return b.String()
}

// losesAddress reports whether an address of the source is missing in the target.
func losesAddress(source, target string) bool {
	for _, a := range address.FindAllString(source, -1) {
		if !strings.Contains(target, a) {
			return true
		}
	}
	return false
}

// longNumber is a number that no language writes in another way, such as those of telephones and
// orders. Shorter ones may become words, those with separators may get others.
var longNumber = regexp.MustCompile(`[0-9]{5,}`)

func losesNumber(source, target string) bool {
	for _, n := range longNumber.FindAllString(source, -1) {
		if !strings.Contains(target, n) {
			return true
		}
	}
	return false
}
