package form

import (
	"net/url"
	"time"
)

// A checkbox is kept as one of these; required_when names them too.
const (
	ticked   = "true"
	unticked = "false"
)

// Check reads the answers out of what a page sent and checks them as of now. When one is wrong the error is Invalid.
// Whatever the form does not ask is ignored.
func (f *Form) Check(given url.Values, now time.Time) (Answers, error) {
	return f.check(given, Invalid{}, now)
}

// check checks what is not in wrong yet.
func (f *Form) check(given url.Values, wrong Invalid, now time.Time) (Answers, error) {
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
		return nil, wrong
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
			wrong[field.Name] = Problem{CodeRequired, field.missing()}
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

// missing says what to do about a required answer that is not there.
func (f Field) missing() string {
	switch {
	case f.Missing != "":
		return f.Missing
	case f.Type == Checkbox:
		return "Tick “" + f.Label + "” to go on"
	case f.Type == Choice || f.Type == Country:
		return "Choose an answer to “" + f.Label + "”"
	case f.Type.Upload():
		return "Add “" + f.Label + "”"
	}
	return "Fill in “" + f.Label + "”"
}

// answer checks what was given for one field and returns it as it is kept: "" when nothing was answered.
func (f Field) answer(given []string, today time.Time) (string, Problem) {
	if len(given) > 1 {
		return "", Problem{CodeGivenTwice, "Was sent more than once; answer it once"}
	}
	if len(given) == 0 {
		given = []string{""}
	}
	if len(given[0]) > 16*f.MaxLength {
		return "", Problem{CodeTooLong, "Must be at most " + count(f.MaxLength, "character")}
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
