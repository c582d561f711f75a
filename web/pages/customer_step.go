package pages

import (
	"errors"
	"net/http"
	"slices"

	"docket/internal/form"
	"docket/internal/form/formstep"
	"docket/views"
	"docket/web/intake"
)

// divideForm divides a view into the steps of its form and shows the one with a key or, when there is none with it, the one at which its
// user goes on. The last step says what is wrong with the others.
func (p *Pages) divideForm(r *http.Request, view *views.FormView, key string) {
	view.Steps = formstep.List(p.formFor(r), view.Values, view.Asked, p.Now())
	if view.Steps == nil {
		return
	}
	wrong := p.wrongAnswers(r, view.Values)
	at, found := formstep.Find(view.Steps, key)
	if view.Step = at; !found {
		view.Step, view.Resumed = nextStep(*view, wrong), true
	}
	if then := r.URL.Query().Get("then"); then == formstep.Check {
		view.Then = then
	}
	if view.Steps[view.Step].Key == formstep.Check && view.Invalid == nil {
		view.Invalid = map[string]string{}
		for name, message := range wrong {
			if !view.Steps[view.Step].Asks(name) { // what this step asks is yet to be answered
				view.Invalid[name] = message
			}
		}
	}
}

// divideSent is divideForm for a form that was sent: it shows the step that was.
func (p *Pages) divideSent(r *http.Request, view *views.FormView, sent intake.FormInput) {
	if sent.Step != "" {
		p.divideForm(r, view, sent.Step)
		view.Then = sent.Text(intake.StepThen)
	}
}

// wrongAnswers is what is wrong with answers, as the form says it.
func (p *Pages) wrongAnswers(r *http.Request, values form.Input) map[string]string {
	_, err := p.formFor(r).Check(values, p.Now())
	wrong, _ := errors.AsType[form.Invalid](err)
	return fieldMessages(wrong)
}

// nextStep is the step at which the user of a form goes on that was left: the first with something wrong or without any answer.
func nextStep(view views.FormView, wrong map[string]string) int {
	if !view.FromDraft {
		return 0
	}
	at := slices.IndexFunc(view.Steps, func(s formstep.Step) bool { return isWrong(s, wrong) || !isAnswered(s, view.Values) })
	if last := len(view.Steps) - 1; at < 0 && view.Previous == nil {
		return last
	}
	return max(at, 0)
}

// isWrong reports whether any answer of a step is wrong.
func isWrong(s formstep.Step, wrong map[string]string) bool {
	for name := range wrong {
		if s.Asks(name) {
			return true
		}
	}
	return false
}

// isAnswered reports whether a step has any answer, or asks for none.
func isAnswered(s formstep.Step, values form.Input) bool {
	for name := range s.Inputs {
		if values.Text(name) != "" {
			return true
		}
	}
	return len(s.Inputs) == 0
}

// leaveStep leads from a step whose draft is saved to the one before or, when nothing is wrong with its answers, to the next.
func (p *Pages) leaveStep(w http.ResponseWriter, r *http.Request, sent intake.FormInput) error {
	if err := p.Intake.Resubmit(r.Context(), &sent); err != nil {
		return err
	}
	view, err := p.formView(r, sent)
	if err != nil {
		return err
	}
	if view.Steps == nil { // with these answers one section is left
		http.Redirect(w, r, p.link(r).Form(), http.StatusSeeOther)
		return nil
	}
	to := max(view.Step-1, 0)
	if sent.Text(intake.StepGo) != intake.StepBack {
		wrong := p.wrongAnswers(r, view.Values)
		p.dropComing(wrong, sent)
		if isWrong(view.Steps[view.Step], wrong) {
			return p.showWrongStep(w, r, view, wrong)
		}
		to = stepAfter(view, wrong)
	}
	http.Redirect(w, r, p.link(r).Step(view.Steps[to].Key, ""), http.StatusSeeOther)
	return nil
}

// dropComing takes out of what is wrong that uploads are missing which are under way. The last step says so again if they do not arrive.
func (p *Pages) dropComing(wrong map[string]string, sent intake.FormInput) {
	for _, name := range sent.Values(intake.StepComing) {
		if field, _ := p.Form.Field(name); field.Type.Upload() && sent.Text(name) == "" {
			delete(wrong, name)
		}
	}
}

// stepAfter is the step that follows the one of a view: the next or, for who came from the last one to change something, that one or the
// first with something wrong before it.
func stepAfter(view views.FormView, wrong map[string]string) int {
	last := len(view.Steps) - 1
	if view.Then != formstep.Check {
		return min(view.Step+1, last)
	}
	if at := slices.IndexFunc(view.Steps[:last], func(s formstep.Step) bool { return isWrong(s, wrong) }); at >= 0 {
		return at
	}
	return last
}

// showWrongStep shows a step again with what is wrong with its answers.
func (p *Pages) showWrongStep(w http.ResponseWriter, r *http.Request, view views.FormView, wrong map[string]string) error {
	for name, message := range wrong {
		if view.Asks(name) {
			view.Invalid[name] = message
		}
	}
	return p.showForm(w, r, http.StatusUnprocessableEntity, view)
}

// formAddress is where the form is shown after a part of it was sent: at the step that was.
func (p *Pages) formAddress(r *http.Request, sent intake.FormInput) string {
	if sent.Step == "" {
		return p.link(r).Form()
	}
	return p.link(r).Step(sent.Step, sent.Text(intake.StepThen))
}
