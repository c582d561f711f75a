package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"docket/internal/account"
)

type accountAdd struct {
	databaseOptions
	Email string       `arg:"" help:"The e-mail address to sign in with."`
	Role  account.Role `required:"" enum:"customer,agent,admin" help:"customer, agent or admin."`
}

func (c accountAdd) Run(ctx context.Context) error {
	pool, err := c.openPool(ctx)
	if err != nil {
		return err
	}
	defer pool.Close()
	password, err := readPassword(os.Stdin)
	if err != nil {
		return err
	}
	added, err := account.NewAccounts(pool).Add(ctx, c.Email, password, c.Role)
	if err != nil {
		return fmt.Errorf("add %s: %w", c.Email, err)
	}
	fmt.Printf("%s  %s  %s\n", added.ID, added.Email, added.Role)
	return nil
}

// readPassword reads one line. On a terminal it does not show what is typed.
func readPassword(in *os.File) (string, error) {
	if term.IsTerminal(int(in.Fd())) {
		fmt.Fprint(os.Stderr, "Password (12 characters or more): ")
		b, err := term.ReadPassword(int(in.Fd()))
		fmt.Fprintln(os.Stderr)
		return string(b), err
	}
	line, err := bufio.NewReader(in).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("read the password: %w", err)
	}
	return strings.TrimRight(line, "\r\n"), nil
}
