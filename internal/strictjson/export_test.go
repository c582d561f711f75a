package strictjson

// Check is nil when b is one JSON value that everybody reads alike, else an *Error.
func Check(b []byte) error {
	_, err := read(b)
	return err
}
