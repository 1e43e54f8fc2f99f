package tokenize

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// decoder turns pieces back into text. The pieces that it returns are joined.
type decoder interface {
	decode(pieces []string) []string
}

// decoders work one after the other.
type decoders []decoder

func (d decoders) decode(pieces []string) []string {
	for _, each := range d {
		pieces = each.decode(pieces)
	}
	return pieces
}

// eachPiece is a decoder that looks at one piece at a time.
type eachPiece func(piece string) string

func (d eachPiece) decode(pieces []string) []string {
	out := make([]string, len(pieces))
	for i, p := range pieces {
		out[i] = d(p)
	}
	return out
}

// fuse joins all pieces to one, for the decoders behind it.
type fuse struct{}

func (fuse) decode(pieces []string) []string { return []string{strings.Join(pieces, "")} }

// wordPieceDecoder puts spaces between pieces, but not before those with its prefix.
type wordPieceDecoder struct {
	prefix  string
	cleanUp *strings.Replacer // nil: leave spaces before signs
}

func (d wordPieceDecoder) decode(pieces []string) []string {
	out := make([]string, len(pieces))
	for i, p := range pieces {
		if i > 0 {
			if rest, ok := strings.CutPrefix(p, d.prefix); ok {
				p = rest
			} else {
				p = " " + p
			}
		}
		if d.cleanUp != nil {
			p = d.cleanUp.Replace(p)
		}
		out[i] = p
	}
	return out
}

// newCleanUp does what "cleanup" means in decoders, one replacement after the other: no
// two of them overlap within a piece.
func newCleanUp() *strings.Replacer {
	return strings.NewReplacer(" .", ".", " ?", "?", " !", "!", " ,", ",", " ' ", "'", " n't", "n't",
		" 'm", "'m", " do not", " don't", " 's", "'s", " 've", "'ve", " 're", "'re")
}

// byteLevelDecoder undoes byteLevel.
type byteLevelDecoder struct{ alphabet *byteAlphabet }

func (d byteLevelDecoder) decode(pieces []string) []string {
	var out []byte
	for _, p := range pieces {
		out = d.alphabet.decode(out, p)
	}
	return []string{toText(out)}
}

// toText replaces what is no UTF-8 by U+FFFD: one for each sequence that could have become
// a character, as Rust's from_utf8_lossy does (Unicode, "maximal subparts").
func toText(b []byte) string {
	if utf8.Valid(b) {
		return string(b)
	}
	var out strings.Builder
	for len(b) > 0 {
		r, width := utf8.DecodeRune(b)
		if r == utf8.RuneError && width == 1 {
			width = subpart(b)
		}
		out.WriteRune(r)
		b = b[width:]
	}
	return out.String()
}

// subpart returns the length of the longest beginning of b, which begins with no character,
// that some character begins with, or 1.
func subpart(b []byte) int {
	n := 1
	for n < len(b) && n < utf8.UTFMax && !utf8.FullRune(b[:n]) {
		n++
	}
	if utf8.FullRune(b[:n]) { // because it cannot become one any more
		n--
	}
	return max(n, 1)
}

// metaspaceDecoder undoes metaspace.
type metaspaceDecoder struct {
	replacement string
	prepend     prependScheme
}

func (d metaspaceDecoder) decode(pieces []string) []string {
	out := make([]string, len(pieces))
	for i, p := range pieces {
		by := " "
		if i == 0 && d.prepend != prependNever {
			by = ""
		}
		out[i] = strings.ReplaceAll(p, d.replacement, by)
	}
	return out
}

// suffixDecoder turns what words end with into spaces: "BPEDecoder".
type suffixDecoder string

func (d suffixDecoder) decode(pieces []string) []string {
	out := make([]string, len(pieces))
	for i, p := range pieces {
		by := " "
		if i == len(pieces)-1 {
			by = ""
		}
		out[i] = strings.ReplaceAll(p, string(d), by)
	}
	return out
}

// byteFallbackDecoder turns pieces of bytes into the text that they spell, or one U+FFFD
// each when they spell none.
type byteFallbackDecoder struct{}

func (byteFallbackDecoder) decode(pieces []string) []string {
	var out []string
	var pending []byte
	flush := func() {
		if len(pending) == 0 {
			return
		}
		if utf8.Valid(pending) {
			out = append(out, string(pending))
		} else {
			out = append(out, strings.Repeat("\uFFFD", len(pending)))
		}
		pending = pending[:0]
	}
	for _, p := range pieces {
		if b, ok := lenientBytePiece(p); ok {
			pending = append(pending, b)
			continue
		}
		flush()
		out = append(out, p)
	}
	flush()
	return out
}

// lenientBytePiece reads pieces such as <0x0A>, in small letters too.
func lenientBytePiece(piece string) (byte, bool) {
	if len(piece) != len("<0x00>") || piece[:3] != "<0x" || piece[5] != '>' {
		return 0, false
	}
	b, err := strconv.ParseUint(piece[3:5], 16, 8)
	return byte(b), err == nil
}

// stripDecoder drops up to a number of characters at either end of each piece.
type stripDecoder struct {
	content     string // one character
	left, right int
}

func (d stripDecoder) decode(pieces []string) []string {
	out := make([]string, len(pieces))
	for i, p := range pieces {
		for n := 0; n < d.left && strings.HasPrefix(p, d.content); n++ {
			p = p[len(d.content):]
		}
		for n := 0; n < d.right && strings.HasSuffix(p, d.content); n++ {
			p = p[:len(p)-len(d.content)]
		}
		out[i] = p
	}
	return out
}
