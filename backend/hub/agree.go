package hub

import (
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// contentRange is "bytes FIRST-LAST/ALL".
var contentRange = regexp.MustCompile(`^bytes (\d+)-\d+/(\d+|\*)$`)

// agree compares what the server is about to send with what is to come, and begins anew where
// it sends the file from its beginning.
func (t *transfer) agree(a *answer) error {
	if err := t.agreeOnHash(a.first); err != nil {
		return err
	}
	if strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") {
		return webPage(a.Request.URL.Host)
	}
	switch a.StatusCode {
	case http.StatusRequestedRangeNotSatisfiable:
		if err := t.restart(); err != nil {
			return err
		}
		return passing{err: t.another("it is shorter than what has come of it")}
	case http.StatusPartialContent:
		found := contentRange.FindStringSubmatch(a.Header.Get("Content-Range"))
		if t.at == 0 || found == nil || found[1] != strconv.FormatInt(t.at, 10) {
			if err := t.restart(); err != nil {
				return err
			}
			return passing{err: t.another("it sent another part than it was asked for")}
		}
		if all, err := strconv.ParseInt(found[2], 10, 64); err == nil {
			if err := t.agreeOnSize(all); err != nil {
				return err
			}
		}
	default:
		if t.at > 0 { // it ignores ranges, or has another file now
			if err := t.restart(); err != nil {
				return err
			}
		}
		if a.ContentLength >= 0 {
			if err := t.agreeOnSize(a.ContentLength); err != nil {
				return err
			}
		}
	}
	return t.writeMark(a.Header.Get("ETag"))
}

// linkedETag is where a hub says which file it has, in the first of its answers: the SHA-256 of
// a large file, in quotation marks.
const linkedETag = "X-Linked-Etag"

// agreeOnHash compares what the hub says of the file with what it is to be. A plain server
// says nothing.
func (t *transfer) agreeOnHash(first http.Header) error {
	said := strings.Trim(strings.TrimPrefix(first.Get(linkedETag), "W/"), `"`)
	if sha256Form.MatchString(said) && t.file.SHA256 != "" && said != t.file.SHA256 {
		return t.another("its SHA-256 differs")
	}
	return nil
}

// agreeOnSize compares how large the server says that the file is with how large it is to be.
func (t *transfer) agreeOnSize(size int64) error {
	if size > MaxFile {
		return tooLarge(t.file)
	}
	if t.file.Size > 0 && size != t.file.Size {
		return passing{err: t.another(fmt.Sprintf("it has %d bytes instead of %d", size, t.file.Size))}
	}
	return nil
}

// another says that the server has another file.
func (t *transfer) another(how string) *inkpool.Error {
	return inkpool.Errorf(inkpool.CodeModelCorrupt, "%s is not the file that was to be fetched: %s", t.file.Path, how).
		WithHint("Try again later, or choose another endpoint with --endpoint.")
}

func tooLarge(f File) *inkpool.Error {
	return inkpool.Errorf(inkpool.CodeTooLarge, "%s has more than 2 GB", f.Path).WithHint("Take a smaller form of the model.")
}
