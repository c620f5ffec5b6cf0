// Package gpulog reads what nvidia-smi wrote about accelerators while they
// served, and says what a measured load cost in energy: watts, joules per
// token, how busy the GPUs were, whether something slowed their clocks.
//
// A log is the output of
//
//	nvidia-smi --query-gpu=timestamp,index,name,power.draw,utilization.gpu,memory.used,memory.total,temperature.gpu,clocks.sm,clocks_event_reasons.active --format=csv -l 1
//
// with any of these columns in any order, with or without units, or of
// nvidia-smi dmon -o DT. Parse reads
// it, Log.Over sums up a stretch of it, and Join lays it over the phases of a
// report of package bench.
//
// # What the numbers are
//
// power.draw is the board's own reading: chips, memory and regulators of the
// accelerator, not the server around it and no cooling. On Ampere and later it
// is the average of the last second, sampled by the board for a part of that
// time only, and NVIDIA states ±5 % for it. Energy is its integral: straight
// lines between readings, nothing across a gap of more than gapFactor intervals.
// Watts of several accelerators are added. utilization.gpu is the share of
// time in which any kernel ran, not the share of peak that was used.
//
// # Clocks
//
// nvidia-smi writes the local time of its machine without a zone; a report has
// UTC by the clock of the client. Where the zone is not given it is searched
// for in steps of a quarter of an hour: it is known when exactly one lays the
// whole run inside the log. Clocks that differ by seconds cannot be told from
// the files; Options.Shift corrects them.
//
// Sources: nvidia-smi's manual page and --help-query-gpu (units, average of a
// second); NVML's reference for the bits of the event reasons; Yang, Adamek and
// Armour, "Part-time Power Measurements: nvidia-smi's Lack of Attention", SC24
// (a quarter of the time is sampled on A100 and H100).
package gpulog
