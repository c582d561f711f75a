package formkeys

func themeObject() Object {
	return Object{
		Name: "theme", What: `"theme"`, Around: "theme: %s",
		Keys: []Key{
			{Name: "name", Value: Text(), Means: "who asks: it stands beside the logo and in e-mails", Default: "the title", Example: "{name: Example Shop}"},
			{Name: "logo", Value: Text(), Means: "an SVG of shapes alone, or a PNG, in the folder of the form file", Default: "docket's", Example: "{logo: logo.svg}"},
			{Name: "accent", Value: Matching("^#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})$", "a colour such as `#0a6`"), Means: "of buttons and links. It is made darker for light pages and lighter for dark ones until it can be read: a contrast of 4.5:1", Default: "docket's", Example: "{accent: '#0a6'}"},
			{Name: "support", Value: Text(), Means: "where people ask for help, a `mailto:` or `https:` address: at the foot of each page and in e-mails", Default: "nowhere", Example: "{support: 'mailto:help@shop.example'}"},
		},
	}
}
