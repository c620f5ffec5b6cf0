//go:build !js

package site

import "encoding/json"

type manifestIcon struct {
	Src     string `json:"src"`
	Sizes   string `json:"sizes"`
	Type    string `json:"type"`
	Purpose string `json:"purpose"`
}

type manifestShortcut struct {
	Name string `json:"name"`
	URL  string `json:"url"`
}

// manifest describes the installed app. Addresses are relative, so the same file serves every path.
func manifest() []byte {
	b, err := json.MarshalIndent(struct {
		ID          string             `json:"id"`
		Name        string             `json:"name"`
		ShortName   string             `json:"short_name"`
		Description string             `json:"description"`
		Lang        string             `json:"lang"`
		StartURL    string             `json:"start_url"`
		Scope       string             `json:"scope"`
		Display     string             `json:"display"`
		Background  string             `json:"background_color"`
		Theme       string             `json:"theme_color"`
		Categories  []string           `json:"categories"`
		Icons       []manifestIcon     `json:"icons"`
		Shortcuts   []manifestShortcut `json:"shortcuts"`
	}{
		ID: "fleetsize", Name: appTitle, ShortName: appName, Description: appSummary, Lang: "en",
		StartURL: "./", Scope: "./", Display: "standalone",
		Background: "#ffffff", Theme: "#ffffff", Categories: []string{"business", "productivity", "utilities"},
		Icons: []manifestIcon{
			{"icon.svg", "any", "image/svg+xml", "any"},
			{"icon-192.png", "192x192", "image/png", "any"},
			{"icon-512.png", "512x512", "image/png", "any"},
			{"icon-maskable-512.png", "512x512", "image/png", "maskable"},
		},
		Shortcuts: []manifestShortcut{
			{"RAG", "./#v=1&w=rag"},
			{"Chat", "./#v=1&w=chat"},
			{"Reasoning", "./#v=1&w=reasoning"},
			{"Agent", "./#v=1&w=agent"},
		},
	}, "", "  ")
	if err != nil {
		panic("site: manifest: " + err.Error()) // fixed strings always encode
	}
	return append(b, '\n')
}
