package cli

import (
	"fmt"
	"net/netip"
	"strings"
)

// parseNetworks reads addresses and networks, separated by commas or spaces.
func parseNetworks(text string) (networks []netip.Prefix, err error) {
	for _, one := range strings.FieldsFunc(text, func(c rune) bool { return c == ',' || c == ' ' }) {
		network, err := netip.ParsePrefix(one)
		if err != nil {
			addr, addrErr := netip.ParseAddr(one)
			if addrErr != nil {
				return nil, fmt.Errorf("TRUSTED_PROXIES (--trusted-proxies) takes addresses and networks such as 10.0.0.0/8, and not %q", one)
			}
			network = netip.PrefixFrom(addr, addr.BitLen())
		}
		networks = append(networks, network.Masked())
	}
	return networks, nil
}
