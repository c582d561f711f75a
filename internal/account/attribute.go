package account

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"

	"docket/db"
	"docket/internal/mac"
	"docket/internal/postgres"
)

// How long the value of an attribute may be, in characters, and how many an account or a key may have.
const (
	maxAttribute  = 200
	maxAttributes = 20
)

// ErrAttribute says that a text can be no attribute.
var ErrAttribute = fmt.Errorf("an attribute is written NAME=VALUE: a name of lower-case letters, digits and _, but not email and user_id; a value of one line, %d characters at most; "+
	"%d of them at most", maxAttribute, maxAttributes)

var attributeName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[a-z][a-z0-9_]{0,62}$`) })

// validAttributeName reports whether an attribute can have this name: those that docket knows of every account are taken.
func validAttributeName(name string) bool {
	return attributeName().MatchString(name) && name != "email" && name != "user_id"
}

// validAttribute reports whether an attribute can have this value.
func validAttribute(value string) bool {
	return utf8.ValidString(value) && utf8.RuneCountInString(value) <= maxAttribute && !strings.ContainsFunc(value, unicode.IsControl)
}

// ParseAttributes reads texts such as "department=Sales". It returns ErrAttribute.
func ParseAttributes(texts []string) (map[string]string, error) {
	attributes := map[string]string{}
	for _, text := range texts {
		name, value, given := strings.Cut(text, "=")
		if value = strings.TrimSpace(value); !given || !validAttributeName(name) || !validAttribute(value) {
			return nil, fmt.Errorf("%q: %w", text, ErrAttribute)
		}
		attributes[name] = value
	}
	if len(attributes) > maxAttributes {
		return nil, ErrAttribute
	}
	return attributes, nil
}

// Attributes are what is known of the owner of an account beside the address, by name.
func (a *Accounts) Attributes(ctx context.Context, id uuid.UUID) (map[string]string, error) {
	stored, err := a.q.AccountAttributes(ctx, a.primary, id)
	if err != nil && !postgres.IsNoRows(err) {
		return nil, postgres.WrapError("read the attributes of an account", err)
	}
	return attributesOf(stored), nil
}

// SetAttributes sets attributes of an account, and removes those whose value is empty. Others stay. It returns ErrNoAccount.
func (a *Accounts) SetAttributes(ctx context.Context, email string, attributes map[string]string) error {
	names, stored := encodeAttributes(attributes)
	n, err := a.q.AccountSetAttributes(ctx, a.primary, db.AccountSetAttributesParams{Email: NormalizeEmail(email), Names: names, Attributes: stored})
	if err == nil && n == 0 {
		return ErrNoAccount
	}
	if err != nil {
		return postgres.WrapError("set the attributes of an account", err)
	}
	return nil
}

// SetAttributesAtProvider keeps what the claims of somebody who has just signed in say: those that are empty are removed.
func (a *Accounts) SetAttributesAtProvider(ctx context.Context, issuer, subject string, attributes map[string]string) error {
	if len(attributes) == 0 {
		return nil
	}
	now, err := a.primary.Now(ctx)
	if err != nil {
		return err
	}
	names, stored := encodeAttributes(attributes)
	kept, err := a.q.ProviderIdentitySetAttributes(ctx, a.primary, db.ProviderIdentitySetAttributesParams{
		Issuer: issuer, Subject: subject, Names: names, Attributes: string(stored), ReadMs: now.UnixMilli(),
		Mac: a.macKey.Sum("provider attributes", mac.Text(issuer), mac.Text(subject), mac.Text(strings.Join(names, " ")), mac.Text(string(stored)), mac.Int(now.UnixMilli())),
	})
	if err == nil && !kept {
		err = errStale
	}
	if err != nil {
		return postgres.WrapError("set the attributes of an account", err)
	}
	return nil
}

// encodeAttributes are the names of attributes, and those that have a value as JSON.
func encodeAttributes(attributes map[string]string) (names []string, stored []byte) {
	names, attributes = slices.Sorted(maps.Keys(attributes)), maps.Clone(attributes)
	maps.DeleteFunc(attributes, func(_, value string) bool { return value == "" })
	stored, err := json.Marshal(attributes)
	if err != nil {
		panic(err) // Texts always marshal.
	}
	if attributes == nil {
		stored = []byte("{}")
	}
	return names, stored
}

// attributesOf are stored attributes; what is no text is none.
func attributesOf(stored []byte) map[string]string {
	var members map[string]any
	if err := json.Unmarshal(stored, &members); err != nil {
		return nil
	}
	attributes := map[string]string{}
	for name, value := range members {
		if text, ok := value.(string); ok {
			attributes[name] = text
		}
	}
	return attributes
}

// FormatAttributes writes attributes as ParseAttributes reads them, in the order of their names.
func FormatAttributes(attributes map[string]string) []string {
	texts := make([]string, 0, len(attributes))
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		texts = append(texts, name+"="+attributes[name])
	}
	return texts
}
