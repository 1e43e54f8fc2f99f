package language

// likely are languages that are met more often than others, with the natural logarithm of
// how much more. It tips the scale where a word or two say little: "Total", "OK".
var likely = map[string]float32{
	"en": 1.6, "zh-Hans": 1, "de": 0.8, "es": 0.8, "fr": 0.8, "pt": 0.5, "it": 0.5, "ru": 0.7, "nl": 0.3, "pl": 0.3, "id": 0.3, "tr": 0.3,
}

func logPrior(code string) float32 { return likely[code] }
