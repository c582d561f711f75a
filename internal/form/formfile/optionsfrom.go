package formfile

import (
	"errors"
	"io/fs"
	"path/filepath"
	"strings"

	"docket/internal/form/optionlist"
)

// readOptionsFrom reads which file has the options of a choice, and that file; nil when the folder of the form file is not known.
func (r *reader) readOptionsFrom(m mapping) (string, *optionlist.List) {
	name := r.readText(m, "options_from")
	if name == "" {
		return "", nil
	}
	at := m.entries["options_from"]
	if _, twice := m.entries["options"]; twice {
		r.addMistake(at.key, `"options" and "options_from" exclude each other; delete one of the two`)
	}
	if !filepath.IsLocal(name) || !strings.HasSuffix(name, ".csv") {
		r.addMistake(at.value, "%q must be the name of a CSV file in the folder of the form or below it, such as orders.csv", name)
		return "", nil
	}
	if r.folder == "" {
		return name, nil
	}
	read, known := r.lists[name]
	if !known {
		list, err := optionlist.Read(r.folder, name)
		read = readList{list, err}
		r.lists[name] = read
	}
	if read.err != nil {
		r.addMistake(at.value, "%s: %s", name, fileFault(read.err))
	}
	return name, read.list
}

// readList is a file of options as it was read for the first language.
type readList struct {
	list *optionlist.List
	err  error
}

// fileFault is why a file beside the form cannot be used, in words.
func fileFault(err error) string {
	if errors.Is(err, fs.ErrNotExist) {
		return "there is no such file; put it beside the form file"
	}
	return err.Error()
}
