package api

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"docket/web/problem"
)

// describePaths describes every call, and adds the responses that calls share.
func describePaths(shared openapi3.ResponseBodies) *openapi3.Paths {
	paths := openapi3.NewPaths()
	for _, c := range allCalls() {
		item := paths.Value(c.path)
		if item == nil {
			item = &openapi3.PathItem{}
			paths.Set(c.path, item)
		}
		item.SetOperation(c.method, c.describe(shared))
	}
	return paths
}

func (c call) describe(shared openapi3.ResponseBodies) *openapi3.Operation {
	operation := &openapi3.Operation{
		OperationID: c.id, Summary: c.summary, Description: c.about, Responses: c.describeResponses(shared), RequestBody: c.describeBody(),
		Security: &openapi3.SecurityRequirements{},
	}
	if c.scope != "" {
		operation.Security.With(openapi3.NewSecurityRequirement().Authenticate("key", string(c.scope)))
		operation.Description += "\n\nScope: `" + string(c.scope) + "`."
	}
	for _, name := range c.parameters {
		operation.Parameters = append(operation.Parameters, &openapi3.ParameterRef{Ref: "#/components/parameters/" + name})
	}
	return operation
}

// describeBody describes the body of a call; nil when it has none.
func (c call) describeBody() *openapi3.RequestBodyRef {
	switch {
	case c.body != "":
		return &openapi3.RequestBodyRef{Value: openapi3.NewRequestBody().WithRequired(true).
			WithContent(openapi3.NewContentWithSchemaRef(schemaRef(c.body), []string{"application/json"}))}
	case c.uploads != nil:
		return &openapi3.RequestBodyRef{Value: openapi3.NewRequestBody().WithRequired(true).WithContent(fileContent(c.uploads))}
	}
	return nil
}

// fileContent is the bytes of a file of one of these media types.
func fileContent(types []string) openapi3.Content {
	return openapi3.NewContentWithSchema(openapi3.NewStringSchema().WithFormat("binary"), types)
}

func (c call) describeResponses(shared openapi3.ResponseBodies) *openapi3.Responses {
	content := fileContent(storedTypes)
	if c.answer != "" {
		content = openapi3.NewContentWithSchemaRef(schemaRef(c.answer), []string{"application/json"})
	}
	if c.status == http.StatusNoContent {
		content = nil
	}
	responses := openapi3.NewResponsesWithCapacity(8)
	responses.Set(strconv.Itoa(c.status), newResponse(http.StatusText(c.status), content, c.headers...))
	if c.conditional {
		responses.Set("304", newResponse("You have the newest answer: `If-None-Match` named its `ETag`.", nil, c.headers...))
	}
	for status, codes := range statusesOf(c.allCodes()) {
		responses.Set(strconv.Itoa(status), c.shareProblem(shared, status, codes))
	}
	return responses
}

// shareProblem is a reference to the response of these errors, which is written once.
func (c call) shareProblem(shared openapi3.ResponseBodies, status int, codes []problem.Code) *openapi3.ResponseRef {
	var names, lines []string
	for _, known := range problem.Codes {
		if slices.Contains(codes, known.Code) {
			names = append(names, string(known.Code))
			lines = append(lines, "`"+string(known.Code)+"`: "+known.When)
		}
	}
	headers := problemHeaders(status)
	if slices.Contains(c.headers, "X-Consistency") && status == http.StatusNotFound {
		headers = append(headers, "X-Consistency")
	}
	schema := "Problem"
	if status == http.StatusConflict {
		schema = "ProblemWith" + c.ticket
	}
	name := strings.Join(names, "-or-")
	response := newResponse(strings.Join(lines, "\n\n"), openapi3.NewContentWithSchemaRef(schemaRef(schema), []string{"application/problem+json"}), headers...)
	response.Value.Extensions = map[string]any{codesExtension: names}
	shared[name] = response
	return &openapi3.ResponseRef{Ref: "#/components/responses/" + name}
}

func newResponse(about string, content openapi3.Content, headers ...string) *openapi3.ResponseRef {
	response := openapi3.NewResponse().WithDescription(about).WithContent(content)
	response.Headers = openapi3.Headers{}
	for _, name := range append(commonHeaders(), headers...) {
		response.Headers[name] = &openapi3.HeaderRef{Ref: "#/components/headers/" + name}
	}
	return &openapi3.ResponseRef{Value: response}
}
