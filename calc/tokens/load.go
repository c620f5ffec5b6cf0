package tokens

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// magic starts a vocabulary file. The number of tokens follows as four bytes,
// little end first; then a byte per token with its length; then the tokens'
// bytes, all in order of rank.
const magic = "tokens1\n"

// maxTokens bounds what Load accepts.
const maxTokens = 1 << 20

// Encoding counts tokens. It is safe for concurrent use.
type Encoding struct {
	bytes   string   // of all tokens
	starts  []uint32 // where each begins; one more than there are tokens
	slots   []uint32 // hash table: 1 + rank, 0 = empty
	mask    uint32
	longest int // bytes
	classes classes
}

// Load reads a vocabulary as Pack writes it. It takes about a tenth of a
// second for 200,000 tokens and keeps some 4 MB.
func Load(vocab []byte) (*Encoding, error) {
	head := len(magic) + 4
	if len(vocab) < head || string(vocab[:len(magic)]) != magic {
		return nil, errors.New("tokens: not a vocabulary file")
	}
	n := int(binary.LittleEndian.Uint32(vocab[len(magic):]))
	if n < 256 || n > maxTokens || len(vocab) < head+n {
		return nil, fmt.Errorf("tokens: a vocabulary of %d tokens in %d bytes is cut off or damaged", n, len(vocab))
	}
	lengths := vocab[head : head+n]
	e := &Encoding{bytes: string(vocab[head+n:]), starts: make([]uint32, n+1)}
	at := uint32(0)
	for i, l := range lengths {
		if l == 0 {
			return nil, fmt.Errorf("tokens: token %d of the vocabulary is empty", i)
		}
		e.starts[i] = at
		at += uint32(l)
		e.longest = max(e.longest, int(l))
	}
	e.starts[n] = at
	if int(at) != len(e.bytes) {
		return nil, fmt.Errorf("tokens: the vocabulary has %d bytes of tokens, its lengths say %d", len(e.bytes), at)
	}
	size := uint32(1024)
	for size < uint32(n)*2 {
		size *= 2
	}
	e.slots, e.mask = make([]uint32, size), size-1
	for rank := range n {
		token := e.token(uint32(rank))
		slot, found := e.find(token)
		if found {
			return nil, fmt.Errorf("tokens: token %d of the vocabulary is there twice", rank)
		}
		e.slots[slot] = uint32(rank) + 1
	}
	for b := range 256 {
		if _, ok := e.rank(string([]byte{byte(b)})); !ok {
			return nil, fmt.Errorf("tokens: the vocabulary lacks the byte %d", b)
		}
	}
	e.classes.fill()
	return e, nil
}

// Pack writes a vocabulary in the form that Load reads. Tokens are in order of
// rank, each of 1 to 255 bytes.
func Pack(list []string) ([]byte, error) {
	out := binary.LittleEndian.AppendUint32([]byte(magic), uint32(len(list)))
	for i, t := range list {
		if len(t) == 0 || len(t) > 255 {
			return nil, fmt.Errorf("tokens: token %d has %d bytes, 1 to 255 can be packed", i, len(t))
		}
		out = append(out, byte(len(t)))
	}
	for _, t := range list {
		out = append(out, t...)
	}
	return out, nil
}

// Len is the number of tokens in the vocabulary.
func (e *Encoding) Len() int { return len(e.starts) - 1 }

// Token is the bytes of a token; it must be below Len.
func (e *Encoding) Token(rank uint32) string { return e.token(rank) }

func (e *Encoding) token(rank uint32) string { return e.bytes[e.starts[rank]:e.starts[rank+1]] }

// rank is the token that is exactly s, and whether there is one.
func (e *Encoding) rank(s string) (uint32, bool) {
	if len(s) > e.longest {
		return 0, false
	}
	slot, found := e.find(s)
	if !found {
		return 0, false
	}
	return e.slots[slot] - 1, true
}

// find is the slot of s in the table, or the empty one where it belongs.
func (e *Encoding) find(s string) (slot uint32, found bool) {
	for slot = sum(s) & e.mask; ; slot = (slot + 1) & e.mask {
		held := e.slots[slot]
		if held == 0 {
			return slot, false
		}
		if e.token(held-1) == s {
			return slot, true
		}
	}
}

// sum hashes s (FNV-1a with a final mix).
func sum(s string) uint32 {
	h := uint32(2166136261)
	for i := 0; i < len(s); i++ {
		h = (h ^ uint32(s[i])) * 16777619
	}
	h ^= h >> 15
	h *= 0x2c1b3c6d
	return h ^ h>>13
}
