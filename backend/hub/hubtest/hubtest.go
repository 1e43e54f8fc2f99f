// Package hubtest is a hub of models on this computer, for tests. It answers as Hugging Face
// does: lists of files in pages, headers that say which file it is in the first answer, large
// files on another path that is redirected to, ranges. Faults make it answer as hubs, mirrors,
// proxies and networks do on bad days.
package hubtest

import (
	"bytes"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// Commit is that of every repository.
const Commit = "0123456789abcdef0123456789abcdef01234567"

// Modified is when every repository was changed last.
func Modified() time.Time { return time.Date(2024, 10, 8, 13, 0, 0, 0, time.UTC) }

// Large is the size from which on a file lies elsewhere, in bytes.
const Large = 1000

// Faults say what goes wrong. The zero value is a good day.
type Faults struct {
	CutAfter   int               // connections end after so many bytes of a file
	NoRanges   bool              // files are sent from their beginning whatever is asked for
	WrongRange bool              // other parts are sent than those that were asked for
	Longer     bool              // files have a byte more than they should
	Shorter    bool              // files are said to be a byte shorter than they are
	Redirect   string            // where large files are said to be
	Stall      bool              // a byte of a file comes, and then nothing
	Status     int               // of all answers
	Times      int               // so many times only; 0: always
	Page       bool              // a web page comes instead of files
	Other      bool              // another content of the same size comes
	NewTags    bool              // files have another ETag in every answer
	LinkedETag string            // what is said that large files are
	NoAbout    bool              // nothing is known about repositories
	Listed     []json.RawMessage // further entries of every list of files
}

// Hub is a server. All methods may be called by several goroutines.
type Hub struct {
	*httptest.Server
	mu       sync.Mutex
	repos    map[string]map[string][]byte
	faults   Faults
	requests []string // "GET /path range"
	headers  []http.Header
	sent     int64
	tags     int
}

// New starts a hub that ends with the test.
func New(t testing.TB) *Hub {
	t.Helper()
	h := &Hub{repos: map[string]map[string][]byte{}}
	h.Server = httptest.NewServer(h)
	t.Cleanup(h.Server.Close)
	return h
}

// Put gives the hub a repository with these files.
func (h *Hub) Put(id string, files map[string][]byte) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.repos[id] = maps.Clone(files)
}

// PutFolder gives the hub a repository with the files of a folder.
func (h *Hub) PutFolder(t testing.TB, id, dir string) {
	t.Helper()
	files := map[string][]byte{}
	root := os.DirFS(dir)
	err := fs.WalkDir(root, ".", func(p string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		files[p], err = fs.ReadFile(root, p)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	h.Put(id, files)
}

// Set makes things go wrong from now on.
func (h *Hub) Set(f Faults) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.faults = f
}

// Requests lists what was asked for since the last call: paths, and ranges behind them.
func (h *Hub) Requests() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	list := h.requests
	h.requests = nil
	return list
}

// Authorized reports whether any request had a token.
func (h *Hub) Authorized() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.ContainsFunc(h.headers, func(header http.Header) bool { return header.Get("Authorization") != "" })
}

// Sent is how many bytes of files were sent so far.
func (h *Hub) Sent() int64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.sent
}

// today notes a request and returns what goes wrong with it.
func (h *Hub) today(r *http.Request) Faults {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.requests = append(h.requests, strings.TrimSpace(r.URL.RequestURI()+" "+r.Header.Get("Range")))
	h.headers = append(h.headers, r.Header.Clone())
	f := h.faults
	if h.faults.Times > 0 {
		if h.faults.Times--; h.faults.Times == 0 {
			h.faults = Faults{}
		}
	}
	h.tags++
	return f
}

// ServeHTTP implements http.Handler.
func (h *Hub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f := h.today(r)
	if f.Status != 0 {
		http.Error(w, "not now", f.Status)
		return
	}
	path := strings.TrimPrefix(r.URL.Path, "/")
	switch {
	case strings.HasPrefix(path, "api/models/"):
		h.serveAPI(w, r, f, strings.TrimPrefix(path, "api/models/"))
	case strings.HasPrefix(path, "cdn/"):
		h.serveContent(w, r, f, strings.TrimPrefix(path, "cdn/"))
	default:
		h.serveFile(w, r, f, path)
	}
}

func (h *Hub) repository(id string) (map[string][]byte, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	files, ok := h.repos[id]
	return files, ok
}

// cut splits "org/name/what/revision/rest".
func cut(path string) (id, what, revision, rest string) {
	parts := strings.SplitN(path, "/", 5)
	for len(parts) < 5 {
		parts = append(parts, "")
	}
	return parts[0] + "/" + parts[1], parts[2], parts[3], parts[4]
}

func (h *Hub) serveAPI(w http.ResponseWriter, r *http.Request, f Faults, path string) {
	id, what, revision, _ := cut(path)
	files, ok := h.repository(id)
	if !ok || revision != "main" && revision != Commit || what == "revision" && f.NoAbout {
		http.Error(w, `{"error":"Repository not found"}`, http.StatusNotFound)
		return
	}
	if f.Page {
		servePage(w)
		return
	}
	if what == "revision" {
		writeJSON(w, map[string]any{"sha": Commit, "lastModified": Modified(), "tags": []string{"onnx", "license:apache-2.0"}})
		return
	}
	h.serveTree(w, r, f, files)
}

// page is how many entries a list has in one answer.
const page = 3

func (h *Hub) serveTree(w http.ResponseWriter, r *http.Request, f Faults, files map[string][]byte) {
	var all []any
	for _, name := range slices.Sorted(maps.Keys(files)) {
		all = append(all, entryOf(name, files[name]))
	}
	for _, more := range f.Listed {
		all = append(all, more)
	}
	from, _ := strconv.Atoi(r.URL.Query().Get("cursor"))
	to := min(from+page, len(all))
	if to < len(all) {
		w.Header().Set("Link", fmt.Sprintf(`<%s%s?recursive=1&cursor=%d>; rel="next"`, h.URL, r.URL.Path, to))
	}
	writeJSON(w, all[min(from, to):to])
}

// entryOf is how a hub lists a file: of a large one, oid and size are those of its pointer.
func entryOf(name string, data []byte) any {
	entry := map[string]any{"type": "file", "path": name, "size": len(data), "oid": blob(data)}
	if len(data) >= Large {
		pointer := fmt.Sprintf("version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize %d\n", sum(data), len(data))
		entry["oid"], entry["size"] = blob([]byte(pointer)), len(pointer)
		entry["lfs"] = map[string]any{"oid": sum(data), "size": len(data), "pointerSize": len(pointer)}
	}
	return entry
}

func sum(data []byte) string {
	s := sha256.Sum256(data)
	return hex.EncodeToString(s[:])
}

func blob(data []byte) string {
	s := sha1.Sum(append([]byte(fmt.Sprintf("blob %d\x00", len(data))), data...))
	return hex.EncodeToString(s[:])
}

func (h *Hub) serveFile(w http.ResponseWriter, r *http.Request, f Faults, path string) {
	id, what, revision, name := cut(path)
	files, ok := h.repository(id)
	data, there := files[name]
	if !ok || !there || what != "resolve" || revision != "main" && revision != Commit {
		http.Error(w, "Entry not found", http.StatusNotFound)
		return
	}
	w.Header().Set("X-Repo-Commit", Commit)
	if len(data) < Large {
		h.send(w, r, f, data)
		return
	}
	tag := f.LinkedETag
	if tag == "" {
		tag = sum(data)
	}
	w.Header().Set("X-Linked-Etag", strconv.Quote(tag))
	w.Header().Set("X-Linked-Size", strconv.Itoa(len(data)))
	to := f.Redirect
	if to == "" {
		to = "/cdn/" + id + "/" + name
	}
	w.Header().Set("Location", to)
	w.WriteHeader(http.StatusFound)
}

func (h *Hub) serveContent(w http.ResponseWriter, r *http.Request, f Faults, path string) {
	parts := strings.SplitN(path, "/", 3)
	files, _ := h.repository(strings.Join(parts[:min(2, len(parts))], "/"))
	data, ok := files[parts[len(parts)-1]]
	if !ok {
		http.NotFound(w, r)
		return
	}
	h.send(w, r, f, data)
}

// send sends a file, or what comes of it today.
func (h *Hub) send(w http.ResponseWriter, r *http.Request, f Faults, data []byte) {
	switch {
	case f.Page:
		servePage(w)
		return
	case f.Other:
		data = bytes.Repeat([]byte("?"), len(data))
	case f.Longer:
		data = append(bytes.Clone(data), '!')
	}
	w.Header().Set("ETag", strconv.Quote(sum(data)))
	if f.NewTags {
		h.mu.Lock()
		w.Header().Set("ETag", fmt.Sprintf(`"%d"`, h.tags))
		h.mu.Unlock()
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	if f.NoRanges {
		r.Header.Del("Range")
	}
	if f.WrongRange && r.Header.Get("Range") != "" {
		r.Header.Set("Range", "bytes=1-")
		r.Header.Del("If-Range")
	}
	if f.Shorter {
		data = data[:len(data)-1]
	}
	http.ServeContent(&cutWriter{ResponseWriter: w, hub: h, faults: f, request: r}, r, "", time.Time{}, bytes.NewReader(data))
}

// cutWriter ends a connection in the middle, or lets it stand.
type cutWriter struct {
	http.ResponseWriter
	hub     *Hub
	faults  Faults
	request *http.Request
	done    int
}

func (c *cutWriter) Write(p []byte) (int, error) {
	limit := len(p)
	if c.faults.CutAfter > 0 {
		limit = min(limit, c.faults.CutAfter-c.done)
	}
	if c.faults.Stall {
		limit = min(limit, 1)
	}
	n, err := c.ResponseWriter.Write(p[:limit])
	c.done += n
	c.hub.mu.Lock()
	c.hub.sent += int64(n)
	c.hub.mu.Unlock()
	if err != nil {
		return n, err
	}
	if c.faults.Stall {
		_ = http.NewResponseController(c.ResponseWriter).Flush()
		<-c.request.Context().Done()
		return n, c.request.Context().Err()
	}
	if c.faults.CutAfter > 0 && c.done >= c.faults.CutAfter {
		_ = http.NewResponseController(c.ResponseWriter).Flush()
		panic(http.ErrAbortHandler)
	}
	return n, nil
}

func servePage(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/html")
	_, _ = w.Write([]byte("<!DOCTYPE html><html><body>Sign in to this network</body></html>"))
}

func writeJSON(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v)
}
