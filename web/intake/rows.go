package intake

import (
	"slices"
	"strconv"
	"strings"

	"docket/internal/form"
)

// ChangeRows adds a row to a group of what was sent, or removes one with all that is in it. It returns the group, and the row that was
// added. False: nothing of the kind was asked for.
func (in *Intake) ChangeRows(sent *FormInput) (group form.Field, added string, changed bool) {
	if name := sent.Text(form.AddRow); name != "" {
		if group, _ = in.Form.Field(name); group.Rows == nil {
			return group, "", false
		}
		if slot, free := freeSlot(group, sent.Input); free {
			listRows(sent, group)
			sent.Add(name, strconv.Itoa(slot))
			added = form.RowName(name, slot)
		}
		return group, added, true
	}
	name, slot, _ := strings.Cut(sent.Text(form.RemoveRow), ".")
	if group, _ = in.Form.Field(name); group.Rows == nil {
		return group, "", false
	}
	listRows(sent, group)
	sent.Input[name] = slices.DeleteFunc(sent.Values(name), func(text string) bool { return text == slot })
	if !sent.Has(name) {
		sent.Set(name, "") // no rows, which is not the same as never answered
	}
	for _, inside := range group.Rows.Form.Names() {
		sent.Set(name+"."+slot+"."+inside, "")
	}
	return group, "", true
}

// freeSlot is the slot of the next row of a group; false when it has as many as it may.
func freeSlot(group form.Field, given form.Input) (int, bool) {
	taken := group.Slots(given)
	next := 0
	for _, slot := range taken {
		next = max(next, slot+1)
	}
	for next >= group.Many || slices.Contains(taken, next) {
		if len(taken) >= group.Many {
			return 0, false
		}
		next = (next + 1) % group.Many
	}
	return next, true
}

// listRows lists the rows of a group that are given.
func listRows(sent *FormInput, group form.Field) {
	slots := group.Slots(sent.Input)
	sent.Input[group.Name] = make([]string, len(slots))
	for i, slot := range slots {
		sent.Input[group.Name][i] = strconv.Itoa(slot)
	}
}
