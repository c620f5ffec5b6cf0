package xlsx

// pack stores content as it is: a compressor would make the page larger than
// any workbook it saves.
func pack(content []byte) (method int, data []byte) { return 0, content }
