package wasm

import "testing"

func TestStoppable(t *testing.T) {
	head := "\x00asm\x01\x00\x00\x00"
	// One function: local i32; loop void; br 0; end; i64.const -1; drop; end.
	body := "\x01\x01\x7f" + "\x03\x40" + "\x0c\x00\x0b" + "\x42\x7f\x1a\x0b"
	code := func(b string) string { return head + "\x0a" + sized("\x01"+sized(b)) }
	got, err := stoppable([]byte(code(body)))
	want := code("\x01\x01\x7f" + "\x03\x40" + string(lookAtStop) + "\x0c\x00\x0b" + "\x42\x7f\x1a\x0b")
	if err != nil || string(got) != want {
		t.Errorf("got % x, %v, want % x", got, err, want)
	}
	for name, broken := range map[string]string{
		"no module":         "hello",
		"section cut":       code(body)[:len(code(body))-1],
		"function cut":      head + "\x0a\x02\x01\x05",
		"unknown operation": code("\x00\xfd\x00\x0b"),
	} {
		if _, err := stoppable([]byte(broken)); err == nil {
			t.Errorf("%s: got no error, want one", name)
		}
	}
}

func sized(s string) string { return string(appendSized(nil, []byte(s))) }
