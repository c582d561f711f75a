package form

import (
	"cmp"
	"slices"
	"time"

	"docket/internal/i18n"
	"docket/internal/plaintext"
)

// Check checks what a page sent, as of now. When an answer is wrong the error is Invalid. Whatever the form does not ask is
// ignored.
func (f *Form) Check(given Input, now time.Time) (Answers, error) {
	v := f.ValuesOf(nil, now)
	wrong := v.read(given, Invalid{})
	v.removeInapplicable(wrong.remove)
	return v.checked(wrong, i18n.Of(f.Language))
}

// read checks what is not in wrong yet, and adds to it what is.
func (v *Values) read(given Input, wrong Invalid) Invalid {
	for i, field := range v.form.ordered {
		if _, known := wrong[field.Name]; known {
			continue
		}
		if field.Computed != nil {
			continue
		}
		if field.Rows != nil {
			v.readRows(i, given, wrong)
			continue
		}
		texts, problem := field.Check(given[field.Name], v.today)
		if problem.Code != "" {
			wrong[field.Name] = problem
		}
		v.answers[i] = texts
	}
	return wrong
}

// checked is the answers when nothing is wrong, nothing that is required is missing and no check is broken; else the error says what is.
func (v *Values) checked(wrong Invalid, words *i18n.Words) (Answers, error) {
	v.compute(wrong)
	v.addMissing(wrong)
	v.addBroken(wrong)
	if len(wrong) > 0 {
		return nil, wrong.in(words)
	}
	return v.given(), nil
}

// given is what is answered, in the order of the form.
func (v *Values) given() Answers {
	answers := make(Answers, 0, len(v.answers))
	for i, field := range v.form.ordered {
		if field.Rows != nil {
			v.answers[i] = v.collapseRows(i)
		}
		if len(v.answers[i]) > 0 {
			answers = append(answers, Answer{field.Name, v.answers[i], field.Type})
		}
	}
	return answers
}

// addMissing adds to wrong what is required and missing.
func (v *Values) addMissing(wrong Invalid) {
	for i, field := range v.form.ordered {
		_, known := wrong[field.Name]
		if field.Rows != nil && !v.inapplicable[i] {
			v.addRowProblems(i, wrong)
		}
		if known || len(v.rows[i]) > 0 || field.Rows != nil && wrong.hasRow(field.Name) || v.inapplicable[i] || field.Type.spec().answered(v.answers[i]) {
			continue
		}
		if field.Required || field.RequiredWhen != nil && field.RequiredWhen.Holds(v) {
			wrong[field.Name] = Problem{Code: CodeRequired, Message: field.Missing}
			if field.Missing == "" {
				wrong[field.Name] = newProblem(CodeRequired, field.Type.spec().missing, "Label", field.Label)
			}
		}
	}
}

// Check checks the texts that were given for one field, as of today, and returns them as they are kept: none when nothing
// was answered.
func (f *Field) Check(given []string, today time.Time) ([]string, Problem) {
	t := f.Type.spec()
	if t.several {
		return f.checkSeveral(given, today)
	}
	if len(given) > 1 {
		return nil, newProblem(CodeGivenTwice, "answer.twice")
	}
	text, problem := "", Problem{}
	if len(given) == 1 {
		text, problem = f.checkOne(given[0], today)
	}
	text = cmp.Or(text, t.empty)
	if problem.Code != "" || text == "" {
		return nil, problem
	}
	return []string{text}, Problem{}
}

// checkOne checks one text and returns it as it is kept; "" when it is empty.
func (f *Field) checkOne(given string, today time.Time) (string, Problem) {
	t := f.Type.spec()
	if len(given) > 16*f.MaxLength {
		return "", newProblem(CodeTooLong, "answer.too_long", "Count", f.MaxLength)
	}
	text, fault := plaintext.Clean(given, t.multiline)
	switch {
	case fault.Key != "":
		return "", newProblem(CodeBadCharacters, fault.Key, fault.Args...)
	case text == "":
		return "", Problem{}
	case t.plain:
		text = plaintext.PlainSigns(text)
	}
	return t.check(f, text, today)
}

// checkSeveral checks the texts of a field that takes several.
func (f *Field) checkSeveral(given []string, today time.Time) ([]string, Problem) {
	var texts []string
	for _, one := range given {
		text, problem := f.checkOne(one, today)
		switch {
		case problem.Code != "":
			return nil, problem
		case slices.Contains(texts, text):
			return nil, newProblem(CodeGivenTwice, "answer.twice")
		case text != "":
			texts = append(texts, text)
		}
	}
	if texts == nil {
		return nil, Problem{}
	}
	return f.Type.spec().checkAll(f, texts)
}
