package views

import (
	"net/url"
	"time"

	"docket/internal/form/optionlist"
	"docket/internal/i18n"
)

// FormPreview is the form as customers see it in one language.
type FormPreview struct {
	Shown     Site // with the form and the words of that language
	Languages []*i18n.Words
	Options   []optionlist.State // how the files of options stand
	Since     time.Time          // when this text of the form was first used; zero: not known
	Changes   FormChanges        // since the form before
}

// FormPreviewPath is the form as customers see it in a language; empty: in its first.
func FormPreviewPath(language string) string {
	if language == "" {
		return AdminPath + "/form"
	}
	return withQuery(AdminPath+"/form", url.Values{"language": {language}})
}
