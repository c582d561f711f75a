package formkeys

import (
	"docket/internal/form"
	"docket/internal/form/address"
)

func fieldObject() Object {
	return Object{
		Name: "field", What: "a field", Around: "sections:\n  - fields:\n      - %s",
		Keys: []Key{
			{Name: "name", Value: Text(), Required: true, Means: "the key in JSON: lower-case letters, digits and `_`; never changes its meaning", Example: "{name: full_name, label: Full name}"},
			{Name: "label", Value: Texts(), Required: true, Means: "the question", Example: "{name: full_name, label: What is your name?}"},
			{Name: "help", Value: Texts(), Means: "a line under the question", Example: "{name: full_name, label: Full name, help: As in your passport.}"},
			{Name: "type", Value: Word(typeNames(form.Types())...), Means: "the kind of answer, see [above](#types-of-field)", Default: "`text`", Example: "{name: email, label: E-mail address, type: email}"},
			{Name: "required", Value: Flag(), Means: "must be answered", Default: "`false`", Example: "{name: full_name, label: Full name, required: true}"},
			{Name: "when", Value: Condition(), Means: "asked only when it holds, see [above](#conditions)", Default: "always asked", Example: "{name: order_number, label: Order number, when: topic == 'order'}"},
			{Name: "required_when", Value: Condition(), Means: "always asked, required only when it holds", Example: "{name: order_number, label: Order number, required_when: topic == 'order'}"},
			{Name: "when_help", Value: Texts(), Means: "says in your words when it is asked or required; needed when docket cannot say it itself", Example: "{name: note, label: Note, when: size(extras) > 1, when_help: Only for several extras.}"},
			{Name: "missing", Value: Texts(), Means: "the message when an answer is missing", Default: "docket's own", Example: "{name: full_name, label: Full name, required: true, missing: Enter your name}"},
			{Name: "min_length", Value: Count(0, MaxLength), Means: "in characters", Default: "0", Example: "{name: full_name, label: Full name, min_length: 2}"},
			{Name: "max_length", Value: Count(1, MaxLength), Means: "in characters", Default: "200; of several lines 2000", Example: "{name: full_name, label: Full name, max_length: 100}"},
			{Name: "min", Value: Text(), Means: "the lowest answer: a number, or a date such as `2020-01-31`, `today`, `today-18y`, `today-3m`, `today+30d`; of `money` an amount such as `500.00`, of `time` a time in quotes, of `datetime` a date, of `multi_choice` how many at least; of `group` how many rows, which makes it required", Example: "{name: born_on, label: Date of birth, type: date, min: today-120y}"},
			{Name: "max", Value: Text(), Means: "the highest answer, as `min`", Example: "{name: price, label: Price, type: number, max: 1000}"},
			{Name: "decimals", Value: Count(0, MaxDecimals), Means: "digits after the point", Default: "0: whole numbers", Example: "{name: price, label: Price, type: number, decimals: 2}"},
			{Name: "partial", Value: Flag(), Means: "the month or the year alone is an answer, too: `1985-03`, `1985`, as documents have it where no more is known", Default: "`false`", Example: "{name: born_on, label: Date of birth, type: date, partial: true}"},
			{Name: "computed", Value: Condition(), Means: "a number that is computed of other answers, in the language of conditions, with `sum(items.amount)` over the rows of a group; shown and kept, and refused when it is sent", Example: "{name: twice, label: Twice, type: number, computed: amount * 2.0}"},
			{Name: "currency", Value: Codes(), Means: "a code of ISO 4217, or a list of them to choose from", Example: "{name: price, label: Price, type: money, currency: [VND, USD]}"},
			{Name: "required_parts", Value: Words(address.Names()...), Means: "the parts that an address must have, once it has any", Default: "`[line1, city, country]`", Example: "{name: home, label: Where do you live?, type: address, required_parts: [line1, postal_code, city]}"},
			{Name: "pattern", Value: Text(), Means: "a regular expression for the whole answer; one that matches it with the digits, hyphens and spaces of ASCII alone is kept with those", Example: `{name: code, label: Code, pattern: "[A-Z]{2}-[0-9]{6}"}`},
			{Name: "pattern_hint", Value: Texts(), Means: "the message when the answer does not match", Default: "docket's own", Example: `{name: code, label: Code, pattern: "[0-9]+", pattern_hint: Write digits}`},
			{Name: "options", Value: List("option"), Means: "what can be chosen", Example: "{name: size, label: Size, type: choice, options: [{value: s, label: Small}, {value: l, label: Large}]}"},
			{Name: "options_from", Value: Text(), Means: "the options stand in a [file](#options-in-a-file) beside the form", Example: "{name: branch, label: Branch, type: choice, options_from: branches.csv}"},
			{Name: "likely", Value: Names("list of codes"), Means: "the countries that are offered before all others, the likeliest first", Default: "those of the languages of the browser", Example: "{name: nationality, label: Nationality, type: country, likely: [VNM, LAO]}"},
			{Name: "many", Value: Count(1, form.MaxRows), Means: "how many rows a [group](#groups) has at most; of `file` how many files, at most 10: with 2 or more the answer is a list", Default: "10; of `file` 1", Example: "{name: owners, label: Owners, type: group, many: 4, fields: [{name: full_name, label: Full name}]}"},
			{Name: "row_label", Value: Texts(), Means: "what a row of a group is called, such as `Owner` in “Owner 2”", Default: "`label`", Example: "{name: owners, label: Owners, type: group, row_label: Owner, fields: [{name: full_name, label: Full name}]}"},
			{Name: "unique", Value: Names("list of fields of a row"), Means: "to these fields no two rows of a group have the same answer", Default: "none", Example: "{name: owners, label: Owners, type: group, unique: [passport_number], fields: [{name: passport_number, label: Passport number}]}"},
			{Name: "fields", Value: List("field"), Means: "what each row of a group asks", Example: "{name: owners, label: Owners, type: group, fields: [{name: full_name, label: Full name}]}"},
			{Name: "default", Value: Text(), Means: "the answer with which a page begins; of a date also `today` or `today+7d`, of a text also `account.email`, `account.user_id` or an attribute; see [above](#answers-that-are-known)", Example: "{name: start_on, label: Start, type: date, default: today}"},
			{Name: "from", Value: Matching(`^account\.[a-z][a-z0-9_]{0,62}$`, "`account.` and a name"), Means: "the answer is known and cannot be changed on the page: `account.email`, `account.user_id` or an attribute of the account, see [above](#answers-that-are-known)", Example: "{name: email, label: E-mail address, type: email, from: account.email}"},
			{Name: "proposes", Value: Text(), Means: "another field of type `country`, whose answer a page fills in here until there is another; it says so beside it", Default: "nothing is proposed", Example: "{name: issued_in, label: Issuing country, type: country, proposes: birthplace}"},
			{Name: "agreed_version", Value: Text(), Means: "the version of what the box agrees to, see [above](#links-in-texts)", Example: "{name: agree, label: 'I accept the [terms](https://shop.example/terms).', type: checkbox, agreed_version: 2026-10}"},
			{Name: "autocomplete", Value: Word(AutofillTokens()...), Means: "what browsers may fill in, a [token of HTML](https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#autofill)", Example: "{name: full_name, label: Full name, autocomplete: name}"},
			{Name: "accept", Value: Words(form.AcceptPDF, form.AcceptImage), Means: "the kinds of file: `pdf`, and `image` (JPEG or PNG)", Default: "`[pdf]`", Example: "{name: receipt, label: Receipt, type: file, accept: [pdf, image]}"},
			{Name: "capture", Value: Word("user", "environment"), Means: "the camera that a phone opens: for faces, or the other one", Example: "{name: photo, label: Photo of it, type: image, capture: environment}"},
			{Name: "example", Value: Word("document", "document_back", "selfie"), Means: "a drawing beside the question: how a good photo looks, and two bad ones", Example: "{name: photo, label: Photo of it, type: image, example: document}"},
			{Name: "block", Value: Words(blockable()...), Means: "refuse such a photo instead of warning; of `mrz`: `check_digits`", Example: "{name: photo, label: Photo of it, type: image, block: [blurry, dark]}"},
			{Name: "faces", Value: Word(form.FaceSelfie, form.FaceDocument), Means: "how many faces the photo has is counted: of a `selfie` there should be one, large and in the middle; of a `document` at least one. It is said when the photo is added, agents see the faces beside each other, and rules see `faces.NAME`; nothing is refused, and no faces are compared", Default: "no faces are looked for", Example: "{name: photo, label: Photo of your face, type: image, capture: user, faces: selfie}"},
			{Name: "citizen_number", Value: In("citizen_number"), Means: "the answer is the number of a citizen card, which says something of the person who has it; it is compared with the answers about that person", Example: "{name: card_number, label: Number of your card, citizen_number: {country: VNM}}"},
			{Name: "qr", Value: In("qr"), Means: "what the parts of the code of a card are that the photo shows", Default: "those of a Vietnamese citizen card", Example: "{name: photo, label: Photo of the card, type: image, qr: {separator: ';', fields: [number, name, 'birth_date: ddmmyyyy']}}"},
			{Name: "search", Value: Flag(), Means: "tickets are found by the answer: by the beginning of its words, and by the whole of a number, an address or a telephone number; not of files", Default: "`false`", Example: "{name: full_name, label: Full name, search: true}"},
			{Name: "identity", Value: Text(), Means: "`true`: the answer says who a person is. A word: the answers to all fields with that word do so together. Agents see tickets of other users with the same, rules see `duplicates.identity`; see [above](#the-same-person); not of files", Default: "`false`", Example: "{name: full_name, label: Full name, identity: person}"},
		},
	}
}

// The greatest limits that a field can set.
const (
	MaxLength   = 10_000 // in characters
	MaxDecimals = 10
)

func optionObject() Object {
	return Object{
		Name: "option", What: "an option", Around: "sections:\n  - fields:\n      - {name: chosen, label: Choose, type: choice, options: [%s]}",
		Keys: []Key{
			{Name: "value", Value: Text(), Required: true, Means: "what is stored, at most 100 bytes; never changes its meaning", Example: "{value: order, label: An order}"},
			{Name: "label", Value: Texts(), Required: true, Means: "what people read", Example: "{value: order, label: An order}"},
		},
	}
}

// typeNames is a list of types as plain words.
func typeNames(types []form.Type) []string {
	names := make([]string, len(types))
	for i, t := range types {
		names[i] = string(t)
	}
	return names
}

// blockable lists what fields of any type may refuse instead of warning.
func blockable() []string {
	var all []string
	for _, t := range form.Types() {
		all = append(all, t.Blockable()...)
	}
	return all
}
