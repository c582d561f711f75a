package openid

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

const (
	maxClaimCost   = 100_000 // in CEL's units
	maxClaimLength = 5_000   // of an expression, in characters
)

// The roles that an expression can give.
var roles = []string{"customer", "agent", "admin"}

// claimExpression computes something of the claims of a person.
type claimExpression struct {
	name    string // of the setting
	program cel.Program
}

// compileClaims compiles the expression of a setting, whose result must be of a type.
func compileClaims(name, text string, want *cel.Type) (*claimExpression, error) {
	env, err := cel.NewEnv(
		cel.Variable("claims", cel.MapType(cel.StringType, cel.DynType)),
		cel.CrossTypeNumericComparisons(true), cel.ParserExpressionSizeLimit(maxClaimLength), cel.ParserRecursionLimit(50),
	)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	checked, issues := env.Compile(text)
	if issues.Err() != nil {
		return nil, fmt.Errorf("%s cannot be read:\n%w", name, issues.Err())
	}
	if found := checked.OutputType(); !found.IsAssignableType(want) && !found.IsExactType(cel.DynType) {
		return nil, fmt.Errorf("%s must be %s, but it is %s", name, want, found)
	}
	program, err := env.Program(checked, cel.CostLimit(maxClaimCost))
	if err != nil {
		return nil, fmt.Errorf("%s cannot be run: %w", name, err)
	}
	return &claimExpression{name: name, program: program}, nil
}

func (e *claimExpression) eval(claims map[string]any) (ref.Val, error) {
	value, _, err := e.program.Eval(map[string]any{"claims": claims})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", e.name, err)
	}
	return value, nil
}

// role is the role that the claims give; empty: no access.
func (e *claimExpression) role(claims map[string]any) (string, error) {
	value, err := e.eval(claims)
	if err != nil {
		return "", err
	}
	text, ok := value.(types.String)
	for _, role := range roles {
		if ok && string(text) == role {
			return role, nil
		}
	}
	if ok && text == "" {
		return "", nil
	}
	return "", fmt.Errorf("%s gives something else than customer, agent, admin and an empty text", e.name)
}

// teams are the names of teams that the claims give.
func (e *claimExpression) teams(claims map[string]any) ([]string, error) {
	value, err := e.eval(claims)
	if err != nil {
		return nil, err
	}
	native, err := value.ConvertToNative(stringsType)
	if err != nil {
		return nil, fmt.Errorf("%s gives no list of texts", e.name)
	}
	return native.([]string), nil
}

var errNoClaim = errors.New("the claim is missing, or is neither a text nor a whole number")

// textClaim is a claim that is a text or a whole number.
func textClaim(claims map[string]any, name string) (string, error) {
	switch value := claims[name].(type) {
	case string:
		if text := strings.TrimSpace(value); text != "" {
			return text, nil
		}
	case float64:
		if whole := int64(value); float64(whole) == value {
			return strconv.FormatInt(whole, 10), nil
		}
	}
	return "", fmt.Errorf("%q: %w", name, errNoClaim)
}

// emailOf is the address of a person, or returns ErrEmail. A provider that says nothing of whether it is verified is believed.
func emailOf(claims map[string]any) (string, error) {
	email, err := textClaim(claims, "email")
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrEmail, err)
	}
	if verified, known := claims["email_verified"]; known && verified != true && verified != "true" {
		return "", fmt.Errorf("%w: it is not verified", ErrEmail)
	}
	return email, nil
}

// maxAttribute is the longest attribute, in characters; a longer claim gives none.
const maxAttribute = 200

var attributeName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[a-z][a-z0-9_]{0,62}$`) })

// attributesOf are the attributes that the claims of a person give, by name; "" where a claim is missing or cannot be one.
func (p *Provider) attributesOf(claims map[string]any) map[string]string {
	attributes := map[string]string{}
	for _, text := range p.Attributes {
		name, claim, renamed := strings.Cut(text, "=")
		if !renamed {
			claim = name
		}
		value, err := textClaim(claims, claim)
		if err != nil || !utf8.ValidString(value) || utf8.RuneCountInString(value) > maxAttribute || strings.ContainsFunc(value, unicode.IsControl) {
			value = ""
		}
		attributes[name] = value
	}
	return attributes
}
