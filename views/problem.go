package views

import "cmp"

func (p Problem) backPath() string { return cmp.Or(p.Back, HomePath) }

func (p Problem) backText(site Site) string {
	if p.Back != "" {
		return site.T("problem.back")
	}
	return site.T("problem.home")
}
