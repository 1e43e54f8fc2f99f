package document_test

import (
	"slices"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"

	"github.com/inkpool/inkpool/backend/document"
	"github.com/inkpool/inkpool/backend/inkpool"
)

// Receipts, signs, names and sentences, as short as they come.
var (
	simplifiedTexts = []string{
		"墨池是一个在本机运行的文字识别与翻译程序，数据不会离开这台电脑。",
		"你好吗？我们今天去看电影。",
		"第一章　总则\r\n\r\n第一条　为了保护公民的合法权益，制定本法。",
		"北京的天气很好，大家都出来了。", "这是测试", "中华人民共和国", "你好", "墨池", "收据", "谢谢惠顾",
		"发票号码：12345", "北京市朝阳区", "商品名称 数量 单价 金额", "价格￥35元", "姓名：李雷\n性别：男\n", "电话 010-66668888",
	}
	traditionalTexts = []string{
		"墨池是一個在本機執行的文字辨識與翻譯程式，資料不會離開這臺電腦。",
		"你好嗎？我們今天去看電影。",
		"人之初，性本善。性相近，習相遠。苟不教，性乃遷。教之道，貴以專。",
		"第一章　總則\r\n\r\n第一條　本法所稱主管機關：在中央為教育部；在直轄市為直轄市政府。",
		"台北市的天氣很好，大家都出來了。", "這是測試", "中華民國", "你好", "收據", "謝謝惠顧",
		"發票號碼：12345", "臺北市信義區", "商品名稱 數量 單價 金額", "價格35元", "姓名：李雷\n性別：男\n", "電話 02-66668888",
	}
	japaneseTexts = []string{
		"こんにちは", "領収書", "ありがとうございます", "東京都千代田区", "会議は午後三時からです。", "カタカナ", "株式会社山田商店 様",
	}
)

// The same bytes are often a text in several encodings: text must come out as what it was.
func TestDecodeTextTellsEncodingsApart(t *testing.T) {
	for _, tt := range []struct {
		name     string
		encoding encoding.Encoding
		texts    []string
	}{
		{"Big5", traditionalchinese.Big5, traditionalTexts},
		{"GB18030, traditional", simplifiedchinese.GB18030, traditionalTexts},
		{"GB18030", simplifiedchinese.GB18030, simplifiedTexts},
		{"Shift JIS", japanese.ShiftJIS, japaneseTexts},
	} {
		for _, want := range tt.texts {
			data, err := tt.encoding.NewEncoder().String(want)
			if err != nil {
				t.Fatalf("%s: %q: %v", tt.name, want, err)
			}
			got, err := document.DecodeText([]byte(data), document.Limits{})
			if err != nil || got != want {
				t.Errorf("%s: got %q, %v, want %q", tt.name, got, err, want)
			}
			if f := document.Sniff([]byte(data)[:len(data)-1]); f != document.FormatText {
				t.Errorf("%s: %q cut within a character: got format %q, want text", tt.name, want, f)
			}
		}
	}
}

// Without a mark and without ASCII, Chinese and Japanese in UTF-16 are told by their characters
// from five on; two are as good ASCII.
func TestDecodeTextGuessesUTF16(t *testing.T) {
	for name, order := range map[string]unicode.Endianness{"little": unicode.LittleEndian, "big": unicode.BigEndian} {
		for _, want := range slices.Concat(simplifiedTexts, traditionalTexts, japaneseTexts) {
			if utf8.RuneCountInString(want) < 5 {
				continue
			}
			data, err := unicode.UTF16(order, unicode.IgnoreBOM).NewEncoder().String(want)
			if err != nil {
				t.Fatal(err)
			}
			got, err := document.DecodeText([]byte(data), document.Limits{})
			if err != nil || got != want {
				t.Errorf("%s endian: got %q, %v, want %q", name, got, err, want)
			}
		}
	}
}

// FuzzDecodeText: every text is valid UTF-8 or refused with a reason, and the beginning of one
// that is accepted is not taken for something else.
func FuzzDecodeText(f *testing.F) {
	f.Add([]byte("墨池 inkpool"))
	f.Add([]byte("\xff\xfea\x00"))
	f.Add([]byte("\xc4\xe3\xba\xc3\xa1\xa3"))
	f.Add([]byte("\xa7\x41\xa6\x6e\xb6\xdc\xa1\x48"))
	f.Fuzz(func(t *testing.T, data []byte) {
		_, err := document.DecodeText(data, document.Limits{})
		switch code := inkpool.CodeOf(err); code {
		case "", inkpool.CodeInvalid, inkpool.CodeUnsupportedFormat, inkpool.CodeTooLarge:
		default:
			t.Errorf("got %v, want a text or an error that says what is wrong with the file", err)
		}
		document.Sniff(data)
	})
}
