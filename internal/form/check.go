package form

import (
	"time"

	"docket/internal/i18n"
)

// A checkbox is kept as one of these.
const (
	ticked   = "true"
	unticked = "false"
)

// Check reads the answers out of what a page sent and checks them as of now. When one is wrong the error is Invalid.
// Whatever the form does not ask is ignored.
func (f *Form) Check(given Input, now time.Time) (Answers, error) {
	s := f.sheet(f.today(now))
	wrong := s.read(given, Invalid{})
	s.settle(func(i int) { delete(wrong, f.flat[i].Name) })
	return s.answers(wrong, i18n.Of(f.Language))
}

// read checks what is not in wrong yet, and adds to it what is.
func (s *sheet) read(given Input, wrong Invalid) Invalid {
	for i, field := range s.form.flat {
		if _, known := wrong[field.Name]; known {
			continue
		}
		text, problem := field.answer(given[field.Name], s.today)
		if problem.Code != "" {
			wrong[field.Name] = problem
		}
		s.texts[i] = text
	}
	return wrong
}

// answers is what the sheet says when nothing is wrong and nothing that is required is missing. Else it says in these
// words what is.
func (s *sheet) answers(wrong Invalid, words *i18n.Words) (Answers, error) {
	s.complain(wrong)
	if len(wrong) > 0 {
		return nil, wrong.in(words)
	}
	answers := make(Answers, 0, len(s.texts))
	for i, field := range s.form.flat {
		if s.texts[i] != "" {
			answers = append(answers, Answer{field.Name, s.texts[i], field.Type})
		}
	}
	return answers, nil
}

// complain adds to wrong what is required and missing.
func (s *sheet) complain(wrong Invalid) {
	for i, field := range s.form.flat {
		_, known := wrong[field.Name]
		if known || s.off[i] || s.texts[i] != "" && s.texts[i] != unticked {
			continue
		}
		if field.Required || field.RequiredWhen != nil && field.RequiredWhen.holds(s) {
			wrong[field.Name] = field.missing()
		}
	}
}

// missing is the problem of a required answer that is not there.
func (f *Field) missing() Problem {
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
	text, problem := clean(given[0], f.Type.lines())
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
	case MRZ:
		return f.zone(text)
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
