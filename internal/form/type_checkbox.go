package form

import (
	"time"

	"docket/internal/form/linktext"
	"docket/internal/i18n"
)

// Checkbox is ticked or not.
const Checkbox Type = "checkbox"

// A checkbox is kept as one of these.
const (
	ticked   = "true"
	unticked = "false"
)

func checkboxType() fieldType {
	return fieldType{
		name: Checkbox, keys: []string{"agreed_version"}, check: checkTick, empty: unticked, missing: "answer.tick", show: showTick,
		json: jsonBool,
		schema: func(f *Field, schema map[string]any) string {
			schema["type"] = "boolean"
			if f.Required {
				schema["const"] = true
			}
			if f.LinkedLabel != f.Label {
				return linktext.Plain(f.LinkedLabel)
			}
			return ""
		},
		kind: KindBool, value: func(text string) any { return text == ticked },
		control: func(*Field) Control { return Control{Element: ElementCheckbox} },
	}
}

// checkTick reads a checkbox as browsers and people send it.
func checkTick(_ *Field, text string, _ time.Time) (string, Problem) {
	switch text {
	case "on", ticked, "1", "yes":
		return ticked, Problem{}
	case unticked, "off", "0", "no":
		return unticked, Problem{}
	}
	return "", newProblem(CodeNotAnOption, "answer.no_tick")
}

func showTick(_ *Field, text string, words *i18n.Words) string {
	switch text {
	case ticked:
		return words.T("answer.yes")
	case unticked:
		return words.T("answer.no")
	}
	return text
}
