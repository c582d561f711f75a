package deploy_test

import (
	"crypto/x509"
	"encoding/pem"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"docket/internal/postgres"
)

// makeSecrets makes the secrets in a new folder.
func makeSecrets(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	runSecrets(t, dir)
	return dir
}

func runSecrets(t *testing.T, dir string, env ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "bash", "secrets.sh")
	cmd.Env = append(os.Environ(), append(env, "SECRETS="+dir)...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("secrets.sh: %v\n%s", err, out)
	}
}

func readCertificate(t *testing.T, path string) *x509.Certificate {
	t.Helper()
	block, _ := pem.Decode([]byte(readFile(t, path)))
	if block == nil {
		t.Fatalf("%s holds no certificate", path)
	}
	certificate, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return certificate
}

func TestSecrets_Certificates(t *testing.T) {
	t.Parallel()
	dir := makeSecrets(t)
	roots := x509.NewCertPool()
	roots.AddCert(readCertificate(t, filepath.Join(dir, "ca.crt")))
	for file, name := range map[string]string{"primary": "primary", "replica-1": "replica-1", "replica-2": "replica-2", "balancer": "localhost"} {
		certificate := readCertificate(t, filepath.Join(dir, file+".crt"))
		if _, err := certificate.Verify(x509.VerifyOptions{Roots: roots, DNSName: name}); err != nil {
			t.Errorf("%s: %v", file, err)
		}
		if certificate.VerifyHostname("example.com") == nil {
			t.Errorf("the certificate %s is good for any name", file)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "ca.key")); err == nil {
		t.Error("the key of the authority is kept")
	}
}

func TestSecrets_EachForItsReader(t *testing.T) {
	t.Parallel()
	dir := makeSecrets(t)
	files, err := os.ReadDir(dir)
	if err != nil || len(files) < 10 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		info, err := file.Info()
		if err != nil {
			t.Fatal(err)
		}
		want := os.FileMode(0o400)
		if file.Name() == "ca.crt" {
			want = 0o444
		}
		if info.Mode().Perm() != want {
			t.Errorf("%s has the mode %o, want %o", file.Name(), info.Mode().Perm(), want)
		}
	}
	for _, name := range []string{"database_url", "owner_url"} {
		url := strings.TrimSpace(readFile(t, filepath.Join(dir, name)))
		url = strings.ReplaceAll(url, "/secrets/", dir+"/")
		if hosts, err := postgres.FindUnverifiedHosts(url); err != nil || len(hosts) > 0 {
			t.Errorf("%s reaches %q without verified TLS, %v", name, hosts, err)
		}
	}
	if url := readFile(t, filepath.Join(dir, "database_url")); !strings.HasPrefix(url, "postgres://docket_app:") {
		t.Error("docket serve has not the role docket_app")
	}
}

func TestSecrets_Again(t *testing.T) {
	t.Parallel()
	dir := makeSecrets(t)
	kept := []string{"session_key", "app_password", "primary.crt", "balancer.key", "ca.crt"}
	before := map[string]string{}
	for _, name := range kept {
		before[name] = readFile(t, filepath.Join(dir, name))
	}
	runSecrets(t, dir)
	for _, name := range kept {
		if readFile(t, filepath.Join(dir, name)) != before[name] {
			t.Errorf("a second run makes another %s", name)
		}
	}

	short := t.TempDir()
	runSecrets(t, short, "CERTIFICATE_DAYS=10")
	old := readFile(t, filepath.Join(short, "primary.crt"))
	key := readFile(t, filepath.Join(short, "session_key"))
	runSecrets(t, short)
	if readFile(t, filepath.Join(short, "primary.crt")) == old {
		t.Error("a certificate that ends soon is kept")
	}
	if readFile(t, filepath.Join(short, "session_key")) != key {
		t.Error("new certificates end every session")
	}
}
