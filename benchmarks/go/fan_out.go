package main

import (
	"context"
	"runtime"
	"time"
)

// fanOut measures the cancel of a parent with so many children, each with a Done channel. They are made
// outside the clock.
func fanOut(r report, children, divisor int) {
	children = max(1, children/divisor)
	trees := max(1, 10_000/children/divisor)
	repeats := min(200, max(7, 2_000_000/(trees*children)/divisor))
	spent := make([]time.Duration, repeats)
	for i := range spent {
		spent[i] = cancelTrees(trees, children)
	}
	warm := spent[repeats*2/5:]
	r.say("time", float64(percentile(warm, 0.5))/float64(trees*children), "ns")
}

func cancelTrees(trees, children int) time.Duration {
	cancels := make([]context.CancelFunc, trees)
	all := make([]context.Context, 0, trees*children)
	for i := range cancels {
		parent, cancel := context.WithCancel(context.Background())
		cancels[i] = cancel
		for range children {
			child, unused := context.WithCancel(parent)
			_ = unused // its parent cancels it
			child.Done()
			all = append(all, child)
		}
	}
	if len(all) >= 100_000 {
		runtime.GC() // so that no collection that the building began runs beside the cancel
	}
	start := time.Now()
	for _, cancel := range cancels {
		cancel()
	}
	spent := time.Since(start)
	for _, child := range all {
		if child.Err() == nil {
			panic("a child outlived its parent")
		}
	}
	return spent
}
