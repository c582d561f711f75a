package request

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// Client is the address of whoever sent a request. What X-Forwarded-For and Forwarded say is believed of trusted proxies alone,
// from the nearest one on. When the two headers name different clients, a proxy has passed one of them on unseen: then it is the
// address of the connection. It is not valid when that is not known.
func Client(r *http.Request, trusted []netip.Prefix) netip.Addr {
	peer := parseAddr(r.RemoteAddr)
	if !contains(trusted, peer) {
		return peer
	}
	plain, standard := splitList(r.Header.Values("X-Forwarded-For")), forwardedFor(r.Header.Values("Forwarded"))
	client := followHops(peer, plain, trusted)
	switch {
	case len(standard) == 0:
		return client
	case len(plain) > 0 && followHops(peer, standard, trusted) != client:
		return peer
	}
	return followHops(peer, standard, trusted)
}

// followHops goes from the connection towards the client for as long as the hops are trusted.
func followHops(peer netip.Addr, hops []string, trusted []netip.Prefix) netip.Addr {
	client := peer
	for _, hop := range slices.Backward(hops) {
		next := parseAddr(hop)
		if !contains(trusted, client) || !next.IsValid() {
			break
		}
		client = next
	}
	return client
}

// forwardedFor are the nodes of a Forwarded header (RFC 7239), the nearest last; one that is not named is empty.
func forwardedFor(values []string) (nodes []string) {
	for _, element := range splitList(values) {
		node := ""
		for pair := range strings.SplitSeq(element, ";") {
			if name, value, _ := strings.Cut(strings.TrimSpace(pair), "="); strings.EqualFold(name, "for") {
				node = strings.Trim(value, `"`)
			}
		}
		nodes = append(nodes, node)
	}
	return nodes
}

func splitList(values []string) (items []string) {
	for _, value := range values {
		for item := range strings.SplitSeq(value, ",") {
			items = append(items, strings.TrimSpace(item))
		}
	}
	return items
}

// parseAddr reads an address with or without a port.
func parseAddr(text string) netip.Addr {
	if withPort, err := netip.ParseAddrPort(text); err == nil {
		return withPort.Addr().Unmap().WithZone("")
	}
	addr, _ := netip.ParseAddr(strings.Trim(text, "[]")) // else not valid
	return addr.Unmap().WithZone("")
}

func contains(networks []netip.Prefix, addr netip.Addr) bool {
	return slices.ContainsFunc(networks, func(network netip.Prefix) bool { return network.Contains(addr) })
}
