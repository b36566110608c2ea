package main

import (
	"context"
	"runtime"
	"testing"
)

// on runs as many goroutines as there are processors, on so many processors.
func on(b *testing.B, processors int, body func(*testing.PB)) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(processors))
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(body)
}

func BenchmarkSharedParent1(b *testing.B) { sharedParent(b, 1, true) }

func BenchmarkSharedParent2(b *testing.B) { sharedParent(b, 2, true) }

func BenchmarkSharedParentUnlistened1(b *testing.B) { sharedParent(b, 1, false) }

func BenchmarkSharedParentUnlistened2(b *testing.B) { sharedParent(b, 2, false) }

func sharedParent(b *testing.B, processors int, listened bool) {
	parent := cancellable(b)
	on(b, processors, func(pb *testing.PB) {
		var last context.Context
		var done <-chan struct{}
		for pb.Next() {
			ctx, cancel := context.WithCancel(parent)
			if listened {
				done = ctx.Done()
			}
			cancel()
			last = ctx
		}
		runtime.KeepAlive(last)
		runtime.KeepAlive(done)
	})
}

func BenchmarkErrShared2(b *testing.B) {
	ctx := cancels(b, 10)
	on(b, 2, func(pb *testing.PB) {
		var last error
		for pb.Next() {
			last = ctx.Err()
		}
		runtime.KeepAlive(last)
	})
}
