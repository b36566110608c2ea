package main

import "testing"

func BenchmarkGroup1(b *testing.B) { forkAndJoin(b, 1) }

func BenchmarkGroup10(b *testing.B) { forkAndJoin(b, 10) }

func forkAndJoin(b *testing.B, forks int) {
	parent := cancellable(b)
	b.ReportAllocs()
	for i := 0; i < b.N; i++ {
		group, ctx := groupIn(parent)
		for range forks {
			group.fork(func() error { return nil })
		}
		sinkErr = group.join()
		sinkContext = ctx
	}
}
