package language_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/inkpool/inkpool/backend/infer"
	"github.com/inkpool/inkpool/backend/language"
)

func TestSentences(t *testing.T) {
	d := language.New(newReference(t))
	for _, c := range []struct{ want, text string }{
		{"en", "The shop around the corner opens at nine in the morning."},
		{"de", "Der Laden um die Ecke öffnet morgens um neun Uhr."},
		{"fr", "Le magasin du coin ouvre ses portes à neuf heures du matin."},
		{"es", "La tienda de la esquina abre a las nueve de la mañana."},
		{"pt", "A loja da esquina não abre antes das nove horas da manhã."},
		{"it", "Il negozio all'angolo apre alle nove del mattino."},
		{"nl", "De winkel op de hoek gaat om negen uur 's morgens open."},
		{"sv", "Affären på hörnet öppnar klockan nio på morgonen."},
		{"da", "Butikken på hjørnet åbner klokken ni om morgenen, og så får vi noget at spise."},
		{"no", "Butikken på hjørnet åpner ikke før klokka ni om morgenen."},
		{"fi", "Kulman kauppa aukeaa yhdeksältä aamulla."},
		{"is", "Búðin á horninu opnar klukkan níu á morgnana."},
		{"et", "Nurgapealne pood avatakse hommikul kell üheksa."},
		{"lv", "Veikals uz stūra tiek atvērts deviņos no rīta."},
		{"lt", "Parduotuvė už kampo atidaroma devintą valandą ryto."},
		{"pl", "Sklep za rogiem otwiera się o dziewiątej rano."},
		{"cs", "Obchod za rohem se otevírá v devět hodin ráno."},
		{"sk", "Obchod za rohom sa otvára o deviatej hodine ráno."},
		{"sl", "Trgovina za vogalom se odpre ob devetih zjutraj."},
		{"hu", "A sarki bolt reggel kilenc órakor nyit ki."},
		{"ro", "Magazinul de la colț se deschide la ora nouă dimineața."},
		{"sq", "Dyqani në qoshe hapet në orën nëntë të mëngjesit."},
		{"tr", "Köşedeki dükkân sabah saat dokuzda açılıyor."},
		{"vi", "Cửa hàng ở góc phố mở cửa lúc chín giờ sáng."},
		{"id", "Toko di sudut jalan itu buka pukul sembilan pagi."},
		{"ca", "La botiga de la cantonada obre a les nou del matí."},
		{"eu", "Izkinako denda goizeko bederatzietan irekitzen da."},
		{"cy", "Mae'r siop ar y gornel yn agor am naw o'r gloch y bore."},
		{"ga", "Osclaíonn an siopa ar an gcúinne ar a naoi a chlog ar maidin."},
		{"eo", "La vendejo ĉe la angulo malfermiĝas je la naŭa matene."},
		{"ru", "Магазин на углу открывается в девять часов утра."},
		{"uk", "Крамниця на розі відчиняється о дев'ятій годині ранку."},
		{"be", "Крама на рагу адчыняецца а дзявятай гадзіне раніцы."},
		{"bg", "Магазинът на ъгъла отваря в девет часа сутринта."},
		{"mk", "Продавницата на аголот се отвора во девет часот наутро."},
		{"sr", "Продавница на углу се отвара у девет сати ујутру."},
		{"kk", "Бұрыштағы дүкен таңғы сағат тоғызда ашылады."},
		{"ar", "يفتح المتجر الموجود في الزاوية أبوابه في الساعة التاسعة صباحا"},
		{"fa", "مغازهٔ سر کوچه ساعت نه صبح باز می\u200cشود"},
		{"ur", "کونے والی دکان صبح نو بجے کھلتی ہے۔"},
		{"he", "החנות בפינה נפתחת בתשע בבוקר"},
		{"hi", "कोने वाली दुकान सुबह नौ बजे खुलती है।"},
		{"mr", "कोपऱ्यावरचे दुकान सकाळी नऊ वाजता उघडते."},
		{"bn", "মোড়ের দোকানটি সকাল নয়টায় খোলে।"},
		{"ta", "மூலையில் உள்ள கடை காலை ஒன்பது மணிக்குத் திறக்கும்."},
		{"th", "ร้านที่หัวมุมเปิดตอนเก้าโมงเช้า"},
		{"ko", "모퉁이에 있는 가게는 아침 아홉 시에 문을 엽니다."},
		{"ja", "角の店は朝九時に開きます。"},
		{"zh-Hans", "街角的商店早上九点开门。"},
		{"zh-Hant", "街角的商店早上九點開門。"},
		{"bo", "ཚོང་ཁང་དེ་ཞོགས་པ་ཆུ་ཚོད་དགུ་པར་སྒོ་ཕྱེ་གི་རེད།"},
		{"el", "Το μαγαζί στη γωνία ανοίγει στις εννέα το πρωί."},
		{"ka", "კუთხეში მდებარე მაღაზია დილის ცხრა საათზე იხსნება."},
		{"hy", "Անկյունի խանութը բացվում է առավոտյան ժամը իննին։"},
	} {
		got, err := d.Detect(t.Context(), c.text)
		if err != nil {
			t.Fatal(err)
		}
		if got.Code != c.want {
			t.Errorf("%q: got %s (%.2f), want %s", c.text, got.Code, got.Score, c.want)
		}
		if got.Score <= 0 || got.Score > 1 {
			t.Errorf("%q: got the score %v, want 0..1", c.text, got.Score)
		}
	}
}

func TestNothingToTell(t *testing.T) {
	d := language.New(newReference(t))
	for _, text := range []string{
		"", " \n\t ", "2026", "3.14 + 1,000 = 17 %", "…!?–—", "😀🎉👩‍👩‍👧", "https://example.org/der/die/das?und=oder",
		"someone@example.com", "/usr/share/doc/README", `C:\Windows\System32\drivers`, "x86_64", "\xff\xfe\x80", "١٢٣", "①②③",
	} {
		got, err := d.Detect(t.Context(), text)
		if err != nil {
			t.Fatal(err)
		}
		if got.Code != "" || got.Score != 0 {
			t.Errorf("%q: got %+v, want nothing", text, got)
		}
	}
}

func TestMixedTexts(t *testing.T) {
	d := language.New(newReference(t))
	for _, c := range []struct{ want, text string }{
		{"zh-Hans", "请先安装 Microsoft Visual Studio Code，再打开 LibreOffice Writer。"},
		{"zh-Hans", "iPhone 15 Pro Max 的价格是多少？"},
		{"zh-Hans", "访问https://www.example.com/en/products/index.html查看详情"},
		{"zh-Hant", "請先安裝 Adobe Acrobat Reader，再開啟這個檔案。"},
		{"en", "The company was founded by 马云 in Hangzhou."},
		{"en", "Please write to müller@example.de or see https://example.de/über/uns for the details."},
		{"ja", "Windows Updateを実行してください。"},
		{"ru", "Откройте Microsoft Word и нажмите Enter."},
		{"de", "Der Befehl `git commit --amend` ändert den letzten Stand."},
		{"ko", "Windows에서 Google Chrome을 설치하세요"},
		{"he", "לחצו על Enter כדי להמשיך"},
	} {
		got, err := d.Detect(t.Context(), c.text)
		if err != nil {
			t.Fatal(err)
		}
		if got.Code != c.want {
			t.Errorf("%q: got %s (%.2f), want %s", c.text, got.Code, got.Score, c.want)
		}
	}
}

func TestShortTexts(t *testing.T) {
	d := language.New(newReference(t))
	for text, want := range map[string]string{
		"你": "zh-Hans", "頁": "zh-Hant", "あ": "ja", "ㄅ": "zh-Hant", "한": "ko", "ན": "bo", "ß": "de", "Invoice": "en", "Total": "en",
		"Rechnung": "de", "facture": "fr", "中文": "zh-Hans", "東京駅": "ja", "Straße": "de",
	} {
		got, err := d.Detect(t.Context(), text)
		if err != nil {
			t.Fatal(err)
		}
		if got.Code != want {
			t.Errorf("%q: got %s (%.2f), want %s", text, got.Code, got.Score, want)
		}
	}
}

func TestCandidatesLimitTheAnswer(t *testing.T) {
	d := language.New(newReference(t))
	for _, c := range []struct {
		text, candidates, want string
	}{
		{"Butikken åpner klokka ni", "da sv", "da"},
		{"Total", "de es", "es"},
		{"街角的商店早上九点开门。", "zh en", "zh-Hans"},
		{"街角的商店早上九點開門。", "zh en", "zh-Hant"},
		{"街角的商店早上九點開門。", "en ja", ""},
		{"Магазин на углу", "en zh", ""},
		{"ร้านที่หัวมุม", "th", "th"},
		{"街角的商店早上九點開門。", "zh-CN en", ""},
		{"街角的商店早上九點開門。", "zh-TW en", "zh-Hant"},
		{"街角的商店早上九點開門。", "zh-Hant-HK", "zh-Hant"},
		{"A loja não abre", "pt-BR es", "pt"},
		{"Butikken på hjørnet", "nb en", "no"},
		{"Продавница на углу", "sr-Latn en", ""},
		{"Prodavnica na uglu", "sr en", "sr-Latn"},
	} {
		got, err := d.Detect(t.Context(), c.text, strings.Fields(c.candidates)...)
		if err != nil {
			t.Fatal(err)
		}
		if got.Code != c.want {
			t.Errorf("%q of %s: got %q (%.2f), want %q", c.text, c.candidates, got.Code, got.Score, c.want)
		}
	}
}

func TestLongTextsTakeBoundedWork(t *testing.T) {
	d := language.New(newReference(t))
	text := strings.Repeat("Der Laden um die Ecke öffnet morgens um neun Uhr. ", 20_000)
	allocations := testing.AllocsPerRun(3, func() {
		got, err := d.Detect(t.Context(), text)
		if err != nil || got.Code != "de" {
			t.Errorf("got %+v, %v, want de", got, err)
		}
	})
	if most := 10_000.0; allocations > most {
		t.Errorf("got %v allocations for 1 MB, want at most %v", allocations, most)
	}
}

func TestConcurrentUse(t *testing.T) {
	d := language.New(load(t))
	texts := []string{"Der Laden um die Ecke", "街角的商店", "la tienda de la esquina", "Магазин на углу открывается"}
	want := make([]string, len(texts))
	for i, text := range texts {
		got, err := d.Detect(t.Context(), text)
		if err != nil {
			t.Fatal(err)
		}
		want[i] = got.Code
	}
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			for k := range 50 {
				i := (g + k) % len(texts)
				if got, err := d.Detect(t.Context(), texts[i]); err != nil || got.Code != want[i] {
					t.Errorf("%q: got %+v, %v, want %s", texts[i], got, err, want[i])
				}
			}
		})
	}
	wg.Wait()
}

func TestErrorsOfTheSessionComeThrough(t *testing.T) {
	broken := errors.New("no such tensor")
	_, err := language.New(failing{broken}).Detect(t.Context(), "Der Laden um die Ecke")
	if !errors.Is(err, broken) {
		t.Errorf("got %v, want one that wraps %v", err, broken)
	}
}

// TestNoSessionIsNeededWhereTheScriptDecides also for texts of nothing.
func TestNoSessionIsNeededWhereTheScriptDecides(t *testing.T) {
	d := language.New(failing{errors.New("was run")})
	for text, want := range map[string]string{"ร้านที่หัวมุม": "th", "東京のお店": "ja", "这边的门开了": "zh-Hans", "": ""} {
		if got, err := d.Detect(t.Context(), text); err != nil || got.Code != want {
			t.Errorf("%q: got %+v, %v, want %q", text, got, err, want)
		}
	}
}

// failing is a session whose every run fails.
type failing struct{ err error }

func (f failing) Run(context.Context, []infer.Tensor, []infer.Tensor) error { return f.err }
func (failing) Close() error                                                { return nil }

func TestLanguages(t *testing.T) {
	got := language.Languages()
	if least := 60; len(got) < least {
		t.Errorf("got %d languages, want at least %d", len(got), least)
	}
	for _, want := range []string{"en", "zh-Hans", "zh-Hant", "sr", "sr-Latn", "bo", "ko"} {
		if !slices.Contains(got, want) {
			t.Errorf("got no %s", want)
		}
	}
}
