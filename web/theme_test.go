package web_test

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"docket/internal/form/formfile"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
)

func TestTheme_OnEveryPage(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	for name, text := range map[string]string{
		"logo.svg":  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 4"><circle cx="2" cy="2" r="2"/></svg>`,
		"form.yaml": "name: x\ntitle: Refunds\ntheme: {logo: logo.svg, accent: '#0a6', name: Example Shop, support: 'mailto:help@shop.example'}\nfields: [{name: a, label: A}]\n",
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	f, err := formfile.Load(filepath.Join(folder, "form.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	guest := visitor(t, testsite.Start(t, f, 1, testdb.New(t)).URL)
	page := guest.get("/login").want(t, 200, "<span>Example Shop</span>", `href="mailto:help@shop.example"`, "help@shop.example</a>")
	for pattern, want := range map[string]string{`src="(/theme/logo\.[0-9a-f]{12}\.svg)"`: "<circle", `href="(/theme/theme\.[0-9a-f]{12}\.css)"`: "--accent: #"} {
		found := regexp.MustCompile(pattern).FindStringSubmatch(page.body)
		if found == nil {
			t.Fatalf("the page has no %s", pattern)
		}
		file := guest.get(found[1]).want(t, 200, want)
		for name, value := range map[string]string{
			"Content-Security-Policy": "default-src 'none'; sandbox", "Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff",
		} {
			if got := file.header.Get(name); got != value {
				t.Errorf("%s: %s is %q, want %q", found[1], name, got, value)
			}
		}
	}
	guest.get("/theme/logo.svg").want(t, 404)
}
