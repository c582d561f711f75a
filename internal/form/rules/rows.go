package rules

import (
	"slices"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"docket/internal/form"
)

// rowTypePrefix begins the names of the types that the rows of groups have in CEL.
const rowTypePrefix = "docket.row."

func rowType(group string) string { return rowTypePrefix + group }

// rowTypes tells CEL which fields the rows of groups have.
type rowTypes struct {
	types.Provider
	groups map[string]form.Field // by the name of their type
}

func newRowTypes(f *form.Form) (rowTypes, error) {
	known, err := types.NewRegistry()
	rows := rowTypes{known, map[string]form.Field{}}
	for field := range f.Seen() {
		if field.Rows != nil {
			rows.groups[rowType(field.Name)] = field
		}
	}
	return rows, err
}

// FindStructType implements types.Provider.
func (r rowTypes) FindStructType(name string) (*types.Type, bool) {
	if _, ok := r.groups[name]; ok {
		return types.NewTypeTypeWithParam(cel.ObjectType(name)), true
	}
	return r.Provider.FindStructType(name)
}

// FindStructFieldNames implements types.Provider.
func (r rowTypes) FindStructFieldNames(name string) ([]string, bool) {
	if group, ok := r.groups[name]; ok {
		return group.Rows.Form.Names(), true
	}
	return r.Provider.FindStructFieldNames(name)
}

// FindStructFieldType implements types.Provider.
func (r rowTypes) FindStructFieldType(name, fieldName string) (*types.FieldType, bool) {
	group, ok := r.groups[name]
	if !ok {
		return r.Provider.FindStructFieldType(name, fieldName)
	}
	field, ok := group.Rows.Form.Field(fieldName)
	if !ok || !field.HasOwnValue() {
		return nil, false
	}
	return &types.FieldType{
		Type: variableType(field),
		IsSet: func(row any) bool {
			answers, _ := row.(map[string]any)
			return isAnswer(answers[fieldName])
		},
		GetFrom: func(row any) (any, error) {
			answers, _ := row.(map[string]any)
			return celValue(answers[fieldName]), nil
		},
	}, true
}

// isAnswer reports whether a value is that of a field that was answered, for has().
func isAnswer(value any) bool {
	several, list := value.([]string)
	return value != nil && value != "" && value != false && (!list || len(several) > 0)
}

// NewValue implements types.Provider: an expression makes no rows.
func (r rowTypes) NewValue(name string, fields map[string]ref.Val) ref.Val {
	if strings.HasPrefix(name, rowTypePrefix) {
		return types.NewErr("a row cannot be made")
	}
	return r.Provider.NewValue(name, fields)
}

// lacksAnswer reports whether a value is rows of which one has no answer to a number or a date, or a list that lacks a day or a count.
func lacksAnswer(value any) bool {
	if facts, list := value.([]any); list {
		return slices.Contains(facts, nil)
	}
	rows, _ := value.([]map[string]any)
	for _, row := range rows {
		for _, answer := range row {
			if answer == nil {
				return true
			}
		}
	}
	return false
}
