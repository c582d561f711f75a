package migrations

// UpIn is Up with so many tries.
var UpIn = up
