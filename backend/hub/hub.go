// Package hub fetches models: from Hugging Face and its mirrors, and from plain addresses.
//
// A Client lists a Repository and fetches its files one by one. A file that came in part stays
// beside its place with the ending .part, and the next Fetch goes on where it ended, as long as
// the server has the same file; it gets its name when its size and hash are right. Answers are
// not trusted: only https leads anywhere, redirections to the computer itself and to its
// network are refused, and lists have bounds. The exception is an endpoint that was given as an
// address of this computer: what it says may be plain http, on this computer.
//
// A Client is safe for concurrent use; of two that fetch one file, in whatever process, the
// second is refused. The package knows nothing of what models are, starts nothing by itself,
// and sends nothing but what it needs to ask for a file.
package hub

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// HuggingFace is where models are when nothing else is said.
const HuggingFace = "https://huggingface.co"

// Options say how a Client works. The zero value is Hugging Face as anybody sees it.
type Options struct {
	Endpoint string        // empty: HuggingFace; a mirror has the same paths
	Token    string        // of an account, for models that are not for everybody; only the endpoint gets it
	Agent    string        // name of the program, for the logs of servers
	Stall    time.Duration // a connection that brings less than 4 kB in this time is given up; 0: 30 s
	Pause    time.Duration // before the first new try; doubled for each further one; 0: 1 s
}

// Client fetches files.
type Client struct {
	options  Options
	endpoint *url.URL
	local    bool // the endpoint is this computer
	direct   *http.Client
	proxied  *http.Client
}

// New makes a Client. CodeInvalid says that the endpoint is no address that models may come
// from.
func New(o Options) (*Client, error) {
	if o.Endpoint == "" {
		o.Endpoint = HuggingFace
	}
	if o.Stall == 0 {
		o.Stall = 30 * time.Second
	}
	if o.Pause == 0 {
		o.Pause = time.Second
	}
	endpoint, err := url.Parse(strings.TrimRight(o.Endpoint, "/"))
	if err != nil || endpoint.Host == "" || endpoint.User != nil || endpoint.RawQuery != "" || endpoint.Fragment != "" {
		return nil, badEndpoint(o.Endpoint).WithCause(err)
	}
	c := &Client{options: o, endpoint: endpoint, local: isThisComputer(endpoint.Hostname())}
	if endpoint.Scheme != "https" && (endpoint.Scheme != "http" || !c.local) {
		return nil, badEndpoint(o.Endpoint)
	}
	c.direct, c.proxied = c.clients()
	return c, nil
}

func badEndpoint(endpoint string) *inkpool.Error {
	return inkpool.Errorf(inkpool.CodeInvalid, "%q is no place to fetch models from", endpoint).
		WithHint("Give an address that begins with https://, such as " + HuggingFace + ".")
}

// Close lets go of connections that are idle.
func (c *Client) Close() {
	c.direct.CloseIdleConnections()
	c.proxied.CloseIdleConnections()
}
