package main

import (
	"context"
	"runtime"
	"time"
)

// forgotten measures the heap before and after a million contexts were made under a living parent and forgotten,
// none cancelled. A tenth of what Java makes: Go keeps them.
func forgotten(r report, one maker, divisor int) {
	parent, cancel := context.WithCancel(context.Background())
	defer cancel()
	count := 1_000_000 / divisor
	before := heap()
	for range count {
		if one(parent).ctx.Err() != nil {
			panic("nothing has ended it")
		}
	}
	after := heap()
	runtime.KeepAlive(parent)
	r.say("heap-before", float64(before)/1e6, "MB")
	r.say("heap-after", float64(after)/1e6, "MB")
	r.say("bytes-each", max(0, float64(int64(after)-int64(before)))/float64(count), "B")
}

func tenMinutesChild(parent context.Context) kept {
	ctx, cancel := context.WithTimeout(parent, 10*time.Minute)
	return kept{contextAndCancel{ctx, cancel}, nil}
}

func childWithValue(parent context.Context) kept {
	one := child(parent)
	one.ctx = context.WithValue(one.ctx, key(1), "value")
	return one
}

func polled(parent context.Context) kept {
	one := tenMinutesChild(parent)
	for range 100 {
		if one.ctx.Err() != nil {
			panic("nothing has ended it")
		}
	}
	return one
}
