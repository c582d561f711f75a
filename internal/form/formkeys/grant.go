package formkeys

import "slices"

func decisionsObject() Object {
	return Object{
		Name: "decisions", What: `"decisions"`, Around: "decisions: %s",
		Keys: []Key{
			{Name: "approve", Value: In("approve"), Required: true, Means: "what an approval is asked", Example: "{approve: {asks: [amount]}}"},
		},
	}
}

func approveObject() Object {
	return Object{
		Name: "approve", What: `"approve"`, Around: "decisions: {approve: %s}",
		Keys: []Key{
			{Name: "asks", Value: NamesOrList("list of fields of the form", "asked_field"), Required: true, Means: "what is asked: a field of the form by its name, which proposes what the customer answered, or a field of the approval. 20 at most", Example: "{asks: [topic, {name: amount_granted, label: Amount granted, type: number, proposes: amount}]}"},
		},
	}
}

// askedObject has the keys of a field but for those that are of customers' answers alone.
func askedObject() Object {
	o := Object{Name: "asked_field", What: "an asked field", Around: "decisions:\n  approve:\n    asks:\n      - %s"}
	for _, key := range fieldObject().Keys {
		if !slices.Contains([]string{"search", "identity", "capture", "example", "block", "faces", "qr", "citizen_number", "accept", "many", "computed", "row_label", "unique", "fields", "options_from", "from", "agreed_version"}, key.Name) {
			o.Keys = append(o.Keys, key)
		}
	}
	o.Keys = append(o.Keys, Key{
		Name: "proposes", Value: Text(), Means: "the field of the form whose answer is proposed", Default: "nothing is proposed",
		Example: "{name: amount_granted, label: Amount granted, type: number, proposes: amount}",
	})
	return o
}

// isField reports whether the type of a field says which of the keys it takes.
func (o Object) isField() bool {
	return slices.ContainsFunc(o.Keys, func(k Key) bool { return k.Name == "min_length" })
}
