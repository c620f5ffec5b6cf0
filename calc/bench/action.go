package bench

// ActionKind says what a transport has to do.
type ActionKind uint8

// The actions.
const (
	// Start: send Request now.
	Start ActionKind = iota
	// Abort: end the request ID at once, whatever it takes, and report it with
	// Done as Canceled. A request that is not known any more was just done.
	Abort
	// PhaseStart: phase Phase begins with its ramp; for display.
	PhaseStart
	// PhaseEnd: Result is final; for display.
	PhaseEnd
	// Finished: nothing more will come; Report is final.
	Finished
)

// Action is one thing to do, in the order in which Step returns them.
type Action struct {
	Kind    ActionKind
	ID      int
	Request *Request
	Phase   Phase
	Result  *PhaseResult
}

// State says where a run is.
type State uint8

// The states of a run.
const (
	Idle   State = iota // between phases
	Clear               // waiting for aborted requests
	Ramp                // load is being built up, nothing is measured
	Window              // measuring
	Tail                // load is kept until the measured requests are done
	Over                // finished
)

// String is the word for a state.
func (s State) String() string {
	return [...]string{"between phases", "clearing", "ramp", "measuring", "finishing", "done"}[s]
}

// Live is how far a run is, for display.
type Live struct {
	State    State
	Phase    Phase
	Index    int     // of the phase; -1 = warm-up
	InFlight int     // sent and not done
	Open     int     // of these, with headers
	Done     int     // requests done in the whole run
	Failed   int     // of these, failed
	Elapsed  float64 // of the phase, seconds
	Share    float64 // of the phase's window that is over, 0 … 1
	Tokens   int     // sent and received in the whole run, as far as known
	USD      float64 // 0 without prices
	Measured int     // issued in this window
}

// StopCode says why a run ended before its plan was through.
type StopCode string

// The reasons for an early end.
const (
	StopUser     StopCode = "stopped"       // the person stopped it
	StopRequests StopCode = "max_requests"  // a hard limit
	StopTokens   StopCode = "max_tokens"    // a hard limit
	StopTime     StopCode = "max_time"      // a hard limit
	StopMoney    StopCode = "max_cost"      // a hard limit
	StopDead     StopCode = "no_answer"     // the service stopped answering
	StopRefused  StopCode = "refused"       // the service refused every request
	StopClient   StopCode = "client_limit"  // the client, not the server, is the limit
	StopErrors   StopCode = "errors"        // too many errors to raise the load further
	StopHighest  StopCode = "max_load"      // the end of the ladder
	StopPlateau  StopCode = "plateau"       // throughput stopped rising: the plan's own end
	StopInternal StopCode = "program_error" // a mistake of this program
)

// Stop is why a run ended. A plan that ran through has none.
type Stop struct {
	Code StopCode `json:"code"`
	Text string   `json:"text"`
}

// Cut reports whether measurements are missing because of it.
func (s *Stop) Cut() bool {
	if s == nil {
		return false
	}
	switch s.Code {
	case StopErrors, StopHighest, StopPlateau:
		return false
	}
	return true
}
