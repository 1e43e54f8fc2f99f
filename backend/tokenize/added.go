package tokenize

import (
	"strings"
	"unicode/utf8"
)

// addedToken is a token that is looked for in the text before anything else is done to it.
type addedToken struct {
	ID         int32  `json:"id"`
	Content    string `json:"content"`
	SingleWord bool   `json:"single_word"` // only where it is not part of a word
	LStrip     bool   `json:"lstrip"`      // takes the white space before it along
	RStrip     bool   `json:"rstrip"`
	Normalized bool   `json:"normalized"` // looked for in the normalised text, as it is when normalised
	Special    bool   `json:"special"`
}

// addedTokens are those that are looked for at the same time.
type addedTokens struct {
	contents *trie // to places in tokens
	tokens   []addedToken
}

// newAddedTokens returns nil where there are none.
func newAddedTokens(tokens []addedToken, n normalizer) *addedTokens {
	if len(tokens) == 0 {
		return nil
	}
	keys := make([]key, 0, len(tokens))
	for i := len(tokens) - 1; i >= 0; i-- { // of equal contents, the first counts
		content := tokens[i].Content
		if n != nil {
			content = n.normalize(newText(content)).s
		}
		keys = append(keys, key{content, int32(i)})
	}
	return &addedTokens{newTrie(keys), tokens}
}

// split calls token for every added token in t, and between for what lies between them, in
// order. Of several at the same place, the longest counts.
func (a *addedTokens) split(t text, between func(text), token func(addedToken, text)) {
	done := 0
	for at := 0; a != nil && at < len(t.s); {
		length, i := a.contents.longest(t.s[at:])
		if length == 0 {
			at++
			continue
		}
		found, start, end := a.tokens[i], at, at+length
		at = end
		if found.SingleWord && insideWord(t.s, start, end) {
			continue
		}
		if found.LStrip {
			start = done + len(strings.TrimRightFunc(t.s[done:max(start, done)], isSpace))
		}
		if found.RStrip {
			end = len(t.s) - len(strings.TrimLeftFunc(t.s[end:], isSpace))
		}
		if done < start {
			between(t.sub(done, start))
		}
		token(found, t.sub(start, end))
		done = end
	}
	if done < len(t.s) {
		between(t.sub(done, len(t.s)))
	}
}

// insideWord says whether the part of s from start to end is preceded or followed by a
// character of a word.
func insideWord(s string, start, end int) bool {
	before, _ := utf8.DecodeLastRuneInString(s[:start])
	after, _ := utf8.DecodeRuneInString(s[end:])
	return start > 0 && isWord(before) || end < len(s) && isWord(after)
}
