package form

import (
	"net/url"
	"time"

	"docket/internal/lang"
)

// A checkbox is kept as one of these; required_when names them too.
const (
	ticked   = "true"
	unticked = "false"
)

// Check reads the answers out of what a page sent and checks them as of now. When one is wrong the error is Invalid.
// Whatever the form does not ask is ignored.
func (f *Form) Check(given url.Values, now time.Time) (Answers, error) {
	return f.check(given, Invalid{}, now, lang.Of(f.Language))
}

// check checks what is not in wrong yet, and says what is wrong in these words.
func (f *Form) check(given url.Values, wrong Invalid, now time.Time, words *lang.Words) (Answers, error) {
	var answers Answers
	today := f.today(now)
	for field := range f.fields() {
		if _, known := wrong[field.Name]; known {
			continue
		}
		text, problem := field.answer(given[field.Name], today)
		switch {
		case problem.Code != "":
			wrong[field.Name] = problem
		case text != "":
			answers = append(answers, Answer{field.Name, text, field.Type})
		}
	}
	f.complain(answers, wrong)
	if len(wrong) > 0 {
		return nil, wrong.in(words)
	}
	return answers, nil
}

// complain adds to wrong what is required and missing.
func (f *Form) complain(answers Answers, wrong Invalid) {
	for field := range f.fields() {
		_, known := wrong[field.Name]
		if text := answers.Text(field.Name); known || text != "" && text != unticked {
			continue
		}
		if field.Required || field.requiredBy(answers) {
			wrong[field.Name] = field.missing()
		}
	}
}

// requiredBy reports whether the other answers make this field required.
func (f Field) requiredBy(answers Answers) bool {
	for name, text := range f.RequiredWhen {
		if answers.Text(name) != text {
			return false
		}
	}
	return len(f.RequiredWhen) > 0
}

// missing is the problem of a required answer that is not there.
func (f Field) missing() Problem {
	switch {
	case f.Missing != "":
		return Problem{Code: CodeRequired, Message: f.Missing}
	case f.Type == Checkbox:
		return fault(CodeRequired, "answer.tick", "Label", f.Label)
	case f.Type == Choice || f.Type == Country:
		return fault(CodeRequired, "answer.choose", "Label", f.Label)
	case f.Type.Upload():
		return fault(CodeRequired, "answer.add", "Label", f.Label)
	}
	return fault(CodeRequired, "answer.fill_in", "Label", f.Label)
}

// answer checks what was given for one field and returns it as it is kept: "" when nothing was answered.
func (f Field) answer(given []string, today time.Time) (string, Problem) {
	if len(given) > 1 {
		return "", fault(CodeGivenTwice, "answer.twice")
	}
	if len(given) == 0 {
		given = []string{""}
	}
	if len(given[0]) > 16*f.MaxLength {
		return "", fault(CodeTooLong, "answer.too_long", "Count", f.MaxLength)
	}
	text, problem := clean(given[0], f.Type == LongText)
	if problem.Code == "" && (text != "" || f.Type == Checkbox) {
		text, problem = f.value(text, today)
	}
	return text, problem
}

// value checks a clean text by the type of the field.
func (f Field) value(text string, today time.Time) (string, Problem) {
	switch f.Type {
	case Number:
		return f.number(text)
	case Date:
		return f.date(text, today)
	case Choice, Country, Checkbox:
		return f.pick(text)
	case Image, File:
		return fileID(text)
	}
	var problem Problem
	switch f.Type {
	case Email:
		text, problem = email(text)
	case Tel:
		text, problem = tel(text)
	}
	if problem.Code != "" {
		return "", problem
	}
	return f.text(text)
}
