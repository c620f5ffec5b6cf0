// Package tokens counts OpenAI tokens (o200k_base, the encoding of GPT-4o and
// later), so that output speeds of models with different tokenizers can be
// compared. It works offline; the vocabulary is a file that the caller loads.
//
// A text is first cut into pieces, words with the space in front of them for
// the most part, by the rules of scan.go. Each piece then becomes tokens by
// byte-pair merging: of all neighboring pairs the one that comes first in the
// vocabulary is joined, until no pair is in it.
//
// Names of control tokens such as <|endoftext|> count as plain text.
//
// Source: github.com/openai/tiktoken (MIT), file tiktoken_ext/openai_public.py
// for the pattern, the public vocabulary o200k_base.tiktoken for the ranks.
// Checked against the program of that project on 30,000 strings; see the tests.
package tokens
