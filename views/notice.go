package views

// NothingToTakeText is what an agent reads who takes the next ticket when there is none.
func NothingToTakeText(site Site) string { return site.T("queue.none_to_take") }
