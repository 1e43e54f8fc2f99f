package main

import "testing"

func TestTesseractLanguages(t *testing.T) {
	debian := []string{"chi_sim", "eng", "osd"}
	tests := []struct {
		lang  string
		known []string
		want  string
	}{
		{"en", debian, "eng"},
		{"zh+en", debian, "chi_sim+eng"},
		{"zh-Hant", debian, "chi_sim"},
		{"zh-Hant", []string{"chi_sim", "chi_tra", "eng"}, "chi_tra"},
		{"fr", debian, "eng"},
		{"fr", []string{"eng", "fra"}, "fra"},
		{"en+de+fr", []string{"eng", "fra"}, "eng+fra"},
		{"", debian, "eng"},
		{"none", debian, "eng"},
	}
	for _, tt := range tests {
		if got := (tesseract{known: tt.known}).languages(tt.lang); got != tt.want {
			t.Errorf("%q with %q installed: got %q, want %q", tt.lang, tt.known, got, tt.want)
		}
	}
}
