package catalog

// Preset is a named workload with its usual targets.
type Preset struct {
	ID, Name      string // "rag", "RAG Q&A"
	Aliases       []string
	Input, Output int // tokens
	HitPercent    float64
	Targets       Targets
	Calls         int // requests per task (agent), 1 otherwise; Targets are per request
	Source, Note  string
}

// Targets are latency limits of one request in seconds; 0 = off.
type Targets struct {
	TTFT, ITL, E2E float64
	Percentile     string // "mean", "50", "90", "95", "99"
}

// Tier is a service level as benchmarks define it: a floor on the 25th
// percentile of output speed and a ceiling on the 95th percentile of TTFT.
type Tier struct {
	ID, Name     string
	P25Speed     float64 // tok/s per user
	P95TTFT      float64 // s
	Source, Note string
}
