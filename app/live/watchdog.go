package live

// Watchdog tells when a wire has stopped reporting. A wire ticks many times a
// second whatever the server does, so that silence means that its thread is
// gone or hangs. The watchdog counts beats of the listener's own thread, not
// time: where that one was held up or asleep, the messages that waited come
// with its next beat.
type Watchdog struct{ silent int }

// BeatSeconds is how often Beat is called, and patientBeats how many beats
// without a message mean that none will come.
const (
	BeatSeconds  = 2.0
	patientBeats = 8
)

// Heard notes a message.
func (w *Watchdog) Heard() { w.silent = 0 }

// Beat reports whether the wire is lost.
func (w *Watchdog) Beat() bool {
	w.silent++
	return w.silent > patientBeats
}
