package pages

import (
	"path/filepath"

	"docket/internal/devform"
	"docket/views"
)

// formFile is the form file of docket dev; empty on every other docket.
func (p *Pages) formFile() views.FormFile {
	if p.FormFile == nil {
		return views.FormFile{}
	}
	state, _ := p.FormFile.State()
	return views.FormFile{Name: filepath.Base(p.FormFile.Path()), Events: devform.Path, State: state.ID, Mistakes: state.Mistakes}
}
