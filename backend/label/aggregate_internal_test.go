package label

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/tokenize"
)

// said is a text whose tokens a test gives labels: each a piece of the text with its word, and
// the name of its likeliest label.
type said struct {
	text   string
	tokens []tokenize.Token
	labels []string
}

// say makes "Mi|B-ORG cro|I-ORG soft|O + |O Bill|B-PER" into tokens; "+" is where a word ends.
func say(pieces string) said {
	var s said
	word := 0
	for piece := range strings.FieldsSeq(pieces) {
		text, name, _ := strings.Cut(piece, "|")
		if text == "+" {
			s.text, word = s.text+" ", word+1
			continue
		}
		s.tokens = append(s.tokens, tokenize.Token{Start: len(s.text), End: len(s.text) + len(text), Word: word})
		s.text, s.labels = s.text+text, append(s.labels, name)
	}
	return s
}

// answer joins what is said with the score 0.9 for each token.
func (s said) answer(a Aggregation) string {
	names := []string{"-"}
	scores := make([][]float64, len(s.labels))
	index := map[string]int{}
	for _, l := range s.labels {
		if index[l] == 0 {
			index[l] = len(names)
			names = append(names, l)
		}
	}
	for i, l := range s.labels {
		scores[i] = make([]float64, len(names))
		scores[i][index[l]] = 0.9
	}
	var out []string
	for _, l := range a.entities(s.text, a.units(s.text, s.tokens, scores), names) {
		out = append(out, s.text[l.Span.Start:l.Span.End]+"="+l.Name)
	}
	return strings.Join(out, " ")
}

func TestEntities(t *testing.T) {
	for name, c := range map[string]struct {
		said string
		how  Aggregation
		want string
	}{
		"each token":            {"Bill|B-PER + works|O + at|O + Mi|B-ORG cro|I-ORG", None, "Bill=B-PER Mi=B-ORG cro=I-ORG"},
		"IOB2":                  {"Bill|B-PER + Ga|I-PER tes|I-PER + and|O + Paul|B-PER", Simple, "Bill Gates=PER Paul=PER"},
		"IOB2, neighbours":      {"Bill|B-PER + Paul|B-PER + Ann|I-PER", Simple, "Bill=PER Paul Ann=PER"},
		"IOB":                   {"Bill|I-PER + Gates|I-PER + Paul|B-PER + of|O + Rome|I-LOC", Simple, "Bill Gates=PER Paul=PER Rome=LOC"},
		"another kind":          {"Bill|B-PER + Rome|I-LOC + Paris|I-LOC", Simple, "Bill=PER Rome Paris=LOC"},
		"BIOES":                 {"Bill|B-PER + van|I-PER + Gates|E-PER + Paul|S-PER + Ann|S-PER + Eve|B-PER + Orr|E-PER", Simple, "Bill van Gates=PER Paul=PER Ann=PER Eve Orr=PER"},
		"BILOU":                 {"Bill|B-PER + Gates|L-PER + Paul|I-PER + Ann|U-PER", Simple, "Bill Gates=PER Paul=PER Ann=PER"},
		"BMES":                  {"王|B-PER 小|M-PER 明|E-PER 在|O 北|B-LOC 京|E-LOC", First, "王小明=PER 北京=LOC"},
		"no prefix":             {"Bill|PER + Gates|PER + runs|VERB", Simple, "Bill Gates=PER runs=VERB"},
		"a prefix of its own":   {"up|X-RAY + down|B- + off|-", Simple, "up=X-RAY down=B- off=-"},
		"within a word, simple": {"Mi|B-ORG cro|O soft|I-ORG", Simple, "Mi=ORG soft=ORG"},
		"within a word, first":  {"Mi|B-ORG cro|O soft|O + is|O", First, "Microsoft=ORG"},
		"first is outside":      {"Mi|O cro|B-ORG soft|I-ORG + is|O", First, ""},
		"punctuation":           {"Rome|B-LOC ,|O + Paris|B-LOC .|O", First, "Rome=LOC Paris=LOC"},
		"Chinese in one word":   {"他|O 住|O 北|B-LOC 京|I-LOC 。|O", First, "北京=LOC"},
		"digits":                {"19|B-DATE 99|O", First, "1999=DATE"},
		"accents":               {"Zo|B-PER ë|O", First, "Zoë=PER"},
		"nothing":               {"a|O + b|O", First, ""},
	} {
		if got := say(c.said).answer(c.how); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

// Tokens of some tokenizers begin with the space in front of them.
func TestEntitiesWithoutSpaces(t *testing.T) {
	text := "in  Rome now"
	tokens := []tokenize.Token{{Start: 0, End: 2}, {Start: 2, End: 9, Word: 1}, {Start: 9, End: 12, Word: 2}}
	scores := [][]float64{{1, 0}, {0, 1}, {1, 0}}
	got := Simple.entities(text, Simple.units(text, tokens, scores), []string{"O", "LOC"})
	want := []inkpool.Label{{Name: "LOC", Score: 1, Span: &inkpool.Span{Start: 4, End: 8}}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got[0].Span, want[0].Span)
	}
}

func TestChoose(t *testing.T) {
	tokens := [][]float64{{0.5, 0.3, 0.2}, {0.1, 0.45, 0.45}, {0.1, 0.1, 0.8}}
	for a, want := range map[Aggregation]unit{
		First:   {class: 0, score: 0.5},
		Average: {class: 2, score: (0.2 + 0.45 + 0.8) / 3},
		Max:     {class: 2, score: 0.8},
	} {
		class, score := a.choose(tokens)
		if class != want.class || math.Abs(score-want.score) > 1e-12 {
			t.Errorf("strategy %d: got %d, %v; want %d, %v", a, class, score, want.class, want.score)
		}
	}
}

// Joining is compared with a transcript of transformers' TokenClassificationPipeline, on texts
// of words that its rule for WordPiece and ours see alike.
func TestAggregationEqualsReference(t *testing.T) {
	names := []string{"O", "B-PER", "I-PER", "B-LOC", "I-LOC", "MISC"}
	for seed := range uint64(3000) {
		r := rand.New(rand.NewPCG(seed, 7))
		var pieces []string
		for range 1 + r.IntN(12) {
			pieces = append(pieces, strings.Repeat(string(rune('a'+r.IntN(26))), 1+r.IntN(3))+"|")
			if r.IntN(2) == 0 {
				pieces = append(pieces, "+|")
			}
		}
		s := say(strings.Join(pieces, " "))
		scores := make([][]float64, len(s.tokens))
		for i := range scores {
			for range names {
				scores[i] = append(scores[i], r.Float64())
			}
		}
		for _, a := range []Aggregation{First, None, Simple, Average, Max} {
			got := a.entities(s.text, a.units(s.text, s.tokens, scores), names)
			if want := slowEntities(a, s, scores, names); fmt.Sprint(plain(got)) != fmt.Sprint(want) {
				t.Fatalf("seed %d, strategy %d: got %v, want %v", seed, a, plain(got), want)
			}
		}
	}
}

// plain writes labels as the reference does.
func plain(labels []inkpool.Label) (out []string) {
	for _, l := range labels {
		out = append(out, fmt.Sprintf("%s %d-%d %.9f", l.Name, l.Span.Start, l.Span.End, l.Score))
	}
	return out
}

// slowEntity is what the pipeline calls an entity: a dict of a word.
type slowEntity struct {
	name       string
	score      float64
	start, end int
}

// slowEntities is aggregate of pipelines/token_classification.py, and the rest of postprocess.
func slowEntities(a Aggregation, s said, scores [][]float64, names []string) (out []string) {
	var entities []slowEntity
	for from := 0; from < len(s.tokens); {
		to := from + 1
		if a != None && a != Simple {
			for to < len(s.tokens) && s.tokens[to].Word == s.tokens[from].Word {
				to++
			}
		}
		entities = append(entities, slowWord(a, s, scores, names, from, to))
		from = to
	}
	for len(entities) > 0 {
		n := 1
		for a != None && n < len(entities) && slowJoins(entities[n-1].name, entities[n].name) {
			n++
		}
		group := slowEntity{entities[0].name, 0, entities[0].start, entities[n-1].end}
		for _, e := range entities[:n] {
			group.score += e.score / float64(n)
		}
		if a != None {
			group.name = group.name[strings.LastIndex(group.name, "-")+1:]
		}
		if group.name != "O" {
			out = append(out, fmt.Sprintf("%s %d-%d %.9f", group.name, group.start, group.end, group.score))
		}
		entities = entities[n:]
	}
	return out
}

// slowWord is aggregate_word.
func slowWord(a Aggregation, s said, scores [][]float64, names []string, from, to int) slowEntity {
	argmax := func(row []float64) int {
		best := 0
		for k := range row {
			if row[k] > row[best] {
				best = k
			}
		}
		return best
	}
	row := scores[from]
	switch a {
	case Max:
		for _, other := range scores[from+1 : to] {
			if other[argmax(other)] > row[argmax(row)] {
				row = other
			}
		}
	case Average:
		row = make([]float64, len(names))
		for k := range row {
			for _, other := range scores[from:to] {
				row[k] += other[k] / float64(to-from)
			}
		}
	}
	k := argmax(row)
	return slowEntity{names[k], row[k], s.tokens[from].Start, s.tokens[to-1].End}
}

// slowJoins is the condition in group_entities.
func slowJoins(last, next string) bool {
	tag := func(name string) (bi, kind string) {
		if strings.HasPrefix(name, "B-") || strings.HasPrefix(name, "I-") {
			return name[:1], name[2:]
		}
		return "I", name
	}
	_, lastKind := tag(last)
	bi, kind := tag(next)
	return kind == lastKind && bi != "B"
}

func FuzzEntities(f *testing.F) {
	f.Add("Bill Gates", "B-PER", "I-PER", uint8(1))
	f.Add("  北京 ", "S-", "-", uint8(3))
	f.Fuzz(func(t *testing.T, text, first, second string, cut uint8) {
		at := min(int(cut), len(text))
		tokens := []tokenize.Token{{Start: 0, End: at, Word: 0}, {Start: at, End: len(text), Word: int(cut) % 2}}
		scores := [][]float64{{0.6, 0.4}, {0.3, 0.7}}
		for _, a := range []Aggregation{First, None, Simple, Average, Max} {
			end := 0
			for _, l := range a.entities(text, a.units(text, tokens, scores), []string{first, second}) {
				if l.Span.Start < end || l.Span.End < l.Span.Start || l.Span.End > len(text) || !(l.Score > 0 && l.Score <= 1) {
					t.Fatalf("strategy %d: got %+v %+v", a, l, *l.Span)
				}
				end = l.Span.End
			}
		}
	})
}
