package main

import (
	"context"
	"math/rand/v2"
	"testing"
)

const liveMillion = 1_000_000

func BenchmarkLiveMillion(b *testing.B) { replaceOneOfAMillion(b, true) }

func BenchmarkLiveMillionUnlistened(b *testing.B) { replaceOneOfAMillion(b, false) }

func replaceOneOfAMillion(b *testing.B, listened bool) {
	parent := cancellable(b)
	child := func() (one contextAndCancel) {
		one.ctx, one.cancel = context.WithCancel(parent)
		if listened {
			one.ctx.Done()
		}
		return one
	}
	live := make([]contextAndCancel, liveMillion)
	for i := range live {
		live[i] = child()
	}
	random := rand.New(rand.NewPCG(1, 2))
	b.ReportAllocs()
	b.ResetTimer()
	for i := 0; i < b.N; i++ {
		one := &live[random.IntN(liveMillion)]
		one.cancel()
		*one = child()
	}
}
