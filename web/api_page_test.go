package web_test

import (
	"strings"
	"testing"
)

// The page shows every call, member and code of the document, and needs no account and no other host.
func TestAPIPage_Everything(t *testing.T) {
	t.Parallel()
	s := start(t)
	doc := describe(t, s)
	page := visitor(t, s.URL).get("/api").want(t, 200)
	for path, item := range doc.root["paths"].(object) {
		for method, operation := range item.(object) {
			for _, text := range []string{strings.ToUpper(method) + " " + path, `id="` + operation.(object)["operationId"].(string) + `"`} {
				page.want(t, 200, text)
			}
		}
	}
	schemas := doc.root["components"].(object)["schemas"].(object)
	for name := range schemas {
		page.want(t, 200, `id="schema-`+name+`"`)
	}
	for _, code := range schemas["ProblemCode"].(object)["enum"].([]any) {
		page.want(t, 200, "<code>"+code.(string)+"</code>")
	}
	page.lacks(t, `src="http`)
	page.lacks(t, `href="http`)
}
