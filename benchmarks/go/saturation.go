package main

import (
	"context"
	"runtime"
	"time"
)

// saturation measures timeouts of 100 ms, one after the other, while every processor computes for two seconds:
// after how long they fired.
func saturation(r report, divisor int) {
	firedAfter()
	lasting := 2 * time.Second
	if divisor > 1 {
		lasting /= 5
	}
	end := time.Now().Add(lasting)
	for range 4 * runtime.GOMAXPROCS(0) {
		go func() {
			for time.Now().Before(end) {
			}
		}()
	}
	samples := []time.Duration{firedAfter()}
	for time.Now().Add(100 * time.Millisecond).Before(end) {
		samples = append(samples, firedAfter())
	}
	r.say("fired-after-p50", float64(percentile(samples, 0.5))/1e6, "ms")
	r.say("fired-after-most", float64(percentile(samples, 1))/1e6, "ms")
}

func firedAfter() time.Duration {
	fired := make(chan time.Duration, 1)
	start := time.Now()
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	context.AfterFunc(ctx, func() { fired <- time.Since(start) })
	return <-fired
}
