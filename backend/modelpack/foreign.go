package modelpack

import (
	"bytes"
	"errors"
	"io"
	"io/fs"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// marks are how files begin that people take for models.
var marks = []struct{ begin, what, hint string }{
	{"version https://git-lfs.github.com/spec/", "a pointer of Git LFS instead of the file", "Run `git lfs pull` in the folder, or download the file from the page of the model."},
	{"<!doctype", "a web page instead of the file", "Download the file itself: pages of models have a link for it."},
	{"<html", "a web page instead of the file", "Download the file itself: pages of models have a link for it."},
	{"\x89PNG\r\n", "a picture", "Choose the file of the model."},
	{"\xff\xd8\xff", "a picture", "Choose the file of the model."},
	{"GIF8", "a picture", "Choose the file of the model."},
	{"%PDF-", "a PDF document", "Choose the file of the model."},
	{"PK\x03\x04", "an archive, or a model of PyTorch", "Unpack an archive first; a model of PyTorch has to be exported for ONNX."},
	{"\x1f\x8b", "a compressed archive", "Unpack it first."},
	{"\x80\x02", "a pickled model of Python", "Get the model in ONNX form."},
	{"\x89HDF\r\n", "a model of Keras", "Get the model in ONNX form."},
	{"GGUF", "a model of llama.cpp", "Get the model in ONNX form."},
	{"SQLite format 3", "a database", "Choose the file of the model."},
}

// maxMark is how much of a file the marks need, with white space before them.
const maxMark = 512

// foreign says what data is, the beginning of a file, instead of what its name says; otherwise
// it returns err.
func foreign(name string, data []byte, err error) error {
	head := bytes.TrimLeft(data[:min(len(data), maxMark)], "\ufeff \t\r\n")
	lower := bytes.ToLower(head)
	if len(data) == 0 {
		return inkpool.Errorf(inkpool.CodeModelCorrupt, "%s is empty", name).WithHint("Get it again.")
	}
	for _, m := range marks {
		if bytes.HasPrefix(head, []byte(m.begin)) || bytes.HasPrefix(lower, []byte(m.begin)) {
			return inkpool.Errorf(inkpool.CodeModelCorrupt, "%s is %s", name, m.what).WithCause(err).WithHint(m.hint)
		}
	}
	if len(data) >= 8 && string(data[4:8]) == "ORTM" {
		return unsupported("%s is in ONNX Runtime's own form, which is trusted as it is when it is read", name).
			WithCause(err).WithHint("Get the model as .onnx.")
	}
	return err
}

// readUpTo reads a file that has no more than limit bytes.
func readUpTo(files fs.FS, name string, limit int64) ([]byte, error) {
	f, err := files.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err == nil && int64(len(data)) > limit {
		err = inkpool.Errorf(inkpool.CodeTooLarge, "%s has more than %d bytes", name, limit).WithHint("Get it again.")
	}
	return data, err
}

// beginning reads the first bytes of a file.
func beginning(files fs.FS, name string) ([]byte, error) {
	f, err := files.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data := make([]byte, maxMark)
	n, err := io.ReadFull(f, data)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil
	}
	return data[:n], err
}
