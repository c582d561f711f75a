package store

// QueryQueue is what Queue reads with.
var QueryQueue = queryQueue
