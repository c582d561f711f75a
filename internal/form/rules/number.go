package rules

import (
	"errors"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"docket/internal/form"
	"docket/internal/form/checkdigit"
)

// errNoAnswer says that an answer that is not there was to be checked.
var errNoAnswer = errors.New("there is no answer to check")

// numberChecks are the functions that say whether a number is right by its check digits. Of an empty text none says anything.
func numberChecks() (options []cel.EnvOption) {
	for name, check := range map[string]func(string) bool{
		"iban":  func(text string) bool { _, ok := form.ParseIBAN(text); return ok },
		"luhn":  checkdigit.Luhn,
		"mod97": checkdigit.Mod97,
		"mod11": checkdigit.Mod11,
	} {
		overload := cel.Overload(name+"_string", []*cel.Type{cel.StringType}, cel.BoolType, cel.UnaryBinding(checkNumber(check)))
		options = append(options, cel.Function(name, overload))
	}
	return options
}

// checkNumber is a function of CEL that checks a number.
func checkNumber(check func(string) bool) func(ref.Val) ref.Val {
	return func(value ref.Val) ref.Val {
		text, ok := value.(types.String)
		switch {
		case !ok:
			return types.NoSuchOverloadErr()
		case text == "":
			return types.WrapErr(errNoAnswer)
		}
		return types.Bool(check(string(text)))
	}
}
