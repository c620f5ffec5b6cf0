package worker

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
)

// Replies travel packed, not as JSON: reading one is work of the page's own
// thread, where a key or a finger may be waiting, and an answer for the whole
// catalog took tens of milliseconds there as JSON; it takes one like this. Both
// ends are always the same build, so that no names are needed: the fields of a
// struct follow each other in the order of their declaration, those that are
// zero left out.
//
// A packed message is its kind, a space, its number, a space, and the bytes as
// base64. The number stands outside so that a message nobody waits for any more
// need not be unpacked.

var (
	errPacked   = errors.New("worker: the message is damaged")
	errNoNumber = errors.New("worker: an answer holds a number that is none")
)

// pack writes what v points to. It fails on NaN, infinities, and types that
// hold what cannot be sent (maps, interfaces, functions).
func pack(kind string, seq int, v any) (string, error) {
	data, err := appendValue(nil, reflect.ValueOf(v).Elem())
	if err != nil {
		return "", err
	}
	return kind + " " + strconv.Itoa(seq) + " " + base64.RawStdEncoding.EncodeToString(data), nil
}

// numberOf is the number of a packed message of a kind; ok is false for others.
func numberOf(kind, text string) (seq int, body string, ok bool) {
	rest, ok := strings.CutPrefix(text, kind+" ")
	if !ok {
		return 0, "", false
	}
	number, body, _ := strings.Cut(rest, " ")
	seq, err := strconv.Atoi(number)
	return seq, body, err == nil
}

// unpack reads into what v points to.
func unpack(body string, v any) (err error) {
	data, err := base64.RawStdEncoding.DecodeString(body)
	if err != nil {
		return errPacked
	}
	defer func() {
		if p := recover(); p != nil {
			err = errPacked
		}
	}()
	r := unpacker{data}
	r.value(reflect.ValueOf(v).Elem())
	if len(r.rest) > 0 {
		return errPacked
	}
	return nil
}

func appendValue(b []byte, v reflect.Value) ([]byte, error) {
	switch v.Kind() {
	case reflect.Bool:
		if v.Bool() {
			return append(b, 1), nil
		}
		return append(b, 0), nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return binary.AppendVarint(b, v.Int()), nil
	case reflect.Float64:
		return appendFloat(b, v.Float())
	case reflect.String:
		b = binary.AppendUvarint(b, uint64(v.Len()))
		return append(b, v.String()...), nil
	case reflect.Pointer:
		if v.IsNil() {
			return append(b, 0), nil
		}
		return appendValue(append(b, 1), v.Elem())
	case reflect.Slice:
		b = binary.AppendUvarint(b, uint64(v.Len()))
		return appendItems(b, v)
	case reflect.Array:
		return appendItems(b, v)
	case reflect.Struct:
		return appendStruct(b, v)
	}
	return nil, fmt.Errorf("worker: a %s cannot be sent", v.Type())
}

func appendItems(b []byte, v reflect.Value) (_ []byte, err error) {
	for i := 0; i < v.Len() && err == nil; i++ {
		b, err = appendValue(b, v.Index(i))
	}
	return b, err
}

// appendStruct writes which fields are not zero, a bit each, then those.
func appendStruct(b []byte, v reflect.Value) (_ []byte, err error) {
	n := v.NumField()
	if n > 64 {
		return nil, fmt.Errorf("worker: %s has more than 64 fields", v.Type())
	}
	var set uint64
	for i := range n {
		if !v.Field(i).IsZero() {
			set |= 1 << i
		}
	}
	b = binary.AppendUvarint(b, set)
	for i := 0; i < n && err == nil; i++ {
		if set>>i&1 == 1 {
			b, err = appendValue(b, v.Field(i))
		}
	}
	return b, err
}

// appendFloat writes the bytes of a number from its sign on, without the zeros
// at the end, which round numbers have many of.
func appendFloat(b []byte, x float64) ([]byte, error) {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil, errNoNumber
	}
	var raw [8]byte
	binary.BigEndian.PutUint64(raw[:], math.Float64bits(x))
	n := 8
	for n > 0 && raw[n-1] == 0 {
		n--
	}
	return append(append(b, byte(n)), raw[:n]...), nil
}

// unpacker reads packed values; it panics where they end early.
type unpacker struct{ rest []byte }

func (r *unpacker) take(n int) []byte {
	head := r.rest[:n]
	r.rest = r.rest[n:]
	return head
}

func (r *unpacker) count() uint64 {
	x, n := binary.Uvarint(r.rest)
	r.whole(n)
	return x
}

// whole goes past a number that took n bytes.
func (r *unpacker) whole(n int) {
	if n <= 0 {
		panic(errPacked)
	}
	r.take(n)
}

// length is a count of things that take at least a byte each.
func (r *unpacker) length() int {
	n := r.count()
	if n > uint64(len(r.rest)) {
		panic(errPacked)
	}
	return int(n)
}

func (r *unpacker) value(v reflect.Value) {
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(r.take(1)[0] != 0)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		x, n := binary.Varint(r.rest)
		r.whole(n)
		v.SetInt(x)
	case reflect.Float64:
		v.SetFloat(r.float())
	case reflect.String:
		v.SetString(string(r.take(r.length())))
	case reflect.Pointer:
		if r.take(1)[0] != 0 {
			to := reflect.New(v.Type().Elem())
			r.value(to.Elem())
			v.Set(to)
		}
	case reflect.Slice:
		n := r.length()
		v.Set(reflect.MakeSlice(v.Type(), n, n))
		for i := range n {
			r.value(v.Index(i))
		}
	case reflect.Array:
		for i := range v.Len() {
			r.value(v.Index(i))
		}
	case reflect.Struct:
		set := r.count()
		for i := range v.NumField() {
			if set>>i&1 == 1 {
				r.value(v.Field(i))
			}
		}
	default:
		panic(errPacked)
	}
}

func (r *unpacker) float() float64 {
	var raw [8]byte
	copy(raw[:], r.take(int(r.take(1)[0])))
	x := math.Float64frombits(binary.BigEndian.Uint64(raw[:]))
	if math.IsNaN(x) || math.IsInf(x, 0) {
		panic(errPacked)
	}
	return x
}
