package views

import (
	"cmp"
	"strconv"
)

func (p Problem) code() string { return strconv.Itoa(p.Status) }

func (p Problem) back() string { return cmp.Or(p.Back, HomePath) }

func (p Problem) backWords(site Site) string {
	if p.Back != "" {
		return site.T("problem.back")
	}
	return site.T("problem.home")
}
