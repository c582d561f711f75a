package formfile

import (
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"docket/internal/form/theme"
)

// readTheme reads how the form looks.
func (r *reader) readTheme(m mapping) theme.Theme {
	at, given := m.entries["theme"]
	if !given {
		return theme.Theme{}
	}
	t, ok := r.readObject(at.value, "theme")
	if !ok {
		return theme.Theme{}
	}
	read := theme.Theme{Name: r.readText(t, "name"), Support: r.readText(t, "support")}
	if accent := r.readText(t, "accent"); accent != "" {
		style, err := theme.NewStyle(accent)
		if err != nil {
			r.addMistake(t.entries["accent"].value, `"accent" %s, not %q`, err, accent)
		}
		read.Style = style
	}
	if read.Support != "" && !leadsToSupport(read.Support) {
		r.addMistake(t.entries["support"].value, `"support" must be an address such as mailto:help@shop.example or https://shop.example/help, not %q`, read.Support)
	}
	read.Logo = r.readLogo(t)
	return read
}

func leadsToSupport(text string) bool {
	u, err := url.Parse(text)
	return err == nil && !strings.ContainsAny(text, " \"'<>`") &&
		(u.Scheme == "https" && u.Hostname() != "" && u.User == nil || u.Scheme == "mailto" && strings.Contains(u.Opaque, "@"))
}

// readLogo reads the logo, when the folder of the form file is known.
func (r *reader) readLogo(t mapping) *theme.Asset {
	name := r.readText(t, "logo")
	if name == "" {
		return nil
	}
	at := t.entries["logo"].value
	if !filepath.IsLocal(name) || !slices.Contains([]string{".svg", ".png"}, strings.ToLower(filepath.Ext(name))) {
		r.addMistake(at, "%q must be the name of an SVG or PNG file in the folder of the form or below it, such as logo.svg", name)
		return nil
	}
	if r.folder == "" {
		return nil
	}
	logo, err := theme.ReadLogo(r.folder, name)
	if err != nil {
		r.addMistake(at, "%s: %s", name, fileFault(err))
	}
	return logo
}
