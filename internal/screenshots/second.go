package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"docket/internal/form/formfile"
)

const agingTime = 15 * time.Minute // within which tickets are late, and decided ones are drawn for a second look

// startSecond starts another instance of the site: its form draws every decided ticket for a second look and finds tickets late soon,
// and one signs in at a provider, too.
func (s *site) startSecond(ctx context.Context, binary string) (*site, error) {
	text := bytes.Replace(formfile.Builtin(), []byte("sla: {warn: 8h, late: 24h}"), []byte("sla: {warn: 1m, late: 2m}\nsecond_look: 100%"), 1)
	file := filepath.Join(s.dir, "second.yaml")
	if err := os.WriteFile(file, text, 0o644); err != nil {
		return nil, err
	}
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	provider := startProvider()
	second := &site{command: exec.CommandContext(ctx, binary, "serve", "--log-format", "json"), env: map[string]string{}, closes: provider.Close}
	maps.Copy(second.env, s.env)
	second.env["BASE_URL"] = "http://" + address
	second.command.Env = os.Environ()
	for name, value := range second.env {
		second.command.Env = append(second.command.Env, name+"="+value)
	}
	second.command.Env = append(second.command.Env, "LISTEN_ADDR="+address, "FORM_FILE="+file, "OIDC_ISSUER="+provider.URL, "OIDC_CLIENT_ID=docket", "OIDC_NAME=Example")
	return second, second.waitUntilServed()
}

// waitUntilServed starts docket serve and waits until it is ready.
func (s *site) waitUntilServed() error {
	logs, err := s.command.StderrPipe()
	if err != nil {
		return err
	}
	if err := s.command.Start(); err != nil {
		return err
	}
	lines, said := bufio.NewScanner(logs), ""
	for lines.Scan() {
		if said = lines.Text(); strings.Contains(said, `"msg":"ready"`) {
			go func() {
				for lines.Scan() { // it must not wait for a reader
				}
			}()
			return nil
		}
	}
	return fmt.Errorf("the second instance ended before it was ready: %s", said)
}

func freeAddress() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return listener.Addr().String(), listener.Close()
}

// startProvider starts what says it is an OpenID Connect provider, at which nobody signs in.
func startProvider() *httptest.Server {
	var provider *httptest.Server
	provider = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if r.URL.Path != "/.well-known/openid-configuration" {
			fmt.Fprint(w, `{"keys":[]}`)
			return
		}
		fmt.Fprintf(w, `{"issuer":%[1]q,"authorization_endpoint":"%[2]s/authorize","token_endpoint":"%[2]s/token","jwks_uri":"%[2]s/keys","id_token_signing_alg_values_supported":["RS256"]}`,
			provider.URL, provider.URL)
	}))
	return provider
}

// takeLate takes the sign-in with a provider, and late tickets.
func takeLate(t *tour) error {
	v := t.newVisitor("en-GB")
	v.openAndTake("/login", "login-provider")
	admin := t.signIn("DEMO_ADMIN", "vi-VN")
	admin.do("wait for a late ticket", func() error { return admin.reloadUntil("/review", "[data-row] [data-wait=late]") })
	admin.take("queue-late-vi")
	return errors.Join(v.err, admin.err)
}

// takeSecondLooks takes second looks: those that are offered, one, and the same when it is given.
func takeSecondLooks(t *tour) error {
	agent := t.signIn("DEMO_AGENT_2", "en-GB")
	agent.do("wait for a second look", func() error { return agent.reloadUntil("/review/second-looks", "table a[href$='/second-look']") })
	agent.take("second-looks")
	agent.do("open the first", func() error { return agent.find("table a[href$='/second-look']").Click() })
	agent.see("#decision")
	agent.take("second-look")
	agent.do("approve", func() error { return agent.find("button.approve").Click() })
	agent.see(".second-look")
	agent.take("second-look-given")
	agent.openAndTake("/review/second-looks", "second-looks-given")
	return agent.err
}

// reloadUntil opens a page again and again until something of a CSS selector is there.
func (v *visitor) reloadUntil(path, selector string) error {
	for end := time.Now().Add(agingTime); time.Now().Before(end); time.Sleep(time.Second) {
		if _, err := v.page.Goto(path); err != nil {
			return err
		}
		if n, err := v.find("%s", selector).Count(); err != nil || n > 0 {
			return err
		}
	}
	return fmt.Errorf("there is no %s", selector)
}
