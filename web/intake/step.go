package intake

import (
	"net/http"

	"docket/internal/form"
	"docket/internal/form/formstep"
)

// What a page that shows one step of the form sends beside its answers.
const (
	StepInput = "form-step" // the key of the step
	StepGo    = "form-go"   // where to go from it: "on" or StepBack
	StepThen  = "form-then" // the key of the step to which "on" leads; empty: the next one

	StepComing = "form-coming" // the uploads of the step that are still under way: they follow by themselves

	StepBack = "back"
)

// InvalidInput is what a page sends beside its answers when it shows mistakes: the elements that say what is wrong, between spaces.
const InvalidInput = "form-invalid"

// knownStep is a key when the form is asked in steps and has one with it; else empty.
func (in *Intake) knownStep(key string) string {
	if in.Form.Layout != formstep.Steps || formstep.Inputs(in.Form, key) == nil {
		return ""
	}
	return key
}

// DropOtherSteps takes out of what a step sent all that it does not ask. The answers to other steps are in the draft.
func (in *Intake) DropOtherSteps(sent *FormInput) {
	if sent.Step == "" {
		return
	}
	own := formstep.Inputs(in.Form, sent.Step)
	for field := range in.Form.Inputs() {
		if !own[field.Name] && !sent.Taken[field.Name] {
			delete(sent.Input, field.Name)
		}
	}
}

// CompleteStep adds to what a step sent the answers to the others: those of the draft, or with which the form begins.
func (in *Intake) CompleteStep(r *http.Request, sent *FormInput) error {
	if sent.Step == "" {
		return nil
	}
	draft, err := in.Files.Draft(r.Context(), sent.Draft())
	if err != nil {
		return err
	}
	begun, err := in.begin(r, *sent)
	if err != nil {
		return err
	}
	own, rest := formstep.Inputs(in.Form, sent.Step), sent.Fill(AddMissing(draft.Answers, begun))
	for field := range in.Form.Inputs() {
		texts, there := rest[field.Name]
		if there && (!own[field.Name] || field.Type.Upload() && !sent.Has(field.Name)) {
			sent.Input[field.Name] = texts
		}
	}
	return nil
}

// begin is the answers with which a form begins: those of the rejected ticket that it follows, or the defaults.
func (in *Intake) begin(r *http.Request, sent FormInput) (form.Input, error) {
	if !sent.WholeForm && !sent.Has("mends") {
		return in.Defaults(r)
	}
	previous, found, err := in.previousTicket(r.Context(), sent.Owner, sent.Text("mends"))
	if err != nil {
		return nil, err
	}
	if !found {
		return in.Defaults(r)
	}
	return in.Form.ResubmissionInput(previous), nil
}

// AddMissing is some answers, with those of others for fields that have none; one that was cleared stays so.
func AddMissing(answers, others form.Input) form.Input {
	all := form.Input{}
	for _, from := range []form.Input{others, answers} {
		for name, texts := range from {
			if len(texts) > 0 {
				all[name] = texts
			}
		}
	}
	return all
}
