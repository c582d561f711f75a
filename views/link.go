package views

// LinkCodeView is the page that asks another browser for the code of a submission link.
type LinkCodeView struct {
	Code    string // that the address has
	Problem string // what was wrong with the code that was typed
	Full    bool   // no other browser is let in
}

// LinkPhoneView is the page that shows how to go on with a phone.
type LinkPhoneView struct {
	QR      QR
	Code    string
	Address string // of the link, to be typed
	Before  int    // how many files were there when the page was opened
	There   int    // how many are there now
	Full    bool   // no other browser is let in
}

// askForLinkText says whom to ask for another submission link.
func askForLinkText(site Site) string {
	if site.Link.BackHost == "" {
		return site.T("link.ask")
	}
	return site.T("link.ask_host", "Host", site.Link.BackHost)
}

// asksForFiles reports whether a form asks for any file.
func asksForFiles(site Site, view FormView) bool {
	for _, name := range site.Form.Uploads() {
		if field, _ := site.Form.Field(name); view.asksField(field) {
			return true
		}
	}
	return false
}
