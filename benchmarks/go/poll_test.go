package main

import (
	"context"
	"testing"
	"time"
)

func cancels(b *testing.B, depth int) context.Context {
	ctx := context.Background()
	for range depth {
		child, cancel := context.WithCancel(ctx)
		b.Cleanup(cancel)
		ctx = child
	}
	return ctx
}

func timed(b *testing.B) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), time.Hour)
	b.Cleanup(cancel)
	return ctx
}

func withListener(ctx context.Context) context.Context {
	context.AfterFunc(ctx, nothing)
	return ctx
}

func BenchmarkBaseline(b *testing.B) {
	ctx := cancellable(b)
	for i := 0; i < b.N; i++ {
		sinkContext = ctx
	}
}

func BenchmarkErrLive1(b *testing.B) { err(b, cancels(b, 1)) }

func BenchmarkErrLive10(b *testing.B) { err(b, cancels(b, 10)) }

func BenchmarkErrLive50(b *testing.B) { err(b, cancels(b, 50)) }

func BenchmarkErrLiveListened(b *testing.B) { err(b, withListener(cancels(b, 10))) }

func BenchmarkErrLiveValues9(b *testing.B) { err(b, valuesUnder(cancellable(b), 9)) }

func BenchmarkErrLiveTimeout(b *testing.B) { err(b, timed(b)) }

func BenchmarkErrEnded(b *testing.B) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	err(b, ctx)
}

func err(b *testing.B, ctx context.Context) {
	for i := 0; i < b.N; i++ {
		sinkErr = ctx.Err()
	}
}

func BenchmarkDonePoll(b *testing.B) { donePoll(b, cancellable(b)) }

func BenchmarkDonePollListened(b *testing.B) { donePoll(b, withListener(cancels(b, 10))) }

func BenchmarkDonePollValues9(b *testing.B) { donePoll(b, valuesUnder(cancellable(b), 9)) }

func donePoll(b *testing.B, ctx context.Context) {
	for i := 0; i < b.N; i++ {
		select {
		case <-ctx.Done():
			sinkBool = true
		default:
			sinkBool = false
		}
	}
}

func BenchmarkDeadline1(b *testing.B) { deadline(b, timed(b)) }

func BenchmarkDeadlineValues9(b *testing.B) { deadline(b, valuesUnder(timed(b), 9)) }

func deadline(b *testing.B, ctx context.Context) {
	for i := 0; i < b.N; i++ {
		sinkDeadline, sinkBool = ctx.Deadline()
	}
}

func BenchmarkCauseLive(b *testing.B) { cause(b, cancellable(b)) }

func BenchmarkCauseValues9(b *testing.B) { cause(b, valuesUnder(cancellable(b), 9)) }

func cause(b *testing.B, ctx context.Context) {
	for i := 0; i < b.N; i++ {
		sinkErr = context.Cause(ctx)
	}
}
