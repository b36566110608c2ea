package main

import (
	"context"
	"testing"
	"time"
)

func BenchmarkWithCancelListenedBackground(b *testing.B) {
	withCancelListened(b, context.Background())
}

func BenchmarkWithCancelListened(b *testing.B) { withCancelListened(b, cancellable(b)) }

func withCancelListened(b *testing.B, parent context.Context) {
	b.ReportAllocs()
	for i := 0; i < b.N; i++ {
		ctx, cancel := context.WithCancel(parent)
		sinkDone = ctx.Done()
		cancel()
		sinkContext = ctx
	}
}

// Go starts a goroutine for the function; Lanyard runs an action of onDone on the thread that cancels.
func BenchmarkWithCancelOnDone(b *testing.B) {
	parent := cancellable(b)
	b.ReportAllocs()
	for i := 0; i < b.N; i++ {
		ctx, cancel := context.WithCancel(parent)
		context.AfterFunc(ctx, nothing)
		cancel()
		sinkContext = ctx
	}
}

func BenchmarkWithTimeoutListenedBackground(b *testing.B) {
	withTimeoutListened(b, context.Background(), time.Hour)
}

func BenchmarkWithTimeoutListened(b *testing.B) { withTimeoutListened(b, cancellable(b), time.Hour) }

func BenchmarkWithTimeoutUnderEarlier(b *testing.B) {
	parent, cancel := context.WithTimeout(context.Background(), time.Hour)
	defer cancel()
	withTimeoutListened(b, parent, 2*time.Hour)
}

func withTimeoutListened(b *testing.B, parent context.Context, timeout time.Duration) {
	b.ReportAllocs()
	for i := 0; i < b.N; i++ {
		ctx, cancel := context.WithTimeout(parent, timeout)
		sinkDone = ctx.Done()
		cancel()
		sinkContext = ctx
	}
}

func BenchmarkWithTimeoutOnDone(b *testing.B) {
	parent := cancellable(b)
	b.ReportAllocs()
	for i := 0; i < b.N; i++ {
		ctx, cancel := context.WithTimeout(parent, time.Hour)
		context.AfterFunc(ctx, nothing)
		cancel()
		sinkContext = ctx
	}
}

func BenchmarkOnDoneStop(b *testing.B) { afterFuncStop(b) }

func BenchmarkAfterFuncStop(b *testing.B) { afterFuncStop(b) }

func afterFuncStop(b *testing.B) {
	parent := cancellable(b)
	b.ReportAllocs()
	for i := 0; i < b.N; i++ {
		sinkBool = context.AfterFunc(parent, nothing)()
	}
}
