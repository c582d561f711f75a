package form

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"docket/internal/form/decimal"
	"docket/internal/form/money"
	"docket/internal/i18n"
)

// Money is an amount in one of the currencies of the field. It is kept as money.Amount writes it, and in JSON as an object with whole
// minor units.
const Money Type = "money"

func moneyType() fieldType {
	return fieldType{
		name: Money, keys: []string{"currency", "min", "max", "computed"}, maxLength: 40, bound: readMoneyBound,
		crossed: decimal.Crossed,
		plain:   true, check: checkMoney, codes: []string{CodeNotANumber, CodeTooSmall, CodeTooLarge, CodeTooManyDecimals, CodeNotAnOption},
		show: showMoney, input: func(_ *Field, text string) string { return money.Typed(text) },
		json: jsonMoney, schema: moneySchema, kind: KindNumber, value: moneyValue,
		fold: money.Fold,
		parts: func(f *Field) []part {
			return []part{{"value", KindNumber, moneyValue}, {"currency", KindText, moneyCurrency}}
		},
		control: func(*Field) Control { return Control{Element: ElementMoney, InputType: "text", InputMode: "decimal"} },
	}
}

// readMoneyBound reads the least or the greatest amount, in major units.
func readMoneyBound(f *Field, text string) (bound, mistake string) {
	decimals := 0
	for _, code := range f.Currencies {
		of, _ := money.Decimals(code)
		decimals = max(decimals, of)
	}
	number, problem := parseDecimal(text, decimals)
	if problem.Code != "" {
		return "", fmt.Sprintf("must be an amount such as 10 or 0.50 with at most %d digits after the point, not %q", decimals, text)
	}
	return number, ""
}

// checkMoney checks an amount as it was stored or typed: behind a typed one stands its currency, where the field has several.
func checkMoney(f *Field, text string, _ time.Time) (string, Problem) {
	amount, stored := money.ParseStored(text)
	if !stored {
		typed, code := splitMoney(f, text)
		if code == "" {
			return "", newProblem(CodeNotAnOption, "answer.no_currency", "Currencies", strings.Join(f.Currencies, ", "))
		}
		var fault money.Fault
		if amount, fault = money.ParseTyped(typed, code, i18n.Of(f.Language).DecimalSign()); fault != "" {
			return "", moneyProblem(fault, strings.TrimSpace(typed), code)
		}
	}
	switch {
	case !slices.Contains(f.Currencies, amount.Currency):
		return "", newProblem(CodeNotAnOption, "answer.no_currency", "Currencies", strings.Join(f.Currencies, ", "))
	case f.Min != "" && decimal.Compare(amount.Major(), f.Min) < 0:
		return "", newProblem(CodeTooSmall, "answer.too_small", "Min", f.Min)
	case f.Max != "" && decimal.Compare(amount.Major(), f.Max) > 0:
		return "", newProblem(CodeTooLarge, "answer.too_large", "Max", f.Max)
	}
	return amount.String(), Problem{}
}

// splitMoney separates what was typed from the code behind it; the only currency of the field need not stand there. The code is
// empty when it is missing or another.
func splitMoney(f *Field, text string) (typed, code string) {
	last := text[strings.LastIndexByte(text, ' ')+1:]
	switch {
	case slices.Contains(f.Currencies, last):
		return strings.TrimSuffix(text, last), last
	case len(f.Currencies) == 1:
		return text, f.Currencies[0]
	}
	return text, ""
}

func moneyProblem(fault money.Fault, typed, code string) Problem {
	decimals, _ := money.Decimals(code)
	switch {
	case fault == money.Ambiguous:
		return newProblem(CodeNotANumber, "answer.ambiguous_amount", "Typed", typed)
	case fault == money.TooLarge:
		return newProblem(CodeTooLarge, "answer.too_large_amount")
	case fault == money.TooManyDecimals && decimals == 0:
		return newProblem(CodeTooManyDecimals, "answer.not_whole")
	case fault == money.TooManyDecimals:
		return newProblem(CodeTooManyDecimals, "answer.too_many_decimals", "Count", decimals)
	}
	return newProblem(CodeNotANumber, "answer.no_amount")
}

func showMoney(_ *Field, text string, words *i18n.Words) string {
	amount, ok := money.ParseStored(text)
	if !ok {
		return text
	}
	decimals, _ := money.Decimals(amount.Currency)
	number, _ := strconv.ParseFloat(amount.Major(), 64)
	return words.Decimal(number, decimals) + "\u00a0" + amount.Currency
}

// MoneyParts are what a page asks for an amount: the number as it was typed, and the code of its currency.
func (f *Field) MoneyParts(text string) (typed, code string) {
	if amount, stored := money.ParseStored(text); stored {
		return amount.Major(), amount.Currency
	}
	typed, code = splitMoney(f, text)
	return strings.TrimSpace(typed), code
}

func moneyValue(text string) any {
	if amount, ok := money.ParseStored(text); ok {
		return numberValue(amount.Major())
	}
	return nil
}

func moneyCurrency(text string) any {
	amount, _ := money.ParseStored(text)
	return amount.Currency
}

func moneySchema(f *Field, schema map[string]any) (note string) {
	amount := map[string]any{"type": "integer", "description": "In minor units, such as cents."}
	schema["type"], schema["additionalProperties"], schema["required"] = "object", false, []string{"amount", "currency"}
	schema["properties"] = map[string]any{"amount": amount, "currency": map[string]any{"type": "string", "enum": f.Currencies}}
	if len(f.Currencies) == 1 {
		decimals, _ := money.Decimals(f.Currencies[0])
		for key, bound := range map[string]string{"minimum": f.Min, "maximum": f.Max} {
			whole, fraction, _ := strings.Cut(bound, ".")
			if bound != "" {
				amount[key] = json.Number(strings.TrimLeft(whole, "0") + fraction + strings.Repeat("0", decimals-len(fraction)))
			}
			if number, _ := amount[key].(json.Number); bound != "" && strings.Trim(string(number), "0") == "" {
				amount[key] = 0
			}
		}
	}
	return boundsInWords(f)
}
