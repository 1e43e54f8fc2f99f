package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"html"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// sample is a text whose language is known, and short pieces of it.
type sample struct {
	code, text string
	pieces     []string
}

// short is how many characters a piece has.
const short = 20

// beginning is the first piece of a text.
func beginning(text string) string {
	letters := []rune(text)
	return string(letters[:min(short, len(letters))])
}

// pieces cuts a text into pieces that begin with a word. What is left at the end is none.
func pieces(text string) (out []string) {
	letters := []rune(text)
	for len(letters) >= short {
		out = append(out, string(letters[:short]))
		letters = letters[short:]
		space := slices.Index(letters, ' ')
		if space >= 0 && space < short {
			letters = letters[space+1:]
		}
	}
	return out
}

// readParallel reads every .jsonl file of a folder: objects with a sentence under each of
// these names.
func readParallel(dir string) ([]sample, error) {
	names := map[string]string{"en": "en", "de": "de", "es": "es", "zh": "zh-Hans", "zh_Hant": "zh-Hant"}
	files, err := filepath.Glob(filepath.Join(dir, "*.jsonl"))
	if err != nil || len(files) == 0 {
		return nil, fmt.Errorf("no .jsonl files in %s", dir)
	}
	var out []sample
	for _, path := range files {
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		for l := range strings.Lines(string(data)) {
			var sentence map[string]any
			if err := json.Unmarshal([]byte(l), &sentence); err != nil {
				return nil, fmt.Errorf("%s: %w", path, err)
			}
			for name, code := range names {
				if text, ok := sentence[name].(string); ok {
					out = append(out, sample{code, text, []string{beginning(text)}})
				}
			}
		}
	}
	return out, nil
}

var (
	paragraph = regexp.MustCompile(`(?s)<p>(.*?)</p>`)
	tag       = regexp.MustCompile(`<[^>]*>`)
)

// readDeclaration reads the languages that declarations lists.
func readDeclaration(dir string) ([]sample, error) {
	var out []sample
	s := bufio.NewScanner(strings.NewReader(declarations))
	for s.Scan() {
		code, name, _ := strings.Cut(s.Text(), " ")
		page, err := os.ReadFile(filepath.Join(dir, name+".html"))
		if err != nil {
			return nil, err
		}
		var texts []string
		for _, m := range paragraph.FindAllStringSubmatch(string(page), -1) {
			text := strings.Join(strings.Fields(html.UnescapeString(tag.ReplaceAllString(m[1], " "))), " ")
			if len([]rune(text)) >= short && !slices.Contains(texts, text) {
				texts = append(texts, text)
				out = append(out, sample{code, text, pieces(text)})
			}
		}
	}
	return out, s.Err()
}

// declarations are the codes that Inkpool answers with, and the files of the npm package.
const declarations = `en eng
de deu_1996
fr fra
es spa
pt por_PT
pt por_BR
it ita
nl nld
af afr
fy fri
sv swe
da dan
no nob
no nno
is isl
fi fin
et est
hu hun
lv lav
lt lit
pl pol
cs ces
sk slk
sl slv
hr hrv
bs bos_latn
sr-Latn srp_latn
ro ron_2006
sq als
tr tur
az azj_latn
uz uzn_latn
ku kmr
vi vie
id ind
ms mly_latn
tl tgl
ca cat
gl glg
eu eus
oc lnc
br bre
cy cym
ga gle
gd gla
eo epo
la lat
sw swh
xh xho
zu zul
ru rus
uk ukr
be bel
bg bul
mk mkd
sr srp_cyrl
kk kaz
ky kir
tg tgk
mn khk
ar arb
fa pes_1
ur urd
ug uig_arab
hi hin
mr mar
ne nep
bn ben
zh-Hans cmn_hans
zh-Hant cmn_hant
ja jpn
ko kor
bo bod
el ell_monotonic
he heb
hy hye
ka kat
th tha
lo lao
km khm
my mya
am amh
si sin
ta tam
te tel
kn kan
ml mal
gu guj
pa pan
`
