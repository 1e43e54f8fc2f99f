package score_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/inkpool/inkpool/backend/score"
)

func TestChanges(t *testing.T) {
	better, worse := score.Measure{CER: 0.1}, score.Measure{CER: 0.3}
	want := []score.Change{{Name: "b", Old: worse, New: better}, {Name: "a", Old: better, New: worse}}

	got := score.GroupChanges(
		[]score.Group{{Name: "a", Measure: better}, {Name: "b", Measure: worse}, {Name: "gone"}},
		[]score.Group{{Name: "new"}, {Name: "b", Measure: better}, {Name: "a", Measure: worse}})
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("groups differ (-want +got):\n%s", diff)
	}
	got = score.PageChanges(
		[]score.PageScore{{File: "a", Measure: better}, {File: "b", Measure: worse}},
		[]score.PageScore{{File: "b", Measure: better}, {File: "a", Measure: worse}, {File: "new"}})
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("pages differ (-want +got):\n%s", diff)
	}
	for i, worse := range []float64{-0.2, 0.2} {
		if got := got[i].Worse(); !cmp.Equal(got, worse, cmpopts.EquateApprox(0, 1e-12)) {
			t.Errorf("%s: got worse by %v, want %v", want[i].Name, got, worse)
		}
	}
}
