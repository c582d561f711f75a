package app

import (
	"context"

	"docket/internal/form/formdiff"
	"docket/internal/i18n"
)

// warnOfChanges logs what the form breaks for programs, when it takes the place of another for the first time.
func (i *Instance) warnOfChanges(ctx context.Context) {
	if since, err := i.Forms.Since(ctx, i.Web.Form.Version); err != nil || !since.IsZero() {
		return // It is in use already, or archiveForm reports that the primary is away.
	}
	before, _, err := i.Forms.Before(ctx, i.Web.Form.Version)
	if err != nil || before == nil {
		return
	}
	var breaking []string
	for _, change := range formdiff.Compare(before, i.Web.Form) {
		if change.Breaking {
			breaking = append(breaking, change.Words(i18n.Of(i18n.Source)))
		}
	}
	if len(breaking) > 0 {
		i.log.Warn("this form refuses what programs could send to the form before it; see /admin/form, or docket form diff OLD NEW", "changes", breaking)
	}
}
