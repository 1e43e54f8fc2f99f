package hub

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// Repository is what a hub has under a name, at one moment of its history.
type Repository struct {
	ID       string    // "Xenova/opus-mt-en-zh"
	Commit   string    // 40 hexadecimal digits; empty where the hub does not say
	Modified time.Time // zero where the hub does not say
	Licence  string    // as the hub names it, such as "apache-2.0"; empty where it does not
	Files    []File    // by their paths
}

// File is a file to fetch.
type File struct {
	Path   string // within the repository, with "/"
	URL    string
	Size   int64  // bytes; 0: not known
	SHA256 string // hexadecimal; empty: not known
	Blob   string // SHA-1 of Git's blob, hexadecimal; empty: not known
}

// File returns the file at a path.
func (r *Repository) File(path string) (File, bool) {
	at := slices.IndexFunc(r.Files, func(f File) bool { return f.Path == path })
	if at < 0 {
		return File{}, false
	}
	return r.Files[at], true
}

// Forms of names. They become parts of addresses and of paths.
var (
	idForm       = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,95}/[A-Za-z0-9][A-Za-z0-9._-]{0,95}$`)
	revisionForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._/-]{0,99}$`)
	commitForm   = regexp.MustCompile(`^[0-9a-f]{40}$`)
	sha256Form   = regexp.MustCompile(`^[0-9a-f]{64}$`)
)

// IsID reports whether a name is one of a repository.
func IsID(name string) bool { return idForm.MatchString(name) && !strings.Contains(name, "..") }

// Bounds of what a hub may answer.
const (
	maxAnswer = 16 << 20 // bytes of JSON
	maxPages  = 100
	maxFiles  = 10_000
)

// Repository lists what a hub has under a name. An empty revision is the main one.
// CodeNotFound says that there is nothing, CodeUnavailable that the hub cannot be asked.
func (c *Client) Repository(ctx context.Context, id, revision string) (*Repository, error) {
	if revision == "" {
		revision = "main"
	}
	if !IsID(id) || !revisionForm.MatchString(revision) || strings.Contains(revision, "..") {
		return nil, inkpool.Errorf(inkpool.CodeInvalid, "%q at %q is no name of a model", id, revision).
			WithHint("Names look like Xenova/opus-mt-en-zh.")
	}
	r := &Repository{ID: id}
	if err := c.about(ctx, r, revision); err != nil {
		return nil, err
	}
	if r.Commit != "" {
		revision = r.Commit
	}
	if err := c.tree(ctx, r, revision); err != nil {
		return nil, err
	}
	for i, f := range r.Files {
		r.Files[i].URL = c.address(id, "resolve", revision, f.Path).String()
	}
	return r, nil
}

// address joins parts of a path, which may have separators of their own, to the endpoint.
func (c *Client) address(parts ...string) *url.URL {
	var segments []string
	for _, p := range parts {
		segments = append(segments, strings.Split(p, "/")...)
	}
	return c.endpoint.JoinPath(escaped(segments)...)
}

func escaped(segments []string) []string {
	for i, s := range segments {
		segments[i] = url.PathEscape(s)
	}
	return segments
}

// about asks for what is known of a repository. Mirrors need not know any of it.
func (c *Client) about(ctx context.Context, r *Repository, revision string) error {
	var found struct {
		SHA      string    `json:"sha"`
		Modified time.Time `json:"lastModified"`
		Tags     []string  `json:"tags"`
	}
	_, err := c.ask(ctx, c.address("api", "models", r.ID, "revision", revision), &found)
	if code := inkpool.CodeOf(err); code == inkpool.CodeNotFound || errors.Is(err, errAnswer) {
		return nil // the list of files will say whether there is such a repository
	}
	if err != nil {
		return err
	}
	if commitForm.MatchString(found.SHA) {
		r.Commit = found.SHA
	}
	r.Modified = found.Modified
	for _, tag := range found.Tags {
		if licence, ok := strings.CutPrefix(tag, "license:"); ok {
			r.Licence = licence
		}
	}
	return nil
}

// ask gets JSON, and the address of the next page where there is one.
func (c *Client) ask(ctx context.Context, target *url.URL, v any) (next *url.URL, err error) {
	err = c.retry(ctx, func() (bool, error) {
		a, err := c.get(ctx, target, http.Header{"Accept": {"application/json"}})
		if err != nil {
			return false, err
		}
		defer a.Close()
		data, err := io.ReadAll(io.LimitReader(a.Body, maxAnswer+1))
		if err != nil {
			return false, c.explain(ctx, target, err)
		}
		next = nextPage(a.Response)
		return false, c.decode(target, data, v)
	})
	return next, err
}

func (c *Client) decode(target *url.URL, data []byte, v any) error {
	err := json.Unmarshal(data, v)
	switch {
	case len(data) > maxAnswer:
		err = errors.New("the answer is too long")
	case err == nil:
		return nil
	}
	if isPage(data) {
		return webPage(target.Host).WithCause(errAnswer)
	}
	return inkpool.Errorf(inkpool.CodeUnavailable, "%s does not answer as a hub of models does", target.Host).
		WithCause(fmt.Errorf("%w: %w", errAnswer, err)).WithHint("Choose another endpoint with --endpoint.")
}

// isPage reports whether data begins as web pages do.
func isPage(data []byte) bool {
	head := bytes.ToLower(bytes.TrimLeft(data[:min(len(data), 512)], "\ufeff \t\r\n"))
	return bytes.HasPrefix(head, []byte("<!doctype html")) || bytes.HasPrefix(head, []byte("<html"))
}

// webPage says that somebody between us and the server wants to be seen first.
func webPage(host string) *inkpool.Error {
	return inkpool.Errorf(inkpool.CodeUnavailable, "a web page came instead of what %s was asked for", host).
		WithHint("A network may want you to sign in first: open any page in a browser, then try again.")
}

// nextLink is the address in a header such as `<https://…?cursor=x>; rel="next"`.
var nextLink = regexp.MustCompile(`<([^<>]+)>\s*;\s*rel="?next"?`)

func nextPage(r *http.Response) *url.URL {
	found := nextLink.FindStringSubmatch(strings.Join(r.Header.Values("Link"), ", "))
	if found == nil {
		return nil
	}
	next, err := r.Request.URL.Parse(found[1])
	if err != nil {
		return nil
	}
	return next
}

// treeEntry is an entry of the list of files. Of a large file size may be that of its pointer.
type treeEntry struct {
	Type string `json:"type"`
	OID  string `json:"oid"`
	Size int64  `json:"size"`
	Path string `json:"path"`
	LFS  *struct {
		OID  string `json:"oid"`
		Size int64  `json:"size"`
	} `json:"lfs"`
}

// tree lists the files of a repository, page by page.
func (c *Client) tree(ctx context.Context, r *Repository, revision string) error {
	next := c.address("api", "models", r.ID, "tree", revision)
	next.RawQuery = "recursive=1"
	for range maxPages {
		var entries []treeEntry
		after, err := c.ask(ctx, next, &entries)
		if err != nil {
			return err
		}
		for _, e := range entries {
			f, err := e.file()
			if err != nil {
				return inkpool.Errorf(inkpool.CodeModelCorrupt, "%s lists a file that cannot be: %q", c.endpoint.Host, e.Path).
					WithCause(err).WithHint("Choose another endpoint with --endpoint.")
			}
			if f.Path != "" {
				r.Files = append(r.Files, f)
			}
		}
		if len(r.Files) > maxFiles {
			break
		}
		if after == nil {
			return r.sort()
		}
		next = after
	}
	return inkpool.Errorf(inkpool.CodeTooLarge, "%s has more than %d files", r.ID, maxFiles).WithHint("Choose another repository.")
}

// file is the entry of a file; that of anything else has no path.
func (e treeEntry) file() (File, error) {
	if e.Type != "file" {
		return File{}, nil
	}
	f := File{Path: e.Path, Size: e.Size, Blob: e.OID}
	if e.LFS != nil {
		f.Size, f.SHA256, f.Blob = e.LFS.Size, e.LFS.OID, ""
	}
	switch {
	case !fs.ValidPath(f.Path) || f.Path == "." || strings.ContainsAny(f.Path, "\\:") || strings.ContainsFunc(f.Path, unicode.IsControl):
		return File{}, errors.New("it leads out of the repository")
	case f.Size < 0 || f.SHA256 != "" && !sha256Form.MatchString(f.SHA256) || f.Blob != "" && !commitForm.MatchString(f.Blob):
		return File{}, errors.New("its size or hash is none")
	}
	return f, nil
}

// sort puts the files in order, and refuses names that are one on some systems.
func (r *Repository) sort() error {
	slices.SortFunc(r.Files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	seen := map[string]bool{}
	for _, f := range r.Files {
		name := strings.ToLower(f.Path)
		if seen[name] {
			return inkpool.Errorf(inkpool.CodeModelCorrupt, "%s is listed twice", f.Path).WithHint("Choose another endpoint with --endpoint.")
		}
		seen[name] = true
	}
	return nil
}
