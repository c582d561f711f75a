package migrations

// UpWithTries is Up with so many tries.
var UpWithTries = upWithTries
