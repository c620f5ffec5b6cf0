package xlsx

import (
	"hash/crc32"
)

// Zip is a ZIP file of files, each with its name and content.
func Zip(files ...[2]string) []byte {
	var a archive
	for _, f := range files {
		a.add(f[0], f[1])
	}
	return a.bytes()
}

// archive is a ZIP file being written: just what a workbook needs, because the
// library's writer would bring 0.1 MB into the page. Files carry no time.
type archive struct {
	out     []byte
	central []byte
	files   int
}

// add appends a file, compressed where the program has a compressor.
func (a *archive) add(name, content string) {
	sum := crc32.ChecksumIEEE([]byte(content))
	method, data := pack([]byte(content))
	start := len(a.out)
	const dosDate = 0x21 // 1 January 1980, the first day the format knows
	header := func(b []byte) []byte {
		b = little(b, 2, 20) // version needed: 2.0
		b = little(b, 2, 1<<11)
		b = little(b, 2, method)
		b = little(b, 2, 0)
		b = little(b, 2, dosDate)
		b = little(b, 4, int(sum))
		b = little(b, 4, len(data))
		b = little(b, 4, len(content))
		b = little(b, 2, len(name))
		return little(b, 2, 0)
	}
	a.out = header(little(a.out, 4, 0x04034b50))
	a.out = append(append(a.out, name...), data...)
	a.central = little(little(a.central, 4, 0x02014b50), 2, 20)
	a.central = header(a.central)
	a.central = little(a.central, 2, 0) // comment
	a.central = little(a.central, 2, 0) // disk
	a.central = little(a.central, 2, 0) // attributes
	a.central = little(a.central, 4, 0)
	a.central = little(a.central, 4, start)
	a.central = append(a.central, name...)
	a.files++
}

// bytes closes the archive.
func (a *archive) bytes() []byte {
	start := len(a.out)
	out := append(a.out, a.central...)
	out = little(out, 4, 0x06054b50)
	out = little(little(out, 2, 0), 2, 0)
	out = little(little(out, 2, a.files), 2, a.files)
	out = little(little(out, 4, len(a.central)), 4, start)
	return little(out, 2, 0)
}

// little appends the lowest n bytes of v, the lowest first.
func little(b []byte, n, v int) []byte {
	for range n {
		b = append(b, byte(v))
		v >>= 8
	}
	return b
}
