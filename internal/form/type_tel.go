package form

import (
	"regexp"
	"sync"
	"time"
)

// Tel is a telephone number.
const Tel Type = "tel"

// CodeBadTel is the problem of what is no telephone number.
const CodeBadTel = "bad_tel"

func telType() fieldType {
	return fieldType{
		name: Tel, keys: []string{"pattern", "pattern_hint"}, maxLength: 30, check: checkPhone, codes: []string{CodeBadTel},
		schema: func(f *Field, schema map[string]any) string {
			schema["pattern"] = phoneNumber().String()
			return textSchema(f, schema)
		},
		control: func(*Field) Control {
			return Control{Element: ElementInput, InputType: "tel", InputMode: "tel", HasMaxLength: true}
		},
	}
}

var phoneNumber = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[0-9 +().-]+$`) })

// checkPhone checks a telephone number and returns it as it was typed.
func checkPhone(f *Field, text string, _ time.Time) (string, Problem) {
	digits := 0
	for _, r := range text {
		if r >= '0' && r <= '9' {
			digits++
		}
	}
	if !phoneNumber().MatchString(text) || digits < 6 || digits > 15 {
		return "", newProblem(CodeBadTel, "answer.bad_tel")
	}
	return f.checkText(text)
}
