package views

import (
	"fleetsize/app/worker"
	"fleetsize/calc/explain"
	"fleetsize/calc/fleet"
)

// studies is what else was computed besides the sizing, for explanations.
func (v *Page) studies() explain.Studies {
	told := func(t worker.Topic) worker.Told {
		told, _ := v.of(t)
		return told
	}
	s := explain.Studies{Moves: told(worker.TopicMoves).Moves, Pareto: told(worker.TopicPareto).Pareto, Reverse: told(worker.TopicReverse).Reverse,
		Mix: told(worker.TopicMix).Mix, Models: told(worker.TopicModels).Models, Rows: told(worker.TopicScenarios).Scenarios, Hardware: v.hardwareRows(), Others: map[string]*fleet.Option{}, Shown: v.seen}
	for _, c := range v.columns() {
		if c.option != nil {
			s.Others[lower(string(c.letter))] = c.option
		}
	}
	return s
}

// overOther refers to what an option is better by than another.
func (c *contender) overOther(id string, other *contender) string {
	ref := c.about(id)
	if c.letter != 'A' || c.ask != "" {
		ref += ":"
	}
	return ref + ":" + lower(string(other.letter))
}
