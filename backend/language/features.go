package language

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

const (
	// Buckets is how many ids there are. Many pieces of words share one; training makes the
	// best of it.
	Buckets = 1 << 17

	longestPiece = 5  // letters of a piece of a word, its edges included
	longestWord  = 24 // letters of a word that gets an id as a whole
)

// Features returns the ids, 0..Buckets-1, of what the model looks at in words: every piece of
// 1 to longestPiece letters of every word in lower case, an edge of the word counting as a
// letter, and every whole word. Training uses this very function: the numbers are part of the
// model.
func Features(words []string) []int64 {
	var ids []int64
	for _, word := range words {
		ids = appendFeatures(ids, word)
	}
	return ids
}

// edge stands for the beginning and the end of a word.
const edge = '_'

func appendFeatures(ids []int64, word string) []int64 {
	letters := []rune("_" + lower(word) + "_")
	for i := range letters {
		h := newHash()
		for n := 1; n <= longestPiece && i+n <= len(letters); n++ {
			h = h.add(letters[i+n-1])
			if n == 1 && letters[i] == edge {
				continue // every word has edges
			}
			ids = append(ids, h.bucket())
		}
	}
	if n := len(letters); n > longestPiece && n <= longestWord+2 {
		ids = append(ids, wholeWord(letters))
	}
	return ids
}

// wholeWord differs from all pieces, because no piece begins with two edges.
func wholeWord(letters []rune) int64 {
	h := newHash().add(edge)
	for _, r := range letters {
		h = h.add(r)
	}
	return h.bucket()
}

// lower writes letters in one way: composed, without the forms that fonts give them (the
// ligature ﬁ, wide letters, Arabic letters by their place), in lower case.
func lower(word string) string {
	word = strings.Map(unicode.ToLower, norm.NFKC.String(word))
	return alike.Replace(word)
}

// alike takes out the hyphen that is seen at the end of lines only and the stroke that makes
// Arabic words longer.
var alike = strings.NewReplacer("’", "'", "\u00ad", "", "\u0640", "")

// hash is FNV-1a of 32 bits over the code points, four bytes each, the lowest first.
type hash uint32

func newHash() hash { return 2166136261 }

func (h hash) add(r rune) hash {
	for range 4 {
		h = (h ^ hash(r&0xff)) * 16777619
		r >>= 8
	}
	return h
}

// bucket folds the upper half into the lower one: the low bits alone of FNV are weak.
func (h hash) bucket() int64 { return int64((h>>16 ^ h) % Buckets) }
