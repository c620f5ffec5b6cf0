package tokens

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
)

var writeStrings = flag.String("strings", "", "write the strings of TestAgainstOracle to this file as JSON")

// vocabulary is loaded once for all tests.
var vocabulary = sync.OnceValues(func() (*Encoding, error) {
	f, err := os.Open(filepath.Join("..", "..", "static", "o200k_base.tokens.gz"))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, err
	}
	b, err := io.ReadAll(z)
	if err != nil {
		return nil, err
	}
	return Load(b)
})

func encoding(t testing.TB) *Encoding {
	t.Helper()
	e, err := vocabulary()
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// source is a random source of our own, so that the strings stay what they are
// in every release of Go (splitmix64).
type source uint64

func (s *source) next() uint64 {
	*s += 0x9e3779b97f4a7c15
	x := uint64(*s)
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

func (s *source) below(n int) int { return int(s.next() % uint64(n)) }

// The building blocks of the composed strings: what the rules treat apart.
var (
	blocks = strings.Split("the|The|THE|hello|HELLO|Hello|iPhone|McDonald|ABc|aBC|ABCdef|naïve|Éclair|ÉCLAIR|straße|STRASSE|ǅ|ǅungla|ǈ|ʰ|ʰa|Aʰ|ªb|日本語|日本Go|中文AB|中文ab|한국어|ไทย|हिन्दी|עברית|العربية|Ελλάδα|МОСКВА|Москва|"+
		"é|É|ë́|\u0301|\u0301a|A\u0301|a\u0301B|\u20e3|1\u20e3|\ufe0f|1|12|123|1234|1234567|3.14|1,000|²|½|Ⅻ|٣٤٥|१२३|०|"+
		"'s|'S|'ſ|'t|'T|'re|'RE|'rE|'ve|'VE|'m|'M|'ll|'LL|'lL|'d|'D|'x|'|''|’s|it's|IT'S|I'm|I'LL|we'Re|don't|DON'T|o'clock|rock'n'roll|a'sb|B'llC|É'd|日's|1's|"+
		".|..|...|!|?|?!|,|;|:|-|--|—|_|__|/|//|\\|a/b|/\n|//\n/|http://x.y/z?q=1&r=2#s|@|#|#1|$|$5|%|^|&|*|**|(|)|((|))|[|]|{|}|{}|<|>|</a>|<|endoftext|>|<|im_start|>|=|==|=>|+|++|~|`|```|\"|"+
		"😀|👩‍💻|🏳️‍🌈|🇩🇪|👍🏽|𝒳|𝟘|𐐀|𐐨|𠀀|e̞|€|£|©|™|�|\u200d|\u200b|\ufeff|\u00ad|\u0000|\u0007|\u001b|\u007f", "|")
	gaps = []string{"", "", "", "", " ", " ", " ", " ", "  ", "   ", "    ", "\n", "\n\n", "\r\n", "\r", "\t", "\t\t", " \n", "\n ", " \n \n ", "\r\n\r\n", "\u00a0", "\u0085", "\u2003", "\u3000", "\u2028", "\u1680", "\u202f", "\v", "\f"}
)

const samples = 30000

// sample is the i-th string: two in three are composed of blocks and gaps, one
// in three of random characters.
func sample(i int) string {
	s := source(uint64(i) * 7919)
	var b strings.Builder
	if i%3 != 2 {
		for range 1 + s.below(12) {
			b.WriteString(gaps[s.below(len(gaps))])
			b.WriteString(blocks[s.below(len(blocks))])
		}
		b.WriteString(gaps[s.below(len(gaps))])
		return b.String()
	}
	for range 1 + s.below(24) {
		switch s.below(8) {
		case 0, 1:
			b.WriteByte(byte(s.below(128)))
		case 2:
			b.WriteByte(byte('a' + s.below(26)))
		case 3:
			b.WriteRune(rune(0x80 + s.below(0x500)))
		case 4:
			b.WriteRune(rune(s.below(0x3000)))
		case 5:
			b.WriteRune(rune(0x3000 + s.below(0xa800)))
		case 6:
			b.WriteRune(rune(0xe000 + s.below(0x2000)))
		default:
			b.WriteRune(rune(0x10000 + s.below(0x30000)))
		}
	}
	return b.String()
}

// The golden file holds, for every 100 strings, the first 16 digits of the
// SHA-256 of all their tokens (four bytes each, little end first) and how many
// each string has. testdata/oracle.mjs writes it with the npm package tiktoken
// 1.0.22, which is openai/tiktoken itself, compiled to WebAssembly:
//
//	go test ./calc/tokens -run Oracle -args -strings /tmp/strings.json
//	npm install tiktoken@1.0.22 && node calc/tokens/testdata/oracle.mjs /tmp/strings.json > calc/tokens/testdata/o200k_base.txt
func TestAgainstOracle(t *testing.T) {
	if *writeStrings != "" {
		var list []string
		for i := range samples {
			list = append(list, sample(i))
		}
		b, err := json.Marshal(list)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(*writeStrings, b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	e := encoding(t)
	golden, err := os.ReadFile(filepath.Join("testdata", "o200k_base.txt"))
	if err != nil {
		t.Fatal(err)
	}
	i, wrong := 0, 0
	for line := range bytes.Lines(golden) {
		words := strings.Fields(string(line))
		h := sha256.New()
		for _, w := range words[1:] {
			text := sample(i)
			list := e.Encode(text)
			for _, token := range list {
				h.Write(binary.LittleEndian.AppendUint32(nil, token))
			}
			if want, err := strconv.Atoi(w); err != nil || len(list) != want || e.Count(text) != want {
				if wrong++; wrong < 20 {
					t.Errorf("string %d, %q: %d tokens, %d counted, want %s", i, text, len(list), e.Count(text), w)
				}
			}
			i++
		}
		if got := hex.EncodeToString(h.Sum(nil))[:16]; got != words[0] {
			t.Errorf("strings up to %d have other tokens: %s, want %s", i, got, words[0])
		}
	}
	if i != samples {
		t.Errorf("%d strings compared, want %d", i, samples)
	}
}
