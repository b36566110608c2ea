package main

import (
	"context"
	"runtime"
	"time"
)

type key int

// maker makes one object below the parent, or on it, and says what its user keeps of it.
type maker func(parent context.Context) kept

type kept struct {
	contextAndCancel
	stop func() bool
}

func child(parent context.Context) kept {
	ctx, cancel := context.WithCancel(parent)
	return kept{contextAndCancel{ctx, cancel}, nil}
}

func timeoutChild(parent context.Context) kept {
	ctx, cancel := context.WithTimeout(parent, time.Hour)
	return kept{contextAndCancel{ctx, cancel}, nil}
}

func valueChild(parent context.Context) kept {
	return kept{contextAndCancel{context.WithValue(parent, key(1), "value"), nil}, nil}
}

func registration(parent context.Context) kept {
	return kept{stop: context.AfterFunc(parent, nothing)}
}

func listenedTo(plain maker) maker {
	return func(parent context.Context) kept {
		one := plain(parent)
		context.AfterFunc(one.ctx, nothing)
		return one
	}
}

func asked(plain maker) maker {
	return func(parent context.Context) kept {
		one := plain(parent)
		one.ctx.Done()
		return one
	}
}

// footprint measures the bytes for each of a million live objects: the heap after a collection, less that before
// they were made.
func footprint(r report, one maker, divisor int) {
	parent, cancel := context.WithCancel(context.Background())
	defer cancel()
	count := 1_000_000 / divisor
	live := make([]kept, count)
	before := heap()
	for i := range live {
		live[i] = one(parent)
	}
	after := heap()
	runtime.KeepAlive(live)
	r.say("bytes", float64(int64(after)-int64(before))/float64(count), "B")
}

// heap returns the bytes that are in use after a collection.
func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}
