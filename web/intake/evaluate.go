package intake

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"docket/internal/evidence"
	"docket/internal/files"
	"docket/internal/form"
	"docket/internal/ticket"
	"docket/web/request"
)

// evaluate runs the rules of the form on a submission with these files. Their verdicts go with the submission.
func (in *Intake) evaluate(ctx context.Context, sub *ticket.Submission, answers form.Answers, pictures map[uuid.UUID]files.File) {
	if len(in.Form.Rules) == 0 {
		return
	}
	facts := form.Facts{Answers: answers, Now: in.Now(), Signals: signalsOf(pictures)}
	if len(pictures) > 0 {
		facts.Readings = readingsOf(pictures, in.Form.FilePlaces(sub.Extra))
	}
	if sub.CountSamePerson = in.Form.NeedsFacts(form.DuplicateFacts); !sub.CountSamePerson && !in.Form.NeedsFacts(form.HistoryFacts) {
		sub.Evaluation = in.applyRules(ctx, facts, sub.Language)
		return
	}
	sub.Windows = in.Form.HistoryWindows()
	sub.Evaluate = func(others ticket.Others) ticket.Evaluation {
		facts.History, facts.SamePerson = form.NewHistory(others.Counts), others.SamePerson
		facts.Windows = others.Windows
		return in.applyRules(ctx, facts, sub.Language)
	}
}

// applyRules is what the rules make of the facts, in the words of a language. A rule that fails decides nothing, and is
// logged without any answer.
func (in *Intake) applyRules(ctx context.Context, facts form.Facts, language string) (result ticket.Evaluation) {
	verdicts := in.Form.Evaluate(ctx, facts)
	for _, v := range verdicts {
		switch v.Outcome {
		case form.Nothing:
			continue
		case form.Failed:
			in.Metrics.CountRuleFailure(v.Rule.Name)
			in.Log.Error("a rule failed", "rule", v.Rule.Name, "hash", v.Rule.Hash, "error", v.Err, "request_id", request.RecordOf(ctx).ID)
		}
		result.Verdicts = append(result.Verdicts, v.Record())
	}
	result.Decision = in.Form.In(language).Decide(verdicts)
	if result.Decision.Status == ticket.Approved {
		grant, complete := in.grantByRule(facts)
		if result.Decision.Grant = grant; !complete || len(in.Form.StepsOf(facts.Answers, facts.Now)) > 0 { // people type, and people approve in steps
			result.Decision = ticket.Decision{}
		}
	}
	result.Decision.Second = in.Form.FirstByProgram && in.Form.Second.Holds(in.Form.ValuesOf(facts.Answers, facts.Now))
	return result
}

// signalsOf are what was measured of the pictures that a submission names.
func signalsOf(found map[uuid.UUID]files.File) map[string]form.Signals {
	measured := map[string]form.Signals{}
	for _, file := range found {
		if !file.Picture() {
			continue
		}
		s := file.Signals
		measured[file.Field] = form.Signals{
			Width: s.Width, Height: s.Height, Blur: s.Blur, Brightness: s.Brightness, Glare: s.Glare, Grey: s.Greyscale(),
		}
	}
	return measured
}

// readingsOf are what was read of the pictures that a submission names, by the field at which it names each, in rows such as
// "owners.1.photo". places has these fields by the id of the file.
func readingsOf(found map[uuid.UUID]files.File, places map[string]string) map[string]evidence.Reading {
	read := map[string]evidence.Reading{}
	for id, file := range found {
		if name, named := places[id.String()]; named && !file.Reading.Empty() && form.InAnyRow(name) == file.Field {
			read[name] = file.Reading
		}
	}
	return read
}

// warningsOf are what is wrong with the pictures that a submission names.
func warningsOf(found map[uuid.UUID]files.File) (warnings []string) {
	for _, file := range found {
		if !file.Picture() {
			continue
		}
		for _, warning := range file.Signals.Warnings() {
			if !slices.Contains(warnings, string(warning)) {
				warnings = append(warnings, string(warning))
			}
		}
	}
	return warnings
}
