package cli

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"

	"docket/internal/postgres"
)

// checkEncryption returns every connection of the settings that leaves this machine in the open. addr is where docket
// listens.
func (c serveCommand) checkEncryption(addr net.Addr) error {
	return errors.Join(
		c.checkPages(addr),
		checkDatabase("DATABASE_URL (--database-url)", c.DatabaseURL),
		checkDatabase("DATABASE_DIRECT_URL (--database-direct-url)", c.DirectURL),
		c.checkReplicaURLs(),
		checkBucket(c.FilesURL),
		c.checkIssuer(),
	)
}

// checkPages refuses pages over http, except to this machine. Behind a proxy with TLS, BASE_URL is https.
func (o httpOptions) checkPages(addr net.Addr) error {
	tcp, ok := addr.(*net.TCPAddr)
	if ok && tcp.IP.IsLoopback() || strings.HasPrefix(o.BaseURL, "https://") {
		return nil
	}
	return fmt.Errorf("pages would be sent without TLS: docket listens on %s, which others reach, and BASE_URL (--base-url) is not https://…; "+
		"put a proxy with TLS in front and set BASE_URL to its address", addr)
}

// checkDatabase refuses a database elsewhere that TLS does not prove. An empty address is none.
func checkDatabase(setting, url string) error {
	if url == "" {
		return nil
	}
	hosts, err := postgres.FindUnverifiedHosts(url)
	if err != nil {
		return fmt.Errorf("%s: %w", setting, err)
	}
	if len(hosts) > 0 {
		return fmt.Errorf("%s reaches %s without TLS that proves which server answers; "+
			"add sslmode=verify-full and, with a certificate authority of your own, sslrootcert=FILE", setting, strings.Join(hosts, ", "))
	}
	return nil
}

func (c serveCommand) checkReplicaURLs() error {
	urls, err := postgres.ParseServers(c.ReplicaURL)
	if err != nil {
		return fmt.Errorf("REPLICA_URL (--replica-url): %w", err)
	}
	var problems []error
	for _, url := range urls {
		problems = append(problems, checkDatabase("REPLICA_URL (--replica-url)", url))
	}
	return errors.Join(problems...)
}

// checkIssuer refuses a provider elsewhere that is reached by http.
func (o signInOptions) checkIssuer() error {
	issuer, err := url.Parse(o.Issuer)
	if err != nil || issuer.Scheme != "http" || postgres.IsLoopback(issuer.Hostname()) {
		return nil
	}
	return fmt.Errorf("OIDC_ISSUER (--oidc-issuer) is reached by http; give it an address with https://")
}

// checkBucket refuses a bucket that is reached by http. An address that cannot be read is refused where it is opened.
func checkBucket(filesURL string) error {
	u, err := url.Parse(filesURL)
	if err != nil || u.Scheme != "s3" {
		return nil
	}
	endpoint, err := url.Parse(u.Query().Get("endpoint"))
	if err != nil || endpoint.Scheme != "http" || postgres.IsLoopback(endpoint.Hostname()) {
		return nil
	}
	return fmt.Errorf("FILES_URL (--files-url) reaches %s by http; give it an endpoint with https://", endpoint.Host)
}
