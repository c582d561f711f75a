// Package deploy_test checks the files of this folder and compose.yaml: nginx runs with its configuration, the script makes
// its secrets, and the rest, which cannot run here, is read.
package deploy_test

import (
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"docket/internal/app"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
)

// proxied is a docket behind nginx.
type proxied struct {
	*testsite.Site
	dir    string // of nginx: its configuration, certificates, logs and temporary files
	base   string // the address of nginx
	config *tls.Config
}

// startProxied runs docket behind nginx with nginx.conf until the test ends. changes are pairs: a text of the configuration
// and what stands there instead.
func startProxied(t *testing.T, changes ...string) proxied {
	t.Helper()
	program, err := exec.LookPath("nginx")
	if err != nil {
		t.Skip("there is no nginx on PATH; on Debian: apt-get install --no-install-recommends nginx")
	}
	address := freeAddress(t)
	_, port, _ := net.SplitHostPort(address) // it is well formed
	p := proxied{dir: makeSecrets(t), base: "https://localhost:" + port, config: &tls.Config{RootCAs: x509.NewCertPool()}}
	p.config.RootCAs.AppendCertsFromPEM([]byte(readFile(t, filepath.Join(p.dir, "ca.crt"))))
	p.Site = testsite.StartWith(t, testdb.New(t), app.Config{BaseURL: p.base, TrustedProxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}})
	upstream := strings.TrimPrefix(p.URL, "http://")
	config := replaceAll(t, readFile(t, "nginx.conf"), append([]string{
		"docket-1:8080", upstream, "docket-2:8080", upstream, "listen 8443", "listen " + address, "/tmp/nginx", p.dir + "/nginx", "/secrets", p.dir,
		"/dev/stdout", p.dir + "/access.log",
	}, changes...)...)
	file := filepath.Join(p.dir, "nginx.conf")
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	runNginx(t, exec.Command(program, "-e", "stderr", "-c", file, "-g", "daemon off; master_process off;"), address)
	return p
}

// runNginx runs it until the test ends, and waits until it answers.
func runNginx(t *testing.T, cmd *exec.Cmd, address string) {
	t.Helper()
	var said strings.Builder
	cmd.Stderr = &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // it may have ended
		<-ended
	})
	for {
		conn, err := net.Dial("tcp", address)
		if err == nil {
			_ = conn.Close() // it was only to see that there is one
			return
		}
		select {
		case err := <-ended:
			ended <- err
			t.Fatalf("nginx ends with %v\n%s", err, said.String())
		default:
		}
	}
}

func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

// replaceAll replaces texts, each of which must be there.
func replaceAll(t *testing.T, text string, pairs ...string) string {
	t.Helper()
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(text, pairs[i]) {
			t.Fatalf("%q is not there", pairs[i])
		}
		text = strings.ReplaceAll(text, pairs[i], pairs[i+1])
	}
	return text
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// client is a browser's connection: it keeps cookies, trusts the private authority and follows nothing. It comes from an
// address of this machine.
func (p proxied) client(t *testing.T, from string) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}}
	return &http.Client{
		Jar:           jar,
		Transport:     &http.Transport{TLSClientConfig: p.config.Clone(), DialContext: dialer.DialContext, ForceAttemptHTTP2: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}
