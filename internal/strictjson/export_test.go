package strictjson

// Check returns nil when b is one JSON value that every reader understands alike, else an *Error.
func Check(b []byte) error {
	_, err := parse(b)
	return err
}
