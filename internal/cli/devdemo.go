package cli

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"docket/internal/account"
	"docket/internal/demo"
	"docket/internal/postgres"
)

// demoAccounts are the accounts of docket dev, by the name in its env file.
var demoAccounts = []struct {
	name, email string
	role        account.Role
}{
	{"DEMO_CUSTOMER", "customer@example.com", account.Customer},
	{"DEMO_CUSTOMER_2", "customer2@example.com", account.Customer},
	{"DEMO_AGENT", "agent@example.com", account.Agent},
	{"DEMO_AGENT_2", "agent2@example.com", account.Agent},
	{"DEMO_ADMIN", "admin@example.com", account.Admin},
}

// addAccounts adds the demo accounts that are missing, all with one password, and an API key with every scope.
func (env devEnv) addAccounts(ctx context.Context) error {
	pool, err := postgres.Connect(ctx, env["DATABASE_URL"])
	if err != nil {
		return err
	}
	defer pool.Close()
	accounts, known := account.NewAccounts(pool, account.Config{}), env["DEMO_PASSWORD"] != ""
	if !known {
		env["DEMO_PASSWORD"] = "demo-" + strings.ToLower(rand.Text()[:12])
	}
	for _, a := range demoAccounts {
		if known && env[a.name] != "" {
			continue
		}
		if err := accounts.AddOrReplace(ctx, a.email, env["DEMO_PASSWORD"], a.role); err != nil {
			return fmt.Errorf("add the account %s: %w", a.email, err)
		}
		env[a.name] = a.email
	}
	return env.keepKey(ctx, account.NewKeys(pool))
}

// keepKey makes a key with all scopes, unless there is one. The key of an earlier release may lack some, and goes on working.
func (env devEnv) keepKey(ctx context.Context, keys *account.Keys) error {
	known, err := keys.Check(ctx, env["API_KEY"])
	if err != nil && !errors.Is(err, account.ErrKey) {
		return err
	}
	if err == nil && len(known.Scopes) >= len(account.Scopes) {
		return nil
	}
	env["API_KEY"], err = keys.Add(ctx, "dev-"+strings.ToLower(rand.Text()[:6]), account.Scopes)
	return err
}

// login returns a demo account by its name in the env file.
func (env devEnv) login(ctx context.Context, accounts *account.Accounts, name string) (demo.Login, error) {
	known, err := accounts.SignIn(ctx, account.Client{}, env[name], env["DEMO_PASSWORD"])
	if err != nil {
		return demo.Login{}, fmt.Errorf("sign in as %s: %w", env[name], err)
	}
	return demo.Login{Email: env[name], Password: env["DEMO_PASSWORD"], UserID: known.ID.String()}, nil
}

// seedDemo adds the demo tickets to the docket at url.
func (env devEnv) seedDemo(ctx context.Context, url string, log *slog.Logger) error {
	pool, err := postgres.Connect(ctx, env["DATABASE_URL"])
	if err != nil {
		return err
	}
	defer pool.Close()
	site, accounts := demo.Site{URL: url, APIKey: env["API_KEY"]}, account.NewAccounts(pool, account.Config{})
	for name, logins := range map[string]*[2]demo.Login{"DEMO_CUSTOMER": &site.Customers, "DEMO_AGENT": &site.Agents} {
		for n, suffix := range []string{"", "_2"} {
			if logins[n], err = env.login(ctx, accounts, name+suffix); err != nil {
				return err
			}
		}
	}
	return demo.Seed(ctx, site, log)
}
