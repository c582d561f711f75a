package formkeys

// Bounds are samples of what may be written, and of what may not, at the bounds of numbers and of a few words; none of other values.
func (v Value) Bounds() (good, bad []any) { return v.good, v.bad }
