// Counts the tokens of the strings in a JSON file with the npm package tiktoken 1.0.22
// (openai/tiktoken compiled to WebAssembly); oracle_test.go says how and why.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { get_encoding } from "tiktoken";

const encoding = get_encoding("o200k_base");
const strings = JSON.parse(readFileSync(process.argv[2], "utf8"));
for (let i = 0; i < strings.length; i += 100) {
  const hash = createHash("sha256"), counts = [];
  for (const text of strings.slice(i, i + 100)) {
    const tokens = encoding.encode_ordinary(text);
    hash.update(Buffer.from(tokens.buffer, tokens.byteOffset, tokens.byteLength));
    counts.push(tokens.length);
  }
  console.log(hash.digest("hex").slice(0, 16), counts.join(" "));
}
