package form

import (
	"cmp"
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"docket/internal/form/decimal"
)

// Number is a decimal number.
const Number Type = "number"

// The problems of numbers.
const (
	CodeNotANumber      = "not_a_number"
	CodeTooSmall        = "too_small"
	CodeTooLarge        = "too_large"
	CodeTooManyDecimals = "too_many_decimals"
)

func numberType() fieldType {
	return fieldType{
		name: Number, keys: []string{"min", "max", "decimals", "computed"}, bound: numberBound,
		crossed: decimal.Crossed,
		plain:   true, check: checkNumber, codes: []string{CodeNotANumber, CodeTooSmall, CodeTooLarge, CodeTooManyDecimals},
		json: jsonNumber, schema: numberSchema, kind: KindNumber, value: numberValue,
		control: func(f *Field) Control {
			return Control{Element: ElementInput, InputType: "text", InputMode: numberKeyboard(f), HasMaxLength: true}
		},
	}
}

// numberBound reads the least or the greatest number.
func numberBound(f *Field, text string) (bound, mistake string) {
	number, problem := parseDecimal(text, f.Decimals)
	switch problem.Code {
	case "":
		return number, ""
	case CodeTooManyDecimals:
		return "", fmt.Sprintf(`has more digits after the point than "decimals" %d allows`, f.Decimals)
	}
	return "", fmt.Sprintf("must be a number such as 10 or 0.5, not %q", text)
}

// checkNumber checks a number against the bounds of a field.
func checkNumber(f *Field, text string, _ time.Time) (string, Problem) {
	number, problem := parseDecimal(decimal.Plain(text), f.Decimals)
	switch {
	case problem.Code != "":
		return "", problem
	case f.Min != "" && decimal.Compare(number, f.Min) < 0:
		return "", newProblem(CodeTooSmall, "answer.too_small", "Min", f.Min)
	case f.Max != "" && decimal.Compare(number, f.Max) > 0:
		return "", newProblem(CodeTooLarge, "answer.too_large", "Max", f.Max)
	}
	return number, Problem{}
}

var plainNumber = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(-?)(\d+)(?:\.(\d+))?$`) })

// maxDigits is how many digits may stand before the point.
const maxDigits = 15

// parseDecimal checks that text is a plain number with at most so many decimals. It returns the number as JSON writes it:
// the digits that were typed, without leading zeros; never a float64.
func parseDecimal(text string, decimals int) (string, Problem) {
	parts := plainNumber().FindStringSubmatch(text)
	switch {
	case parts == nil && decimals == 0: // of a whole number nothing need be said about the point
		return "", newProblem(CodeNotANumber, "answer.not_a_whole_number")
	case parts == nil:
		return "", newProblem(CodeNotANumber, "answer.not_a_number")
	}
	sign, whole, fraction := parts[1], strings.TrimLeft(parts[2], "0"), parts[3]
	switch {
	case len(whole) > maxDigits:
		return "", newProblem(CodeTooLarge, "answer.too_many_digits", "Count", maxDigits)
	case len(fraction) > decimals && decimals == 0:
		return "", newProblem(CodeTooManyDecimals, "answer.not_whole")
	case len(fraction) > decimals:
		return "", newProblem(CodeTooManyDecimals, "answer.too_many_decimals", "Count", decimals)
	}
	whole = cmp.Or(whole, "0")
	if fraction != "" {
		fraction = "." + fraction
	}
	if strings.Trim(whole+fraction, "0.") == "" {
		sign = ""
	}
	return sign + whole + fraction, Problem{}
}

// numberSchema adds what bounds a number.
func numberSchema(f *Field, schema map[string]any) (note string) {
	schema["type"] = "integer"
	if f.Decimals > 0 {
		schema["type"], schema["multipleOf"] = "number", json.Number("0."+strings.Repeat("0", f.Decimals-1)+"1")
	}
	if f.Min != "" {
		schema["minimum"] = json.Number(f.Min)
	}
	if f.Max != "" {
		schema["maximum"] = json.Number(f.Max)
	}
	return ""
}

func numberValue(text string) any {
	if number, err := strconv.ParseFloat(text, 64); err == nil {
		return number
	}
	return nil
}

// numberKeyboard is the keyboard that a phone shows for a number. The one for digits alone has no minus on some phones.
func numberKeyboard(f *Field) string {
	if f.Decimals == 0 && f.Min != "" && !strings.HasPrefix(f.Min, "-") {
		return "numeric"
	}
	return "decimal"
}
