package main

import "context"

// contextAndCancel is what Go's user keeps where Java's keeps one object.
type contextAndCancel struct {
	ctx    context.Context
	cancel context.CancelFunc
}

func nothing() {}
