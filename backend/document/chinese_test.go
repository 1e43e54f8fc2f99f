package document_test

import (
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"

	"github.com/inkpool/inkpool/backend/document"
	"github.com/inkpool/inkpool/backend/inkpool"
)

// The same bytes are often a text in both encodings: running text must come out as what it was.
func TestDecodeTextTellsChineseEncodingsApart(t *testing.T) {
	traditional := []string{
		"墨池是一個在本機執行的文字辨識與翻譯程式，資料不會離開這臺電腦。",
		"你好嗎？我們今天去看電影。",
		"人之初，性本善。性相近，習相遠。苟不教，性乃遷。教之道，貴以專。",
		"第一章　總則\r\n\r\n第一條　本法所稱主管機關：在中央為教育部；在直轄市為直轄市政府。",
		"台北市的天氣很好，大家都出來了。", "這是測試", "中華民國",
	}
	simplified := []string{
		"墨池是一个在本机运行的文字识别与翻译程序，数据不会离开这台电脑。",
		"你好吗？我们今天去看电影。",
		"第一章　总则\r\n\r\n第一条　为了保护公民的合法权益，制定本法。",
		"北京的天气很好，大家都出来了。", "这是测试", "中华人民共和国", "你好", "墨池",
	}
	for _, tt := range []struct {
		name     string
		encoding encoding.Encoding
		texts    []string
	}{
		{"Big5", traditionalchinese.Big5, traditional},
		{"GB18030, traditional", simplifiedchinese.GB18030, traditional},
		{"GB18030", simplifiedchinese.GB18030, simplified},
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
