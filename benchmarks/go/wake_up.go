package main

import (
	"context"
	"sync/atomic"
	"time"
)

// wakeUp measures from the call of cancel to the first instruction of a goroutine that was blocked on Done. The
// canceller either goes on working or blocks next, until the other goroutine has run.
func wakeUp(r report, cancellerBlocks bool, divisor int) {
	samples := make([]time.Duration, 5_000/divisor)
	for range 2 { // the first time as Java does
		for i := range samples {
			samples[i] = wakeUpOnce(cancellerBlocks)
		}
	}
	r.say("p50", float64(percentile(samples, 0.5))/1e3, "us")
	r.say("p99", float64(percentile(samples, 0.99))/1e3, "us")
}

func wakeUpOnce(cancellerBlocks bool) time.Duration {
	ctx, cancel := context.WithCancel(context.Background())
	ready := make(chan struct{})
	back := make(chan struct{}, 1)
	var woken atomic.Int64
	base := time.Now()
	go func() {
		close(ready)
		<-ctx.Done()
		woken.Store(int64(time.Since(base)))
		back <- struct{}{}
	}()
	<-ready
	time.Sleep(100 * time.Microsecond) // let it block, and its thread go to sleep, too
	start := time.Since(base)
	cancel()
	if cancellerBlocks {
		<-back
	}
	for woken.Load() == 0 {
	}
	return time.Duration(woken.Load()) - start
}
