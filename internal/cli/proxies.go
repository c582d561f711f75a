package cli

import (
	"fmt"
	"net/netip"
	"strings"
)

// parseNetworks reads the addresses and networks of proxies.
func parseNetworks(text string) ([]netip.Prefix, error) {
	return parsePrefixes("TRUSTED_PROXIES (--trusted-proxies)", text)
}

// parsePrefixes reads the addresses and networks of a setting, separated by commas or spaces.
func parsePrefixes(setting, text string) (networks []netip.Prefix, err error) {
	for _, one := range strings.FieldsFunc(text, func(c rune) bool { return c == ',' || c == ' ' }) {
		network, err := netip.ParsePrefix(one)
		if err != nil {
			addr, addrErr := netip.ParseAddr(one)
			if addrErr != nil {
				return nil, fmt.Errorf("%s takes addresses and networks such as 10.0.0.0/8, and not %q", setting, one)
			}
			network = netip.PrefixFrom(addr, addr.BitLen())
		}
		networks = append(networks, network.Masked())
	}
	return networks, nil
}
