package wire

// ListDoc is a list of the catalog, one object for each entry; what is not
// known is null.
type ListDoc struct {
	SchemaVersion int              `json:"schema_version"`
	What          string           `json:"what"` // gpus, models, workloads, engines, chart
	Data          string           `json:"data"`
	Rows          []map[string]any `json:"rows"`
}
