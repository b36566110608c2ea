// Package main measures Go's context by the scenarios that dev.lanyard.benchmarks measures Lanyard by.
// BenchmarkWithCancel here is Derive.withCancel there, and the scenario with-cancel in the tables.
package main

import (
	"context"
	"testing"
	"time"
)

var (
	sinkContext  context.Context
	sinkDone     <-chan struct{}
	sinkErr      error
	sinkValue    any
	sinkDeadline time.Time
	sinkBool     bool
)

func cancellable(b *testing.B) context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	b.Cleanup(cancel)
	return ctx
}

func BenchmarkWithCancelBackground(b *testing.B) { withCancel(b, context.Background()) }

func BenchmarkWithCancel(b *testing.B) { withCancel(b, cancellable(b)) }

func withCancel(b *testing.B, parent context.Context) {
	b.ReportAllocs()
	for i := 0; i < b.N; i++ {
		ctx, cancel := context.WithCancel(parent)
		cancel()
		sinkContext = ctx
	}
}

func BenchmarkWithTimeoutBackground(b *testing.B) { withTimeout(b, context.Background(), time.Hour) }

func BenchmarkWithTimeout(b *testing.B) { withTimeout(b, cancellable(b), time.Hour) }

func BenchmarkWithTimeoutExpired(b *testing.B) { withTimeout(b, cancellable(b), 0) }

func withTimeout(b *testing.B, parent context.Context, timeout time.Duration) {
	b.ReportAllocs()
	for i := 0; i < b.N; i++ {
		ctx, cancel := context.WithTimeout(parent, timeout)
		cancel()
		sinkContext = ctx
	}
}

func BenchmarkWithValue(b *testing.B) {
	parent := cancellable(b)
	value := any("value")
	b.ReportAllocs()
	for i := 0; i < b.N; i++ {
		sinkContext = context.WithValue(parent, key(1), value)
	}
}

func BenchmarkWithoutCancel(b *testing.B) {
	parent := cancellable(b)
	b.ReportAllocs()
	for i := 0; i < b.N; i++ {
		sinkContext = context.WithoutCancel(parent)
	}
}
