package deploy_test

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"go.yaml.in/yaml/v4"

	"docket/db/migrations"
)

// databases are those of compose.yaml, on this machine: what the scripts do there by the names of the services they do here by
// the ports of localhost.
type databases struct {
	drill
	primary, replica string // addresses with their ports
}

// startDatabases runs the scripts of compose.yaml up to a primary with its role of docket serve.
func startDatabases(t *testing.T) databases {
	t.Helper()
	d := databases{drill: prepareDrill(t), primary: strings.Replace(freeAddress(t), "127.0.0.1", "localhost", 1), replica: strings.Replace(freeAddress(t), "127.0.0.1", "localhost", 1)}
	d.env = append(d.env, "PGUSER=docket", "POSTGRES_USER=docket", "POSTGRES_DB=docket")
	secrets := filepath.Join(d.dir, "secrets")
	script := replaceAll(t, readFile(t, "secrets.sh"), `certify "$part"`, `certify "$part" localhost`, `owner_password)" primary`, `owner_password)" `+d.primary,
		`app_password)" primary`, `app_password)" `+d.primary, "replica-1 replica-2\nchmod", d.replica+"\nchmod", "/secrets/ca.crt", secrets+"/ca.crt")
	if err := os.Mkdir(secrets, 0o700); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "bash", "-c", script)
	cmd.Env = append(os.Environ(), "SECRETS="+secrets)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("secrets.sh: %v\n%s", err, out)
	}
	d.takeOver(t)
	_, port, _ := net.SplitHostPort(d.primary)                                            // it is well formed
	t.Cleanup(func() { _ = d.newCommand("pg_ctl stop --mode=immediate --silent").Run() }) // it may have ended
	d.run(t, `set -euo pipefail
		initdb --username=docket --auth=trust --encoding=UTF8 --locale=C --no-sync --no-instructions
		printf "listen_addresses='localhost'\nport=`+port+`\nunix_socket_directories='%s'\nshared_buffers=32MB\nfsync=off\n" "$PGHOST" >>"$PGDATA/postgresql.conf"
		pg_ctl start --wait --silent --log="$PGHOST/postgresql.log"
		export PGPORT=`+port+`
		psql -d postgres -c "ALTER ROLE docket PASSWORD '$(cat secrets/owner_password)'"
		createdb docket
		`+d.adapt(t, "primary.sh"))
	options := strings.TrimPrefix(d.composeText(t, "primary", "command"), "postgres ")
	d.run(t, `pg_ctl restart --wait --silent --log="$PGHOST/postgresql.log" -o "`+options+`"`)
	return d
}

// adapt is a script with the paths and addresses of here.
func (d databases) adapt(t *testing.T, script string) string {
	t.Helper()
	host, port, _ := net.SplitHostPort(d.primary) // it is well formed
	text := strings.NewReplacer("/secrets", d.dir+"/secrets", "/docs/", d.dir+"/", "host=primary", "host="+host+" port="+port).Replace(readFile(t, script))
	return strings.TrimPrefix(text, "#!/bin/bash\n")
}

// composeText is a command or an entry point of a service in compose.yaml, with the paths of here.
func (d databases) composeText(t *testing.T, service, key string) string {
	t.Helper()
	var file struct{ Services map[string]map[string]any }
	if err := yaml.Unmarshal([]byte(readFile(t, "../compose.yaml")), &file); err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprint(file.Services[service][key])
	return strings.ReplaceAll(strings.Trim(text, "[]"), "/secrets", d.dir+"/secrets")
}

func (d databases) secret(t *testing.T, name string) string {
	t.Helper()
	return strings.TrimSpace(readFile(t, filepath.Join(d.dir, "secrets", name)))
}

func TestCompose_Databases(t *testing.T) {
	t.Parallel()
	d := startDatabases(t)
	if err := migrations.Up(t.Context(), d.secret(t, "owner_url")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(d.dir, "role.sql"), []byte(readFile(t, "../docs/role.sql")), 0o644); err != nil {
		t.Fatal(err)
	}
	for range 2 { // it runs after each migration
		d.run(t, d.adapt(t, "role.sh"))
	}
	app := d.secret(t, "database_url")
	if err := migrations.Check(t.Context(), app); err != nil {
		t.Errorf("the role of docket serve: %v", err)
	}
	foreign := makeSecrets(t) // of another authority
	for name, url := range map[string]string{
		"without TLS":       strings.Replace(app, "sslmode=verify-full", "sslmode=disable", 1),
		"another name":      strings.Replace(app, "@localhost:", "@127.0.0.1:", 1),
		"another authority": strings.Replace(app, filepath.Join(d.dir, "secrets"), foreign, 1),
		"another password":  strings.Replace(app, d.secret(t, "app_password"), "x", 1),
		"a replica's role":  strings.NewReplacer("docket_app", "docket_replication", d.secret(t, "app_password"), d.secret(t, "replication_password")).Replace(app),
	} {
		if conn, err := pgx.Connect(t.Context(), url); err == nil {
			_ = conn.Close(t.Context()) // it should not be there
			t.Errorf("%s: the primary takes the connection", name)
		}
	}
	d.startReplica(t)
}

// startReplica runs replica.sh and waits until the role of docket serve reads from the replica.
func (d databases) startReplica(t *testing.T) {
	t.Helper()
	_, port, _ := net.SplitHostPort(d.replica) // it is well formed
	_, options, _ := strings.Cut(d.composeText(t, "replica-1", "entrypoint"), "replica.sh ")
	cmd := d.newCommand("set -- "+options+" -c port="+port+"\n"+d.adapt(t, "replica.sh"), "PGDATA="+d.dir+"/replica")
	log, err := os.Create(filepath.Join(t.TempDir(), "log"))
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt) // it may have ended
		<-ended
	})
	for {
		var standby bool
		conn, err := pgx.Connect(t.Context(), d.secret(t, "replica_url"))
		if err == nil {
			err = conn.QueryRow(t.Context(), "SELECT pg_is_in_recovery() AND EXISTS (SELECT FROM tickets) IS NOT NULL").Scan(&standby)
			_ = conn.Close(context.WithoutCancel(t.Context())) // it was only read from
		}
		if err == nil && standby {
			return
		}
		select {
		case err := <-ended:
			ended <- err
			t.Fatalf("replica.sh ends with %v\n%s", err, readFile(t, log.Name()))
		default:
		}
	}
}
