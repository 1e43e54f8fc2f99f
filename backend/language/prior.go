package language

// likely has the languages that are met more and less often than others, with the natural
// logarithm of how much: estimates, kept small. They tip the scale where a word or two say
// little, such as "Total" or 中文; any sentence outweighs them. The gain is in
// docs/decisions/0012.
var likely = map[string]float32{
	"en": 1.5, "zh-Hans": 1.5,
	"de": 0.8, "es": 0.8, "fr": 0.8, "ru": 0.8, "ja": 0.8,
	"it": 0.5, "pt": 0.5,
	"cs": 0.3, "fa": 0.3, "id": 0.3, "nl": 0.3, "pl": 0.3, "sv": 0.3, "tr": 0.3, "uk": 0.3, "vi": 0.3,
	"br": -0.7, "eo": -0.7, "fy": -0.7, "ga": -0.7, "gd": -0.7, "ku": -0.7, "la": -0.7, "oc": -0.7, "xh": -0.7, "zu": -0.7,
}

func logPrior(code string) float32 { return likely[code] }
