//go:build tools

// Package tools requires what a client that oapi-codegen writes imports: a test compiles one.
package tools

import _ "github.com/oapi-codegen/runtime"
