package hub

import (
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// clients returns one client that connects to servers itself, and looks at every address before
// it does, and one that asks a proxy, which looks names up itself. Neither follows redirections:
// get does.
func (c *Client) clients() (direct, proxied *http.Client) {
	dialer := net.Dialer{Timeout: 30 * time.Second, Control: func(_, address string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(address)
		if err != nil {
			return err
		}
		return c.checkAddress(at.Addr())
	}}
	// The endpoint itself may lie in a network of its own: a person has named it.
	trusted := net.Dialer{Timeout: dialer.Timeout}
	transport := &http.Transport{
		DialContext:           dialer.DialContext,
		ForceAttemptHTTP2:     true,
		TLSHandshakeTimeout:   30 * time.Second,
		ResponseHeaderTimeout: time.Minute,
		MaxIdleConnsPerHost:   2,
		IdleConnTimeout:       time.Minute,
		DisableCompression:    true, // ranges are of the file, not of what it is packed into
	}
	through := transport.Clone()
	through.DialContext = trusted.DialContext
	through.Proxy = http.ProxyFromEnvironment
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &http.Client{Transport: transport, CheckRedirect: stay}, &http.Client{Transport: through, CheckRedirect: stay}
}

// clientFor chooses the client for an address that has been checked.
func (c *Client) clientFor(r *http.Request) *http.Client {
	if proxy, err := http.ProxyFromEnvironment(r); err == nil && proxy != nil || c.isEndpoint(r.URL) {
		return c.proxied
	}
	return c.direct
}

func (c *Client) isEndpoint(u *url.URL) bool {
	return u.Scheme == c.endpoint.Scheme && strings.EqualFold(u.Host, c.endpoint.Host)
}

// checkURL refuses addresses that files may not come from.
func (c *Client) checkURL(u *url.URL) error {
	if c.isEndpoint(u) {
		return nil
	}
	host := u.Hostname()
	if u.Scheme != "https" && (u.Scheme != "http" || !c.local || !isThisComputer(host)) {
		return refused("to %s, which is not https", u.Redacted())
	}
	if at, err := netip.ParseAddr(host); err == nil {
		return c.checkAddress(at)
	}
	if isThisComputer(host) && !c.local {
		return refused("to this computer (%s)", host)
	}
	return nil
}

// checkAddress refuses addresses of this computer and of networks that are not the internet.
func (c *Client) checkAddress(at netip.Addr) error {
	at = at.Unmap()
	switch {
	case at.IsLoopback() && c.local:
		return nil
	case at.IsLoopback(), at.IsPrivate(), at.IsLinkLocalUnicast(), at.IsUnspecified(), at.IsMulticast(), sharedNetwork().Contains(at):
		return refused("into a private network (%s)", at)
	default:
		return nil
	}
}

// sharedNetwork is what providers number their customers with (RFC 6598).
func sharedNetwork() netip.Prefix {
	return netip.PrefixFrom(netip.AddrFrom4([4]byte{100, 64, 0, 0}), 10)
}

// isThisComputer reports whether a host is known to be this computer by its name.
func isThisComputer(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	at, err := netip.ParseAddr(host)
	return err == nil && at.Unmap().IsLoopback()
}

// refused says that a server leads where nothing is fetched from.
func refused(format string, args ...any) *inkpool.Error {
	return inkpool.Errorf(inkpool.CodePermission, "this download leads "+format, args...).
		WithHint("Do not trust where it comes from. Choose another endpoint.")
}
