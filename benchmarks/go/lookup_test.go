package main

import (
	"context"
	"testing"
)

// valuesUnder makes a chain whose first value is that of key(0).
func valuesUnder(root context.Context, depth int) context.Context {
	ctx := root
	for i := range depth {
		ctx = context.WithValue(ctx, key(i), "value")
	}
	return ctx
}

func BenchmarkValue1(b *testing.B) { value(b, 1, key(0)) }

func BenchmarkValue10(b *testing.B) { value(b, 10, key(0)) }

func BenchmarkValue50(b *testing.B) { value(b, 50, key(0)) }

func BenchmarkValueMiss50(b *testing.B) { value(b, 50, key(-1)) }

func value(b *testing.B, depth int, wanted any) {
	ctx := valuesUnder(context.Background(), depth)
	for i := 0; i < b.N; i++ {
		sinkValue = ctx.Value(wanted)
	}
}
