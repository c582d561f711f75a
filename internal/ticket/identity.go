package ticket

// Identity is what one or several answers of a submission say of who a person is, as a keyed hash.
type Identity struct {
	Name string // of the identity in the form
	Hash []byte
}
