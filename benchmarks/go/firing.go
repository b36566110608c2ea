package main

import (
	"context"
	"sync"
	"syscall"
	"time"
)

// firing measures many timeouts, to each of which somebody listens, that pass within one second: how late the
// function ran, and what processor time the process took for each from when all were made to when all had run.
func firing(r report, divisor int) {
	for range 3 { // as Java does
		fire(20_000/divisor, 200*time.Millisecond)
	}
	late, cpu := fire(100_000/divisor, time.Second)
	r.say("late-p50", float64(percentile(late, 0.5))/1e3, "us")
	r.say("late-p99", float64(percentile(late, 0.99))/1e3, "us")
	r.say("late-most", float64(percentile(late, 1))/1e3, "us")
	r.say("cpu-per-timer", float64(cpu)/1e3/float64(len(late)), "us")
}

// fire returns how late each was, and the processor time. The first is due half a spread from now.
func fire(count int, spread time.Duration) ([]time.Duration, time.Duration) {
	late := make([]time.Duration, count)
	contexts := make([]contextAndCancel, count)
	var running sync.WaitGroup
	running.Add(count)
	start := time.Now().Add(spread / 2)
	for i := range count {
		due := start.Add(spread * time.Duration(i) / time.Duration(count))
		ctx, cancel := context.WithTimeout(context.Background(), time.Until(due))
		contexts[i] = contextAndCancel{ctx, cancel}
		context.AfterFunc(ctx, func() {
			late[i] = time.Since(due)
			running.Done()
		})
	}
	before := processorTime()
	running.Wait()
	return late, processorTime() - before
}

func processorTime() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
