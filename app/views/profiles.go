package views

import (
	"strings"

	"fleetsize/app/link"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// profilesKey holds the price profiles of this browser: one a line, name, tab,
// link pairs. They are never sent anywhere; a link carries the prices in force.
const profilesKey = "fleetsize-prices"

// maxProfiles and maxProfileFile bound what is kept and read.
const (
	maxProfiles    = 50
	maxProfileFile = 64 << 10
)

// profile is a named set of prices.
type profile struct{ name, pairs string }

// parseProfiles reads lines of name, tab, pairs; what is no price is dropped.
func parseProfiles(text string) []profile {
	var list []profile
	for _, line := range strings.Split(text, "\n") {
		name, pairs, ok := strings.Cut(strings.TrimRight(line, "\r"), "\t")
		name, pairs = profileName(name), strings.TrimSpace(link.OnlyMoney(pairs))
		if !ok || name == "" || pairs == "" || len(list) == maxProfiles {
			continue
		}
		list = setProfile(list, profile{name, pairs})
	}
	return list
}

// profileName drops what a line cannot hold.
func profileName(name string) string {
	name = strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7F {
			return -1
		}
		return r
	}, name))
	if len(name) > 60 {
		name = strings.ToValidUTF8(name[:60], "")
	}
	return name
}

func formatProfiles(list []profile) string {
	var b strings.Builder
	for _, p := range list {
		b.WriteString(p.name + "\t" + p.pairs + "\n")
	}
	return b.String()
}

// setProfile replaces the profile of the same name or appends it.
func setProfile(list []profile, p profile) []profile {
	out := append([]profile(nil), list...)
	for i := range out {
		if out[i].name == p.name {
			out[i] = p
			return out
		}
	}
	return append(out, p)
}

// storedProfiles reads what this browser keeps; storage may be forbidden.
func storedProfiles() (list []profile, ok bool) {
	text, ok := stored(profilesKey)
	return parseProfiles(text), ok
}

// rereadProfiles takes up what other tabs have stored since, so that a change here
// drops nothing of theirs.
func (v *Page) rereadProfiles() {
	if list, ok := storedProfiles(); ok && v.profilesKept {
		v.profiles = list
	}
}

// keepProfiles stores the list and reports whether it was; if not, it says so.
func (v *Page) keepProfiles(list []profile) (ok bool) {
	v.profiles = list
	ok = store(profilesKey, formatProfiles(list))
	v.profilesKept = ok
	if !ok {
		v.say("This browser keeps nothing: export the profiles as a file.")
	}
	return ok
}

// profilesUI keeps prices under a name, in this browser only.
func (v *Page) profilesUI() []app.UI {
	if !v.profilesRead {
		v.profilesRead = true
		v.profiles, v.profilesKept = storedProfiles()
	}
	now := v.s.State.MoneyPairs()
	options := []option{{id: "", label: "choose", on: true}}
	for _, p := range v.profiles {
		same := p.pairs == now
		options[0].on = options[0].on && !same
		options = append(options, option{id: p.name, label: p.name, on: same})
	}
	body := []app.UI{leaf("h3", "", "Price profile, kept in this browser")}
	if len(v.profiles) > 0 {
		body = append(body, v.choose("profile", "Use", options, v.useProfile))
	}
	return append(body,
		node("div", "f", el("label", "", txt("Name")).Attr("for", "profile-name"),
			app.Input().ID("profile-name").Class("inp").Type("text").Attr("maxlength", "60").Attr("autocomplete", "off")),
		node("div", "row",
			button("btn", txt("Save")).ID("profile-save").OnClick(func(ctx app.Context, e app.Event) { v.saveProfile(ctx) }),
			button("btn", txt("Delete")).ID("profile-delete").OnClick(func(ctx app.Context, e app.Event) { v.deleteProfile() }),
			button("btn", txt("Export")).ID("profile-export").OnClick(func(ctx app.Context, e app.Event) {
				saveFile("fleetsize-prices.tsv", "text/tab-separated-values", formatProfiles(v.profiles))
			}),
			node("label", "btn", txt("Import"),
				app.Input().ID("profile-import").Class("sr").Type("file").Attr("accept", ".tsv,.txt,text/*").
					OnChange(func(ctx app.Context, e app.Event) { v.importProfiles(ctx, ctx.JSSrc().Get("files")) })),
		),
	)
}

func (v *Page) useProfile(ctx app.Context, name string) {
	for _, p := range v.profiles {
		if p.name == name {
			pairs := p.pairs
			v.edit(ctx, edit{change: func(st *state) { *st, _ = st.With(v.s.Catalog(), pairs) }})
			v.say("Prices of " + name)
		}
	}
}

func (v *Page) saveProfile(ctx app.Context) {
	name := profileName(valueOf("profile-name"))
	if name == "" {
		v.say("Give the profile a name first.")
		ctx.Defer(func(app.Context) { focus("profile-name") })
		return
	}
	v.rereadProfiles()
	if len(v.profiles) >= maxProfiles {
		v.say("There are 50 profiles: delete one first.")
		return
	}
	if v.keepProfiles(setProfile(v.profiles, profile{name, v.s.State.MoneyPairs()})) {
		v.say("Saved as " + name)
	}
}

// deleteProfile drops the profile that is in force or whose name is typed.
func (v *Page) deleteProfile() {
	name, now := profileName(valueOf("profile-name")), v.s.State.MoneyPairs()
	v.rereadProfiles()
	var keep []profile
	for _, p := range v.profiles {
		if name != "" && p.name != name || name == "" && p.pairs != now {
			keep = append(keep, p)
		}
	}
	if len(keep) == len(v.profiles) {
		v.say("No profile of that name.")
		return
	}
	v.keepProfiles(keep)
}

func (v *Page) importProfiles(ctx app.Context, files app.Value) {
	if !files.Truthy() || files.Length() == 0 {
		return
	}
	file := files.Index(0)
	if file.Get("size").Float() > maxProfileFile {
		v.say("The file is larger than 64 kB; a file of price profiles is a few.")
		return
	}
	settle(file.Call("text"), func(text app.Value) {
		v.root.Dispatch(func(ctx app.Context) {
			v.rereadProfiles()
			list := v.profiles
			read := parseProfiles(text.String())
			for _, p := range read {
				list = setProfile(list, p)
			}
			if len(read) == 0 {
				v.say("No price profile in this file: it has a name, a tab and prices on each line.")
				return
			}
			if v.keepProfiles(list) {
				v.say(plural(len(read), "profile") + " read")
			}
		})
	}, func(app.Value) {})
}
