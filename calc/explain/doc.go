// Package explain says where every number comes from: one registry of
// formulas (formulas.txt) and, for one answer, the value of each with its
// inputs, their origin and how sure it is.
//
// A formula is written once. Its text in words, the same with numbers, the
// form a spreadsheet takes and the value itself are all made from that one
// text, so that what is shown cannot differ from what is computed. What the
// simulation finds is no arithmetic: such an entry names the run with its
// settings, and its value is the run's.
//
// A Book explains one option of one answer. It computes an entry when it is
// asked for it, and keeps it.
package explain
