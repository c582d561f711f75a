package form

import (
	"time"

	"docket/internal/form/phone"
)

// Tel is a telephone number.
const Tel Type = "tel"

// CodeBadTel is the problem of what is no telephone number.
const CodeBadTel = "bad_tel"

func telType() fieldType {
	return fieldType{
		name: Tel, keys: []string{"pattern", "pattern_hint"}, maxLength: 40, plain: true, check: checkPhone, codes: []string{CodeBadTel},
		schema: func(f *Field, schema map[string]any) string {
			schema["pattern"] = phone.Pattern
			return textSchema(f, schema)
		},
		control: func(*Field) Control {
			return Control{Element: ElementInput, InputType: "tel", InputMode: "tel", HasMaxLength: true}
		},
	}
}

// checkPhone checks a telephone number and returns it as it was typed.
func checkPhone(f *Field, text string, _ time.Time) (string, Problem) {
	number, ok := phone.Parse(text)
	if !ok {
		return "", newProblem(CodeBadTel, "answer.bad_tel")
	}
	return f.checkText(number)
}
