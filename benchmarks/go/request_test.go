package main

import (
	"context"
	"testing"
	"time"
)

func BenchmarkRequest(b *testing.B) { request(b, true) }

func BenchmarkRequestUnlistened(b *testing.B) { request(b, false) }

func request(b *testing.B, listened bool) {
	server := cancellable(b)
	value := any("value")
	b.ReportAllocs()
	for i := 0; i < b.N; i++ {
		user := context.WithValue(server, key(1), value)
		timed, cancelTimed := context.WithTimeout(user, 30*time.Second)
		call, cancelCall := context.WithCancel(context.WithValue(timed, key(2), value))
		if listened {
			sinkDone = call.Done()
		}
		for range 10 {
			sinkErr = call.Err()
		}
		sinkValue = call.Value(key(1))
		cancelCall()
		cancelTimed()
	}
}
