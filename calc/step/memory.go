package step

// Memory is the split of a replica's memory in bytes over all its GPUs. The
// parts sum to Capacity exactly.
type Memory struct {
	Weights     float64 // copies on several ranks included
	KV          float64 // what requests may hold together
	Activations float64 // scratch space of a step
	Runtime     float64 // CUDA context, graphs, communication buffers
	Unusable    float64 // left free by the engine
	Capacity    float64
}

// heldBytes is what one request holds.
type heldBytes struct {
	perToken float64
	fixed    float64
	windows  []heldWindow
}

type heldWindow struct{ tokens, perToken float64 }

// Memory is how the replica's memory is divided.
func (c *Cost) Memory() Memory { return c.memory }

// KVCapacity is the KV memory of the replica in bytes.
func (c *Cost) KVCapacity() float64 { return c.memory.KV }

// RankKVCapacity is the KV memory of one attention replica in bytes: a request
// lives in one of them.
func (c *Cost) RankKVCapacity() float64 { return c.memory.KV / float64(c.replica.DP) }

// RequestBytes is the KV memory in bytes, over all GPUs, that a request holds
// whose context is tokens long: a part that grows with every token, windowed
// layers up to their window, and recurrent state. Copies on ranks beyond the
// number of KV heads count.
func (c *Cost) RequestBytes(tokens float64) float64 {
	return c.held.perToken*tokens + c.FixedBytes(tokens)
}

// CacheBytes is the same without copies: what travels when the cache of a
// request moves to another replica.
func (c *Cost) CacheBytes(tokens float64) float64 {
	at := float64(c.replica.TP) / float64(c.replica.DP)
	copies := at / min(at, max(float64(c.work.KVShards), 1))
	state := c.work.StateBytes
	return (c.RequestBytes(tokens)-state)/copies + state
}

// CacheRanks is over how many GPUs of the replica one request's cache is
// spread: its transfer runs over the links of as many.
func (c *Cost) CacheRanks() int {
	at := c.replica.TP / c.replica.DP
	return min(at, max(c.work.KVShards, 1)) * c.replica.PP
}

// TokenBytes is the part of RequestBytes that grows with every token.
func (c *Cost) TokenBytes() float64 { return c.held.perToken }

// FixedBytes is the rest of RequestBytes at a context of tokens.
func (c *Cost) FixedBytes(tokens float64) float64 {
	b := c.held.fixed
	for i := range c.held.windows {
		w := &c.held.windows[i]
		b += w.perToken * min(tokens, w.tokens)
	}
	return b
}

// setMemory divides the memory by the engine's rule:
//
//	basis "total"  KV = f·V − W − a·V          (vLLM, SGLang: f of the GPU is the engine's)
//	basis "free"   KV = f·(V − W)              (TensorRT-LLM, NIM: f of what weights leave)
//
// V usable bytes, W weights, a the activation share. What the rule leaves is
// shown as runtime up to the engine's figure, then activations, then unusable.
// Weights are assumed to split evenly over tp·pp GPUs, besides copies. With
// attention data parallelism every one of the DP attention replicas has its own
// copy of everything but the experts. A drafter of one layer is counted with
// its weights and cache.
func (c *Cost) setMemory(replicated float64) {
	r, w := &c.replica, &c.work
	tp, n, dp := float64(r.TP), float64(r.TP*r.PP), float64(r.DP)
	at := tp / dp
	rule := r.Engine.Memory
	m := Memory{Capacity: r.GPU.UsableBytes * n}
	dense, experts := w.DenseReadBytes(r.Weights), w.ExpertReadBytes(r.Weights)
	if r.Speculation.On() && r.Speculation.DraftShare == 0 && w.Layers > 0 { // the drafter's layer
		layers := float64(w.Layers)
		dense += (dense - w.LMHeadParams*max(r.Weights.Dense.Bytes(), 2)) / layers
		experts += experts / layers
	}
	m.Weights = dense*dp + experts +
		(w.EmbeddingParams+w.OtherParams)*max(r.Weights.Dense.Bytes(), 2)*dp +
		replicated*r.Weights.Dense.Bytes()*dp
	if rule.Basis == "free" {
		m.KV = rule.Fraction * (m.Capacity - m.Weights)
	} else {
		m.Activations = rule.ActivationShare * m.Capacity
		m.KV = rule.Fraction*m.Capacity - m.Weights - m.Activations
	}
	left := m.Capacity - m.Weights - m.Activations - m.KV
	if m.KV > 0 {
		m.Runtime = max(0, min(rule.RuntimeBytes*n, left))
		left -= m.Runtime
		if rule.Basis == "free" {
			m.Activations = max(0, min(rule.ActivationShare*m.Capacity, left))
			left -= m.Activations
		}
		m.Unusable = left
		// The parts sum to the capacity to the last bit.
		m.Unusable += m.Capacity - (m.Weights + m.KV + m.Activations + m.Runtime + m.Unusable)
	}
	c.memory = m

	copies := at / min(at, max(float64(w.KVShards), 1))
	bytes := r.KV.Bytes()
	c.held.perToken = (w.KVElems*bytes + w.IndexerBytes) * copies
	if r.Speculation.On() && r.Speculation.DraftShare == 0 && w.AttentionLayerCount > 0 {
		c.held.perToken *= 1 + 1/float64(w.AttentionLayerCount)
	}
	c.held.fixed = w.StateBytes
	for _, win := range w.Windows {
		c.held.windows = append(c.held.windows, heldWindow{win.Tokens, win.KVElems * bytes * copies})
	}
}

// memoryError is nil when some KV memory is left.
func (c *Cost) memoryError() error {
	if c.memory.KV > 0 {
		return nil
	}
	r := &c.replica
	n := float64(r.GPUs())
	short := -c.memory.KV
	if f := r.Engine.Memory.Fraction; r.Engine.Memory.Basis == "free" && f > 0 {
		short /= f
	}
	return &MemoryError{GPU: r.GPU.Name, GPUs: r.GPUs(), WeightBytes: c.memory.Weights, ShortPerGPU: max(short/n, 1)}
}
