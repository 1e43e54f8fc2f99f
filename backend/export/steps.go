package export

import (
	"strconv"
	"strings"

	"github.com/inkpool/inkpool/backend/view"
)

func languageOf(p view.Page) string {
	if p.Language == nil {
		return ""
	}
	return p.Language.Code
}

func translationOf(p view.Page) string {
	if p.Translation == nil {
		return ""
	}
	return p.Translation.Text
}

// labelsOf writes labels as a list, with what each is about where that is a part of the text:
// "cat 0.71; PER: Ann 0.99".
func labelsOf(p view.Page) string {
	shown := make([]string, len(p.Labels))
	for i, l := range p.Labels {
		if l.Text != "" {
			l.Label += ": " + l.Text
		}
		shown[i] = l.Label + " " + strconv.FormatFloat(l.Score, 'g', 2, 64)
	}
	return strings.Join(shown, "; ")
}
