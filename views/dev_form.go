package views

// FormFile is the form file of docket dev as it was saved last.
type FormFile struct {
	Name     string
	Events   string   // where a page learns that it was saved
	State    string   // another one after each save; empty: no file is watched
	Mistakes []string // what is wrong in it, with line and column; the form before is in use then
}
