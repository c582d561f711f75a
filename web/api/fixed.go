package api

import (
	"encoding/json"
	"maps"
	"slices"

	"docket/internal/account"
	"docket/internal/form"
	"docket/internal/strictjson"
	"docket/internal/submissionlink"
)

const otherThanFixed = "The key is made for another answer; leave it out."

// addFixed adds the answers that a key fixes to those that were sent, and notes every other one as wrong. added has the names of those that
// were not sent.
func (b *requestBody) addFixed(by account.Key, members []strictjson.Member) (all []strictjson.Member, added []string) {
	all = members
	for _, name := range slices.Sorted(maps.Keys(by.Fixed)) {
		text, err := json.Marshal(by.Fixed[name])
		at := slices.IndexFunc(members, func(m strictjson.Member) bool { return m.Name == name })
		var sent string
		switch {
		case err != nil:
		case at < 0:
			all, added = append(all, strictjson.Member{Name: name, Value: text}), append(added, name)
		case json.Unmarshal(members[at].Value, &sent) != nil || sent != by.Fixed[name]:
			b.addProblem(name, form.CodeNotAnOption, otherThanFixed)
		}
	}
	return all, added
}

// dropNotAsked takes out the answers of a key that were added, and that are not asked with the others or not at all. False: there is none.
func dropNotAsked(members []strictjson.Member, added []string, wrong form.Invalid) ([]strictjson.Member, bool) {
	count := len(members)
	members = slices.DeleteFunc(slices.Clone(members), func(m strictjson.Member) bool {
		return slices.Contains(added, m.Name) && slices.Contains([]string{form.CodeNotApplicable, form.CodeUnknownField}, wrong[m.Name].Code)
	})
	return members, len(members) < count
}

// fixLink locks the answers of a key in a link that it makes, as far as the form asks them, and notes every other one as wrong.
func (a *API) fixLink(b *requestBody, by account.Key, settings *submissionlink.Settings) {
	for _, name := range slices.Sorted(maps.Keys(by.Fixed)) {
		if _, asked := a.Form.Field(name); !asked {
			continue
		}
		if settings.Prefill.Has(name) && settings.Prefill.Text(name) != by.Fixed[name] {
			b.addProblem(name, form.CodeNotAnOption, otherThanFixed)
			continue
		}
		settings.Prefill.Set(name, by.Fixed[name])
		if !slices.Contains(settings.Locked, name) {
			settings.Locked = append(settings.Locked, name)
		}
	}
}
