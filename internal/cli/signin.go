package cli

import (
	"context"
	"errors"
	"io"

	"docket/internal/account"
	"docket/internal/audit"
	"docket/internal/openid"
)

// signInOptions say at which OpenID Connect provider people sign in.
type signInOptions struct {
	Issuer       string   `name:"oidc-issuer" env:"OIDC_ISSUER" placeholder:"URL" help:"The OpenID Connect provider at which people sign in. Default: none; they sign in with a password of docket's own."`
	ClientID     string   `name:"oidc-client-id" env:"OIDC_CLIENT_ID" placeholder:"ID" help:"How the provider knows docket."`
	ClientSecret string   `name:"oidc-client-secret" env:"OIDC_CLIENT_SECRET" placeholder:"SECRET" help:"The secret for that; none for a public client."`
	Name         string   `name:"oidc-name" env:"OIDC_NAME" placeholder:"NAME" help:"What people call the provider. Default: the host of OIDC_ISSUER."`
	Scopes       string   `name:"oidc-scopes" env:"OIDC_SCOPES" default:"email profile" placeholder:"SCOPES" help:"What docket asks for beside openid (${default})."`
	Role         string   `name:"oidc-role" env:"OIDC_ROLE" default:"'customer'" placeholder:"EXPRESSION" help:"A CEL expression of claims that gives customer, agent, admin, or an empty text for no access, such as: 'agents' in claims.groups ? 'agent' : 'customer'. Default: ${default}."`
	Teams        string   `name:"oidc-teams" env:"OIDC_TEAMS" placeholder:"EXPRESSION" help:"A CEL expression of claims that gives the teams of an agent, as a list of texts. Default: teams are set in docket."`
	UserClaim    string   `name:"oidc-user-claim" env:"OIDC_USER_CLAIM" default:"sub" placeholder:"CLAIM" help:"The claim that is the user_id of a customer's tickets (${default})."`
	Attributes   []string `name:"oidc-attributes" env:"OIDC_ATTRIBUTES" placeholder:"CLAIMS" help:"Claims that are kept with accounts at each sign-in, and that a form takes as answers (from: account.department): names with commas between them, or NAME=CLAIM. Default: none."`
	Local        string   `name:"local-sign-in" env:"LOCAL_SIGN_IN" enum:"all,customers,none" default:"all" help:"Who signs in with a password of docket's own: all (the default), customers, or none."`
}

// Validate refuses settings that cannot work.
func (o signInOptions) Validate() error {
	if config := o.provider(); config != nil {
		return config.Validate()
	}
	if account.LocalSignIn(o.Local) == account.LocalCustomers || account.LocalSignIn(o.Local) == account.LocalNone {
		return errors.New("LOCAL_SIGN_IN (--local-sign-in) needs OIDC_ISSUER: else nobody could sign in")
	}
	return nil
}

// provider is the provider of the options; nil: there is none.
func (o signInOptions) provider() *openid.Config {
	if o.Issuer == "" {
		return nil
	}
	return &openid.Config{
		Issuer: o.Issuer, ClientID: o.ClientID, ClientSecret: o.ClientSecret, Name: o.Name, Scopes: o.Scopes, Role: o.Role, Teams: o.Teams, UserClaim: o.UserClaim, Attributes: o.Attributes,
	}
}

type accountLink struct {
	accountOptions
	Subject string `arg:"" help:"Who the owner is at the provider: the claim sub."`
	Issuer  string `name:"oidc-issuer" env:"OIDC_ISSUER" required:"" placeholder:"URL" help:"The provider."`
}

func (c accountLink) Run(ctx context.Context, out io.Writer) error {
	return c.change(ctx, out, audit.IdentityLinked, "signs in at the provider, has no password, and is signed out", func(a *account.Accounts) error {
		return a.Link(ctx, c.Email, c.Issuer, c.Subject)
	})
}

type accountUnlink struct{ accountOptions }

func (c accountUnlink) Run(ctx context.Context, out io.Writer) error {
	return c.change(ctx, out, audit.IdentityUnlinked, "signs in at the provider no more, and is signed out; docket account password sets a password", func(a *account.Accounts) error {
		return a.Unlink(ctx, c.Email)
	})
}
