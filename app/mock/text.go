//go:build !js

package mock

import (
	"hash/fnv"
	"strings"
)

// Text is what the tokens of an answer look like.
type Text string

const (
	Words   Text = "words"   // common English words: one o200k token each
	Halves  Text = "halves"  // common words in two halves: two tokens here are one of o200k
	Unicode Text = "unicode" // words of several scripts, every one with characters of several bytes
)

// tokenText is the text of an answer, token by token.
type tokenText struct {
	style Text
	seed  uint64
	known []string
}

// at is the i-th token.
func (t tokenText) at(i int) string {
	if i < len(t.known) {
		return t.known[i]
	}
	switch t.style {
	case Halves:
		pair := halves[mix(t.seed, uint64(i/2))%uint64(len(halves))]
		return pair[i%2]
	case Unicode:
		return foreign[mix(t.seed, uint64(i))%uint64(len(foreign))]
	}
	return words[mix(t.seed, uint64(i))%uint64(len(words))]
}

// hash turns a text into a seed.
func hash(seed uint64, text string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(text)) // never fails
	return mix(seed, h.Sum64())
}

// mix is a random number for every pair (splitmix64's finalizer).
func mix(a, b uint64) uint64 {
	x := a*0x9e3779b97f4a7c15 + b + 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// words begin with a space; each is one token of o200k_base (a test checks that).
var words = spaced(`time year people way day man thing woman life child world school state family student group country
	problem hand part place case week company system program question work government number night point home water room
	mother area money story fact month lot right study book eye job word business issue side kind head house service friend
	father power hour game line end member law car city community name president team minute idea body information back
	parent face others level office door health person art war history party result change morning reason research girl guy
	moment air teacher force education foot boy age policy music market sense nation plan college interest death experience
	effect use class control field development role effort rate heart drug show leader light voice wife police mind price
	report decision son view relationship town road arm difference value building action season society tax director
	position player record paper space ground form event official matter center couple site project activity star table
	need court oil situation cost industry figure street image phone data picture practice piece land product doctor wall
	patient worker news test movie north love support technology`)

func spaced(list string) []string {
	var out []string
	for _, w := range strings.Fields(list) {
		out = append(out, " "+w)
	}
	return out
}

// halves are words that o200k_base has as one token.
var halves = [][2]string{
	{" under", "stand"}, {" infor", "mation"}, {" govern", "ment"}, {" devel", "opment"}, {" edu", "cation"}, {" tech", "nology"},
	{" differ", "ence"}, {" com", "munity"}, {" experi", "ence"}, {" rela", "tionship"}, {" prac", "tice"}, {" situ", "ation"},
	{" deci", "sion"}, {" pres", "ident"}, {" ques", "tion"}, {" his", "tory"}, {" mo", "ment"}, {" re", "search"}, {" inter", "est"}, {" po", "sition"},
}

var foreign = []string{" été", " naïve", " größe", " señal", " мир", " время", " 世界", " 時間", " 데이터", " שלום", " ελπίδα", " 🚀", " 👩‍💻", " smörgås", " résumé"}
