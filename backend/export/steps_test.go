package export_test

import (
	"strings"
	"testing"

	"github.com/inkpool/inkpool/backend/export"
	"github.com/inkpool/inkpool/backend/export/exporttest"
	"github.com/inkpool/inkpool/backend/view"
)

// translated is a page of which everything was done.
func translated() view.Page {
	p := exporttest.Done("a.txt", "Ann is here.")
	p.Language = &view.Language{Code: "en", Score: 0.98}
	p.Translation = &view.Translation{From: "en", To: "zh", Model: "opus-mt-en-zh", Text: "安在这里。"}
	p.Labels = []view.Label{
		{Model: "sst2", Label: "POSITIVE", Score: 0.7312},
		{Model: "ner", Label: "PER", Score: 0.99, Text: "Ann", End: new(3)},
	}
	return p
}

// untranslated is a page whose steps failed.
func untranslated() view.Page {
	p := exporttest.Done("a.txt", "Bonjour.")
	p.Translation = &view.Translation{From: "fr", To: "zh", Error: &view.Error{Code: "model_missing", Message: "no pack\nfor French"}}
	p.LabelError = &view.Error{Code: "model_corrupt", Message: "a bad pack"}
	return p
}

func TestTextOfSteps(t *testing.T) {
	labelled := exporttest.Done("cat.jpg", "")
	labelled.Labels = []view.Label{{Label: "tabby\u202e", Score: 0.876}, {Label: "lynx", Score: 0.02}}
	waiting := exporttest.Done("a.txt", "read already")
	waiting.Status = "queued"
	for name, c := range map[string]struct {
		page view.Page
		want string
	}{
		"a translation stands in place of the text": {translated(), "安在这里。\n[POSITIVE 0.73; PER: Ann 0.99]\n"},
		"a text stays that was not translated":      {untranslated(), "Bonjour.\n[not translated: no pack\\nfor French]\n[not labelled: a bad pack]\n"},
		"labels of a picture without text":          {labelled, "[tabby\\u202e 0.88; lynx 0.02]\n"},
		"a text with which more is to be done":      {waiting, "read already\n"},
	} {
		if got := written(t, export.Text{}, c.page); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

func TestCSVOfSteps(t *testing.T) {
	for name, c := range map[string]struct {
		page view.Page
		want string
	}{
		"everything": {translated(), "a.txt,1,image,done,Ann is here.,,,en,安在这里。,POSITIVE 0.73; PER: Ann 0.99\r\n"},
		"nothing":    {untranslated(), "a.txt,1,image,done,Bonjour.,model_missing,\"no pack\nfor French\",,,\r\n"},
	} {
		if _, got, _ := strings.Cut(written(t, export.CSV{}, c.page), "\r\n"); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}
