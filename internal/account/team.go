package account

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"docket/db"
	"docket/internal/mac"
	"docket/internal/postgres"
)

// ErrTeam says that a text cannot be the name of a team.
var ErrTeam = errors.New(`a team is named by lower-case letters, digits, - and _, a letter first; "everyone" is no team`)

var teamName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[a-z][a-z0-9_-]{0,62}$`) })

// Team is the agents who are offered what is in a queue of theirs, or handed over to them.
type Team struct {
	Name     string
	Accounts []Account // with their id and address alone
}

// Teams lists the names of the teams that an account is in.
func (a *Accounts) Teams(ctx context.Context, id uuid.UUID) ([]string, error) {
	teams, err := a.q.TeamsOf(ctx, a.primary, id)
	if err != nil {
		return nil, postgres.WrapError("read the teams of an account", err)
	}
	return teams, nil
}

// ListTeams lists every team that an account is in.
func (a *Accounts) ListTeams(ctx context.Context) (teams []Team, err error) {
	rows, err := a.q.TeamList(ctx, a.primary)
	if err != nil {
		return nil, postgres.WrapError("list teams", err)
	}
	for _, row := range rows {
		if last := len(teams) - 1; last < 0 || teams[last].Name != row.Team {
			teams = append(teams, Team{Name: row.Team})
		}
		last := &teams[len(teams)-1]
		last.Accounts = append(last.Accounts, Account{ID: row.ID, Email: row.Email})
	}
	return teams, nil
}

// SetTeams puts an account into these teams and takes it out of all others. It returns ErrTeam or ErrNoAccount.
func (a *Accounts) SetTeams(ctx context.Context, email string, teams ...string) error {
	if err := checkTeams(teams); err != nil {
		return err
	}
	found, err := a.Find(ctx, email)
	if err != nil {
		return err
	}
	if teams == nil {
		teams = []string{}
	}
	err = postgres.Transact(ctx, a.primary, func(tx pgx.Tx) error {
		return errors.Join(
			a.q.TeamRemoveOthers(ctx, tx, db.TeamRemoveOthersParams{AccountID: found.ID, Teams: teams}),
			a.q.TeamAdd(ctx, tx, db.TeamAddParams{AccountID: found.ID, Teams: teams}),
		)
	})
	if err != nil {
		return postgres.WrapError("set the teams of an account", err)
	}
	return nil
}

// Staff lists the agents and admins who may sign in, with their id and address alone.
func (a *Accounts) Staff(ctx context.Context) ([]Account, error) {
	rows, err := a.q.AccountStaff(ctx, a.primary)
	if err != nil {
		return nil, postgres.WrapError("list staff", err)
	}
	staff := make([]Account, len(rows))
	for i, row := range rows {
		staff[i] = Account{ID: row.ID, Email: row.Email}
	}
	return staff, nil
}

// SetTeamsAsAdmin is SetTeams by the admin of a session, or returns ErrNotConfirmed.
func (a *Accounts) SetTeamsAsAdmin(ctx context.Context, s Session, id uuid.UUID, teams []string) error {
	if err := checkTeams(teams); err != nil {
		return err
	}
	outcome, err := a.q.AccountSetTeams(ctx, a.primary, db.AccountSetTeamsParams{
		SessionHash: s.tokenHash, ID: id, Teams: append([]string{}, teams...),
		Mac: a.macKey.Sum("account set teams", s.tokenHash, mac.ID(id), mac.Text(strings.Join(teams, " "))),
	})
	return checkOutcome("set the teams of an account", outcome, err, map[string]error{"unknown": ErrNoAccount})
}

// checkTeams returns ErrTeam if one of the names is none.
func checkTeams(names []string) error {
	if slices.ContainsFunc(names, func(name string) bool { return !teamName().MatchString(name) || name == "everyone" }) {
		return ErrTeam
	}
	return nil
}
