package hub_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/inkpool/inkpool/backend/hub"
	"github.com/inkpool/inkpool/backend/hub/hubtest"
	"github.com/inkpool/inkpool/backend/inkpool"
)

// content is a file of so many bytes, the same for the same size.
func content(size int) []byte {
	data := make([]byte, size)
	r := rand.New(rand.NewPCG(uint64(size), 1))
	for i := range data {
		data[i] = byte(r.Uint32())
	}
	return data
}

// newClient is a client for a hub that does not wait long.
func newClient(t testing.TB, endpoint string) *hub.Client {
	t.Helper()
	c, err := hub.New(hub.Options{Endpoint: endpoint, Stall: 200 * time.Millisecond, Pause: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

const model = "org/model"

// start starts a hub with a model of a small and a large file.
func start(t testing.TB) (*hubtest.Hub, *hub.Client, map[string][]byte) {
	t.Helper()
	files := map[string][]byte{"config.json": []byte(`{"model_type":"x"}`), "onnx/model.onnx": content(100_000), "a b/ü.txt": content(500), "empty/d.txt": []byte("d")}
	h := hubtest.New(t)
	h.Put(model, files)
	return h, newClient(t, h.URL), files
}

func repository(t *testing.T, c *hub.Client) *hub.Repository {
	t.Helper()
	r, err := c.Repository(t.Context(), model, "")
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// large returns the large file of start.
func large(t *testing.T, c *hub.Client) hub.File {
	t.Helper()
	f, ok := repository(t, c).File("onnx/model.onnx")
	if !ok {
		t.Fatal("the file is not listed")
	}
	return f
}

func TestRepository(t *testing.T) {
	h, c, files := start(t)
	r := repository(t, c)
	if r.Commit != hubtest.Commit || r.Licence != "apache-2.0" || !r.Modified.Equal(hubtest.Modified()) || len(r.Files) != len(files) {
		t.Errorf("got %+v", r)
	}
	for _, f := range r.Files {
		if f.Size != int64(len(files[f.Path])) || (f.SHA256 == "") == (f.Blob == "") || !strings.Contains(f.URL, "/resolve/"+hubtest.Commit+"/") {
			t.Errorf("got %+v", f)
		}
		path := filepath.Join(t.TempDir(), "sub", "file")
		if err := c.Fetch(t.Context(), f, path, nil); err != nil {
			t.Errorf("%s: %v", f.Path, err)
		} else if data, err := os.ReadFile(path); err != nil || !bytes.Equal(data, files[f.Path]) {
			t.Errorf("%s: got %d bytes, %v", f.Path, len(data), err)
		}
	}
	h.Set(hubtest.Faults{NoAbout: true})
	if r, err := c.Repository(t.Context(), model, hubtest.Commit); err != nil || len(r.Files) != len(files) {
		t.Errorf("a mirror that knows nothing about it: got %+v, %v", r, err)
	}
}

func TestRepositoryRefuses(t *testing.T) {
	h, c, _ := start(t)
	listed := func(entry string) hubtest.Faults {
		return hubtest.Faults{Listed: []json.RawMessage{json.RawMessage(entry)}}
	}
	for name, test := range map[string]struct {
		id, revision string
		faults       hubtest.Faults
		want         inkpool.Code
	}{
		"no repository":      {"org/gone", "", hubtest.Faults{}, inkpool.CodeNotFound},
		"no revision":        {model, "v9", hubtest.Faults{}, inkpool.CodeNotFound},
		"an id that climbs":  {"../..", "", hubtest.Faults{}, inkpool.CodeInvalid},
		"an id of one part":  {"model", "", hubtest.Faults{}, inkpool.CodeInvalid},
		"a revision with ..": {model, "a/../b", hubtest.Faults{}, inkpool.CodeInvalid},
		"a page":             {model, "", hubtest.Faults{Page: true}, inkpool.CodeUnavailable},
		"locked":             {model, "", hubtest.Faults{Status: http.StatusUnauthorized}, inkpool.CodePermission},
		"out of order":       {model, "", hubtest.Faults{Status: http.StatusBadGateway}, inkpool.CodeUnavailable},
		"a path that climbs": {model, "", listed(`{"type":"file","path":"../x","size":1}`), inkpool.CodeModelCorrupt},
		"an absolute path":   {model, "", listed(`{"type":"file","path":"/etc/passwd","size":1}`), inkpool.CodeModelCorrupt},
		"a drive":            {model, "", listed(`{"type":"file","path":"c:x","size":1}`), inkpool.CodeModelCorrupt},
		"a negative size":    {model, "", listed(`{"type":"file","path":"x","size":-1}`), inkpool.CodeModelCorrupt},
		"no hash":            {model, "", listed(`{"type":"file","path":"x","size":1,"lfs":{"oid":"x","size":1}}`), inkpool.CodeModelCorrupt},
		"a file twice":       {model, "", listed(`{"type":"file","path":"CONFIG.json","size":1}`), inkpool.CodeModelCorrupt},
	} {
		t.Run(name, func(t *testing.T) {
			h.Set(test.faults)
			r, err := c.Repository(t.Context(), test.id, test.revision)
			var shown *inkpool.Error
			if !errors.As(err, &shown) || shown.Code != test.want || shown.Hint == "" {
				t.Errorf("got %+v, %v; want %q and what to do", r, err, test.want)
			}
		})
	}
	h.Set(hubtest.Faults{Status: http.StatusServiceUnavailable, Times: 3})
	if _, err := c.Repository(t.Context(), model, ""); err != nil {
		t.Errorf("out of order for a while: got %v, want it tried again", err)
	}
}

func TestNewRefusesEndpoints(t *testing.T) {
	for _, endpoint := range []string{"http://huggingface.co", "ftp://x", "huggingface.co", "https://user:secret@x", "https://x?y=1", "http://10.0.0.1", "file:///etc"} {
		if _, err := hub.New(hub.Options{Endpoint: endpoint}); inkpool.CodeOf(err) != inkpool.CodeInvalid {
			t.Errorf("%s: got %v, want %q", endpoint, err, inkpool.CodeInvalid)
		}
	}
	for _, endpoint := range []string{"", "https://hf-mirror.com", "https://mirror.local/hub/", "http://127.0.0.1:80", "http://localhost:1", "http://[::1]:1"} {
		if _, err := hub.New(hub.Options{Endpoint: endpoint}); err != nil {
			t.Errorf("%s: got %v", endpoint, err)
		}
	}
}

// Whatever a bad day brings, the file is right in the end, or it is not there.
func TestFetchOnBadDays(t *testing.T) {
	for name, c := range map[string]struct {
		faults hubtest.Faults
		want   inkpool.Code // empty: it comes in the end
	}{
		"cut every 10 kB":           {hubtest.Faults{CutAfter: 10_000}, ""},
		"cut, and no ranges":        {hubtest.Faults{CutAfter: 60_000, NoRanges: true}, inkpool.CodeUnavailable},
		"cut once, then no ranges":  {hubtest.Faults{CutAfter: 60_000, NoRanges: true, Times: 2}, ""},
		"cut, and other ranges":     {hubtest.Faults{CutAfter: 60_000, WrongRange: true, Times: 4}, ""},
		"cut, and other tags":       {hubtest.Faults{CutAfter: 60_000, NewTags: true, Times: 4}, ""},
		"longer":                    {hubtest.Faults{Longer: true}, inkpool.CodeModelCorrupt},
		"shorter":                   {hubtest.Faults{Shorter: true}, inkpool.CodeModelCorrupt},
		"another content":           {hubtest.Faults{Other: true}, inkpool.CodeModelCorrupt},
		"another content, once":     {hubtest.Faults{Other: true, Times: 2}, ""},
		"another file by its hash":  {hubtest.Faults{LinkedETag: strings.Repeat("a", 64)}, inkpool.CodeModelCorrupt},
		"a page to sign in":         {hubtest.Faults{Page: true}, inkpool.CodeUnavailable},
		"a stall":                   {hubtest.Faults{Stall: true}, inkpool.CodeUnavailable},
		"a stall, once":             {hubtest.Faults{Stall: true, Times: 2}, ""},
		"too many requests":         {hubtest.Faults{Status: 429}, inkpool.CodeUnavailable},
		"too many requests, thrice": {hubtest.Faults{Status: 429, Times: 3}, ""},
		"an error":                  {hubtest.Faults{Status: 503}, inkpool.CodeUnavailable},
		"gone":                      {hubtest.Faults{Status: 404}, inkpool.CodeNotFound},
		"to http":                   {hubtest.Faults{Redirect: "http://example.com/x"}, inkpool.CodePermission},
		"to a file":                 {hubtest.Faults{Redirect: "file:///etc/passwd"}, inkpool.CodePermission},
		"to the cloud's own":        {hubtest.Faults{Redirect: "https://169.254.169.254/latest"}, inkpool.CodePermission},
		"to a private network":      {hubtest.Faults{Redirect: "https://192.168.1.1/"}, inkpool.CodePermission},
		"to one in disguise":        {hubtest.Faults{Redirect: "https://[::ffff:10.0.0.1]/"}, inkpool.CodePermission},
		"in a circle":               {hubtest.Faults{Redirect: "/org/model/resolve/main/onnx/model.onnx"}, inkpool.CodePermission},
		"nowhere":                   {hubtest.Faults{Redirect: "http://127.0.0.1:1/x"}, inkpool.CodeUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h, client, files := start(t)
			f := large(t, client)
			path := filepath.Join(t.TempDir(), "model.onnx")
			h.Set(c.faults)
			err := client.Fetch(t.Context(), f, path, nil)
			data, errRead := os.ReadFile(path)
			if c.want == "" {
				if err != nil || !bytes.Equal(data, files[f.Path]) {
					t.Errorf("got %d bytes, %v; want the file", len(data), err)
				}
				return
			}
			var shown *inkpool.Error
			if !errors.As(err, &shown) || shown.Code != c.want || shown.Hint == "" || !errors.Is(errRead, fs.ErrNotExist) {
				t.Errorf("got %v and a file of %d bytes; want %q, what to do, and no file", err, len(data), c.want)
			}
		})
	}
}

// A server of the internet leads to no computer of its own, and not to ours.
func TestNoServerLeadsHere(t *testing.T) {
	t.Parallel()
	h, _, _ := start(t)
	outside := httptest.NewTLSServer(h) // its certificate is not trusted: nothing comes of it
	defer outside.Close()
	c := newClient(t, "https://mirror.example")
	for _, address := range []string{h.URL + "/x", outside.URL, "https://127.0.0.1/", "https://localhost/", "https://[::1]/", "http://mirror.example/x", "https://100.64.1.1/", "https://0.0.0.0/"} {
		err := c.Fetch(t.Context(), hub.File{Path: "x", URL: address}, filepath.Join(t.TempDir(), "x"), nil)
		if inkpool.CodeOf(err) != inkpool.CodePermission {
			t.Errorf("%s: got %v, want %q", address, err, inkpool.CodePermission)
		}
	}
	if asked := h.Requests(); len(asked) > 0 {
		t.Errorf("got %q asked for, want nothing", asked)
	}
}

// A plain server says nothing of what it has; sizes and hashes are what is known here.
func TestFetchPlain(t *testing.T) {
	data := content(5000)
	h := hubtest.New(t)
	h.Put(model, map[string][]byte{"x": data})
	c := newClient(t, h.URL)
	sum := sha256.Sum256(data)
	f := hub.File{Path: "x", URL: h.URL + "/cdn/" + model + "/x", SHA256: hex.EncodeToString(sum[:])}
	path := filepath.Join(t.TempDir(), "x")
	h.Set(hubtest.Faults{CutAfter: 2000})
	if err := c.Fetch(t.Context(), f, path, nil); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, data) {
		t.Errorf("got %d bytes, %v", len(got), err)
	}
	h.Requests()
	if err := c.Fetch(t.Context(), f, path, nil); err != nil || len(h.Requests()) > 0 {
		t.Errorf("once it is there: got %v, want nothing asked for", err)
	}
}

// What has come is not fetched again: not by the next try, not by the next program.
func TestFetchGoesOn(t *testing.T) {
	h, c, files := start(t)
	f := large(t, c)
	path := filepath.Join(t.TempDir(), "model.onnx")
	h.Set(hubtest.Faults{CutAfter: 40_000})
	ctx, stop := context.WithCancelCause(t.Context())
	why := errors.New("enough")
	err := c.Fetch(ctx, f, path, func(done int64) {
		if done >= 30_000 {
			stop(why)
		}
	})
	if !errors.Is(err, why) {
		t.Fatalf("got %v, want why it was stopped", err)
	}
	h.Set(hubtest.Faults{})
	before := h.Sent()
	var first int64 = -1
	if err := newClient(t, h.URL).Fetch(t.Context(), f, path, func(done int64) {
		if first < 0 {
			first = done
		}
	}); err != nil {
		t.Fatal(err)
	}
	if again := h.Sent() - before; first < 30_000 || again != f.Size-first {
		t.Errorf("began with %d bytes and fetched %d of %d, want what was missing", first, again, f.Size)
	}
	if data, err := os.ReadFile(path); err != nil || !bytes.Equal(data, files[f.Path]) {
		t.Errorf("got %d bytes, %v", len(data), err)
	}
	h.Requests()
	if err := c.Fetch(t.Context(), f, path, nil); err != nil || len(h.Requests()) > 0 {
		t.Errorf("a file that is there: got %v, want nothing asked for", err)
	}
}

// A part of another file is thrown away.
func TestFetchOfAFileThatHasChanged(t *testing.T) {
	h, c, files := start(t)
	path := filepath.Join(t.TempDir(), "model.onnx")
	ctx, stop := context.WithCancel(t.Context())
	_ = c.Fetch(ctx, large(t, c), path, func(int64) { stop() })
	files["onnx/model.onnx"] = content(90_000)
	h.Put(model, files)
	if err := c.Fetch(t.Context(), large(t, c), path, nil); err != nil {
		t.Fatal(err)
	}
	if data, err := os.ReadFile(path); err != nil || !bytes.Equal(data, files["onnx/model.onnx"]) {
		t.Errorf("got %d bytes, %v", len(data), err)
	}
}

func TestOnlyOneFetches(t *testing.T) {
	h, c, files := start(t)
	f := large(t, c)
	path := filepath.Join(t.TempDir(), "model.onnx")
	var once sync.Once
	var second error
	if err := c.Fetch(t.Context(), f, path, func(int64) {
		once.Do(func() { second = newClient(t, h.URL).Fetch(t.Context(), f, path, nil) })
	}); err != nil {
		t.Fatal(err)
	}
	if inkpool.CodeOf(second) != inkpool.CodeUnavailable {
		t.Errorf("the second: got %v, want %q", second, inkpool.CodeUnavailable)
	}
	if data, err := os.ReadFile(path); err != nil || !bytes.Equal(data, files[f.Path]) {
		t.Errorf("got %d bytes, %v", len(data), err)
	}
}

// 200 downloads that are interrupted at some place by some fault: the hash is right, or there
// is no file, and the next one that is let through finishes it.
func TestFetchInterrupted(t *testing.T) {
	h, c, files := start(t)
	f := large(t, c)
	r := rand.New(rand.NewPCG(1, 2))
	finished := 0
	for i := range 200 {
		path := filepath.Join(t.TempDir(), "model.onnx")
		for try := 0; ; try++ {
			h.Set(hubtest.Faults{
				CutAfter: 1 + r.IntN(120_000), NoRanges: r.IntN(4) == 0, NewTags: r.IntN(4) == 0, WrongRange: r.IntN(8) == 0,
				Other: r.IntN(8) == 0, Longer: r.IntN(16) == 0, Times: 1 + r.IntN(6),
			})
			if try == 3 {
				h.Set(hubtest.Faults{})
			}
			ctx, stop := context.WithCancel(t.Context())
			limit := r.Int64N(200_000)
			err := c.Fetch(ctx, f, path, func(done int64) {
				if done > limit && try < 3 {
					stop()
				}
			})
			stop()
			data, errRead := os.ReadFile(path)
			if (err == nil) != (errRead == nil) || err == nil && !bytes.Equal(data, files[f.Path]) {
				t.Fatalf("download %d, try %d: got %v and a file of %d bytes", i, try, err, len(data))
			}
			if err == nil {
				finished++
				break
			}
			if try == 3 {
				t.Fatalf("download %d: got %v when nothing went wrong any more", i, err)
			}
		}
	}
	if finished != 200 {
		t.Errorf("got %d of 200", finished)
	}
}

// The token is for the endpoint, not for where it leads.
func TestTheTokenStays(t *testing.T) {
	other := hubtest.New(t)
	h, _, files := start(t)
	other.Put(model, files)
	c, err := hub.New(hub.Options{Endpoint: h.URL, Token: "secret", Pause: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	f := large(t, c)
	h.Set(hubtest.Faults{Redirect: other.URL + "/cdn/" + model + "/onnx/model.onnx"})
	if err := c.Fetch(t.Context(), f, filepath.Join(t.TempDir(), "x"), nil); err != nil {
		t.Fatal(err)
	}
	if !h.Authorized() || other.Authorized() || len(other.Requests()) == 0 {
		t.Errorf("the endpoint got it: %v, the other server: %v", h.Authorized(), other.Authorized())
	}
}

func TestFetchIntoAFolderThatMayNotBeWritten(t *testing.T) {
	_, c, _ := start(t)
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := c.Fetch(t.Context(), large(t, c), filepath.Join(file, "x"), nil); inkpool.CodeOf(err) != inkpool.CodeUnavailable {
		t.Errorf("got %v, want %q", err, inkpool.CodeUnavailable)
	}
	if err := c.Fetch(t.Context(), hub.File{Path: "x", Size: 3 << 30}, file, nil); inkpool.CodeOf(err) != inkpool.CodeTooLarge {
		t.Errorf("got %v, want %q", err, inkpool.CodeTooLarge)
	}
}

func FuzzTree(f *testing.F) {
	f.Add([]byte(`{"type":"file","path":"x","size":1,"oid":"` + hubtest.Commit + `"}`))
	f.Add([]byte(`{"type":"file","path":"../x","size":1,"lfs":{"oid":"` + strings.Repeat("a", 64) + `","size":2}}`))
	f.Fuzz(func(t *testing.T, entry []byte) {
		if !json.Valid(entry) {
			t.Skip()
		}
		h := hubtest.New(t)
		h.Put(model, nil)
		h.Set(hubtest.Faults{Listed: []json.RawMessage{entry}})
		r, err := newClient(t, h.URL).Repository(t.Context(), model, "")
		if err != nil {
			return
		}
		if i := slices.IndexFunc(r.Files, func(f hub.File) bool { return !filepath.IsLocal(f.Path) || f.Size < 0 }); i >= 0 {
			t.Errorf("got %+v", r.Files[i])
		}
	})
}
