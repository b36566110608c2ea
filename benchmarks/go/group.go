package main

import (
	"context"
	"sync"
)

// group is errgroup, which is not in the standard library: the first failure cancels the rest.
type group struct {
	cancel  context.CancelCauseFunc
	running sync.WaitGroup
	once    sync.Once
	failure error
}

func groupIn(parent context.Context) (*group, context.Context) {
	ctx, cancel := context.WithCancelCause(parent)
	return &group{cancel: cancel}, ctx
}

func (g *group) fork(operation func() error) {
	g.running.Add(1)
	go func() {
		defer g.running.Done()
		if err := operation(); err != nil {
			g.once.Do(func() {
				g.failure = err
				g.cancel(err)
			})
		}
	}()
}

func (g *group) join() error {
	g.running.Wait()
	g.cancel(g.failure)
	return g.failure
}
