package webhook

import (
	"errors"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"code.dny.dev/ssrf"
)

// MaxURL is how many characters the address of a webhook has at most.
const MaxURL = 2000

// Why an address is refused.
var (
	ErrURL      = errors.New("the address of a webhook is one such as https://example.com/hook, without a user, a password or a fragment")
	ErrPlain    = errors.New("the address of a webhook begins with https://")
	ErrReserved = errors.New("the address of a webhook is one of the internet; other networks have to be named in WEBHOOK_NETWORKS")
)

// guard says where webhooks may be.
type guard struct {
	networks []netip.Prefix // that are allowed although they are reserved
	insecure bool
	reserved *ssrf.Guardian
}

func newGuard(networks []netip.Prefix, insecure bool) guard {
	var v4, v6 []netip.Prefix
	for _, network := range networks {
		if network.Addr().Is4() {
			v4 = append(v4, network)
		} else {
			v6 = append(v6, network)
		}
	}
	return guard{networks, insecure, ssrf.New(ssrf.WithAnyPort(), ssrf.WithAllowedV4Prefixes(v4...), ssrf.WithAllowedV6Prefixes(v6...))}
}

// named reports whether an address is in a network that is named.
func (g guard) named(addr netip.Addr) bool {
	return slices.ContainsFunc(g.networks, func(n netip.Prefix) bool { return n.Contains(addr.Unmap()) })
}

// checkURL returns ErrURL, ErrPlain or ErrReserved. What a name leads to is checked when it is dialed.
func (g guard) checkURL(text string) error {
	u, err := url.Parse(text)
	if err != nil || len(text) > MaxURL || strings.ContainsFunc(text, func(c rune) bool { return c <= ' ' || c > '~' }) ||
		u.Scheme != "https" && u.Scheme != "http" || u.Opaque != "" || u.User != nil || strings.Contains(text, "#") || !validPort(u) {
		return ErrURL
	}
	addr, err := netip.ParseAddr(u.Hostname())
	isAddr := err == nil
	switch {
	case isAddr && (addr.Zone() != "" || g.reserved.SafeAddr(addr.Unmap()) != nil):
		return ErrReserved
	case !isAddr:
		if err := g.checkName(u.Hostname()); err != nil {
			return err
		}
	}
	if u.Scheme == "http" && !g.insecure && (len(g.networks) == 0 || isAddr && !g.named(addr)) {
		return ErrPlain
	}
	return nil
}

func validPort(u *url.URL) bool {
	if u.Port() == "" {
		return !strings.HasSuffix(u.Host, ":")
	}
	port, err := strconv.ParseUint(u.Port(), 10, 16)
	return err == nil && port > 0
}

// checkName refuses what is no name, and what some resolvers read as an address although it is not written like one, such as 127.1,
// 0x7f000001 or 2130706433.
func (g guard) checkName(name string) error {
	name = strings.TrimSuffix(strings.ToLower(name), ".")
	labels := strings.Split(name, ".")
	last := labels[len(labels)-1]
	const letters = "abcdefghijklmnopqrstuvwxyz0123456789-_"
	switch {
	case len(name) > 253, slices.ContainsFunc(labels, func(label string) bool { return label == "" || len(label) > 63 || strings.Trim(label, letters) != "" }):
		return ErrURL
	case last[0] >= '0' && last[0] <= '9':
		return ErrReserved
	case last == "localhost" && !g.named(netip.AddrFrom4([4]byte{127, 0, 0, 1})) && !g.named(netip.IPv6Loopback()):
		return ErrReserved
	}
	return nil
}

// control is called with each address that is dialed, after names are resolved.
func (g guard) control(network, address string, conn syscall.RawConn) error {
	if err := g.reserved.Safe(network, address, conn); err != nil {
		return errors.Join(ErrReserved, err)
	}
	return nil
}

// controlPlain is control for http, which is for named networks.
func (g guard) controlPlain(network, address string, conn syscall.RawConn) error {
	to, err := netip.ParseAddrPort(address)
	if !g.insecure && (err != nil || !g.named(to.Addr())) {
		return errors.Join(ErrPlain, &net.AddrError{Err: "http to a network that is not named", Addr: address})
	}
	return g.control(network, address, conn)
}
