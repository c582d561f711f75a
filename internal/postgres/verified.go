package postgres

import (
	"fmt"
	"net"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// FindUnverifiedHosts returns the hosts of a database URL whose connection leaves this machine without TLS that proves which
// server answers: anything below sslmode=verify-full.
func FindUnverifiedHosts(url string) (hosts []string, err error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("read the database URL: %w", err)
	}
	all := append([]*pgconn.FallbackConfig{{Host: config.Host, Port: config.Port, TLSConfig: config.TLSConfig}}, config.Fallbacks...)
	for _, one := range all {
		verified := one.TLSConfig != nil && !one.TLSConfig.InsecureSkipVerify && one.TLSConfig.ServerName != ""
		if !verified && !isLocal(one.Host, one.Port) && !slices.Contains(hosts, one.Host) {
			hosts = append(hosts, one.Host)
		}
	}
	return hosts, nil
}

func isLocal(host string, port uint16) bool {
	network, _ := pgconn.NetworkAddress(host, port)
	return network == "unix" || IsLoopback(host)
}

// IsLoopback reports whether a host is this machine by its own name or address. It looks no name up.
func IsLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
