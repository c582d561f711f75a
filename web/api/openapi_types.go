package api

import (
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"docket/web/request"
)

// objectOf is the schema of an object that has all of these members, but for those that it may lack.
func objectOf(about string, all schemaMembers, optional ...string) *openapi3.Schema {
	schema := openapi3.NewObjectSchema()
	schema.Description = about
	for _, name := range slices.Sorted(maps.Keys(all)) {
		schema.WithPropertyRef(name, schemaOrRef(all[name]))
		if !slices.Contains(optional, name) {
			schema.Required = append(schema.Required, name)
		}
	}
	return schema
}

// closedObject is an objectOf without any further members.
func closedObject(about string, all schemaMembers, optional ...string) *openapi3.Schema {
	return objectOf(about, all, optional...).WithoutAdditionalProperties()
}

// refSchema stands for a schema that has a name.
func refSchema(name string) *openapi3.Schema {
	return &openapi3.Schema{AllOf: openapi3.SchemaRefs{schemaRef(name)}}
}

// schemaOrRef is the reference that a schema stands for, or the schema itself.
func schemaOrRef(schema *openapi3.Schema) *openapi3.SchemaRef {
	if len(schema.AllOf) == 1 && !schema.Nullable && schema.Description == "" {
		return schema.AllOf[0]
	}
	return schema.NewRef()
}

func describedAs(about string, schema *openapi3.Schema) *openapi3.Schema {
	schema.Description = about
	return schema
}

// enumOf is one of these texts.
func enumOf[T ~string](values ...T) *openapi3.Schema {
	schema := openapi3.NewStringSchema()
	for _, value := range values {
		schema.Enum = append(schema.Enum, string(value))
	}
	return schema
}

func textSchema(about string) *openapi3.Schema { return describedAs(about, openapi3.NewStringSchema()) }

func integerSchema(about string) *openapi3.Schema {
	return describedAs(about, openapi3.NewInt64Schema())
}

func userIDSchema() *openapi3.Schema {
	return textSchema("Your own id of a user, without control characters.").WithMinLength(1).WithMaxLength(request.MaxUserID)
}

func uuidSchema() *openapi3.Schema {
	return textSchema("").WithFormat("uuid").WithPattern("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
}

// actorSchema is who did something: a kind of actor and their id or name.
func actorSchema(kinds ...string) *openapi3.Schema {
	return textSchema("Who, as `kind:id`.").WithPattern("^(" + strings.Join(kinds, "|") + "):.+$")
}

func joinTexts[T ~string](values []T, separator string) string {
	texts := make([]string, len(values))
	for i, value := range values {
		texts[i] = string(value)
	}
	return strings.Join(texts, separator)
}
