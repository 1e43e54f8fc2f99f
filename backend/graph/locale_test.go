package graph_test

import (
	"bytes"
	"testing"

	"github.com/inkpool/inkpool/backend/graph"
	"github.com/inkpool/inkpool/backend/inkpool"
)

// lowering is a model that makes letters small.
func lowering(attributes ...[]byte) []byte {
	attributes = append(attributes, words("case_change_action", "LOWER"), whole("is_case_sensitive", 0))
	return network{
		in: []int64{1}, out: []int64{1}, outputs: []string{"y"},
		nodes: []op{node("StringNormalizer", "x", "y", attributes...)},
	}.encode()
}

func TestWithPlainLocale(t *testing.T) {
	for name, c := range map[string]struct {
		attributes [][]byte
		changed    bool
	}{
		"by default":       {nil, true},
		"the usual":        {[][]byte{words("locale", "en_US.UTF-8")}, true},
		"another language": {[][]byte{words("locale", "tr_TR.UTF-8")}, false},
		"plain already":    {[][]byte{words("locale", "C.UTF-8")}, false},
	} {
		data := lowering(c.attributes...)
		got, changed, err := graph.WithPlainLocale(data)
		if err != nil || changed != c.changed {
			t.Errorf("%s: got %v, %v; want %v", name, changed, err, c.changed)
		}
		if changed != bytes.Contains(got, words("locale", "C.UTF-8")) && name != "plain already" {
			t.Errorf("%s: got %q", name, got)
		}
		if changed && bytes.Contains(got, []byte("en_US")) || !changed && !bytes.Equal(got, data) {
			t.Errorf("%s: got %q of %q", name, got, data)
		}
	}
	if _, _, err := graph.WithPlainLocale([]byte("<html>")); inkpool.CodeOf(err) != inkpool.CodeModelCorrupt {
		t.Errorf("no model: got %v", err)
	}
}

// Other models, even with a node of that name from elsewhere, stay as they are.
func TestWithPlainLocaleLeavesOthersAlone(t *testing.T) {
	data := network{in: []int64{1}, out: []int64{1}, outputs: []string{"y"}, nodes: []op{node("Relu", "x", "y")}}.encode()
	if got, changed, err := graph.WithPlainLocale(data); err != nil || changed || !bytes.Equal(got, data) {
		t.Errorf("got %v, %v", changed, err)
	}
}
