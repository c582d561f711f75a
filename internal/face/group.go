package face

import (
	"image"
	"slices"
)

// groupHits makes faces of the places that overlap, the largest first, and drops those that too few places look like.
func groupHits(hits []image.Rectangle) (faces []Face) {
	for _, group := range groupAlike(hits) {
		if len(group) >= MinStrength {
			faces = append(faces, Face{meanOf(group), len(group)})
		}
	}
	slices.SortFunc(faces, func(a, b Face) int { return b.Place.Dx() - a.Place.Dx() })
	return slices.DeleteFunc(slices.Clone(faces), func(f Face) bool { return isPartOf(f, faces) })
}

// groupAlike puts places into one group that are connected by places of about the same position and size.
func groupAlike(hits []image.Rectangle) map[int][]image.Rectangle {
	parent := make([]int, len(hits))
	root := func(i int) int {
		for parent[i] != i {
			parent[i] = parent[parent[i]]
			i = parent[i]
		}
		return i
	}
	for i := range hits {
		parent[i] = i
		for j := range i {
			if isAlike(hits[i], hits[j]) {
				parent[root(i)] = root(j)
			}
		}
	}
	groups := map[int][]image.Rectangle{}
	for i, hit := range hits {
		groups[root(i)] = append(groups[root(i)], hit)
	}
	return groups
}

// isAlike reports whether no side of two places is further apart than a fifth of the smaller one.
func isAlike(a, b image.Rectangle) bool {
	apart := min(a.Dx(), b.Dx()) / 5
	for _, difference := range []int{a.Min.X - b.Min.X, a.Min.Y - b.Min.Y, a.Max.X - b.Max.X, a.Max.Y - b.Max.Y} {
		if max(difference, -difference) > apart {
			return false
		}
	}
	return true
}

func meanOf(group []image.Rectangle) image.Rectangle {
	var low, high image.Point
	for _, r := range group {
		low, high = low.Add(r.Min), high.Add(r.Max)
	}
	return image.Rectangle{low.Div(len(group)), high.Div(len(group))}
}

// isPartOf reports whether the centre of a face lies in another that is as strong or larger: noses and mouths look like small faces.
func isPartOf(f Face, faces []Face) bool {
	centre := f.Place.Min.Add(f.Place.Max).Div(2)
	return slices.ContainsFunc(faces, func(other Face) bool {
		return other != f && centre.In(other.Place) && (other.Strength > f.Strength || other.Strength == f.Strength && other.Place.Dx() > f.Place.Dx())
	})
}
