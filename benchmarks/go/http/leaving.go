package main

import (
	"fmt"
	"io"
	"net/http"
	"sync"
	"syscall"
	"time"
	"unsafe"
)

// No handler waits longer: the one who measures has given up by then.
const patience = 4 * time.Second

var output sync.Mutex

func say(format string, arguments ...any) {
	output.Lock()
	defer output.Unlock()
	fmt.Printf(format+"\n", arguments...)
}

// leaving has the handlers whose clients leave.
func leaving(mux *http.ServeMux) {
	mux.HandleFunc("/wait", func(_ http.ResponseWriter, r *http.Request) { wait(r) })
	mux.HandleFunc("/read", func(_ http.ResponseWriter, r *http.Request) {
		if _, err := io.Copy(io.Discard, r.Body); err == nil {
			wait(r)
		}
	})
	mux.HandleFunc("/stream", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		fmt.Fprint(w, "data: first\n\n")
		w.(http.Flusher).Flush()
		wait(r)
	})
}

// wait blocks as a handler does that waits for another service.
func wait(r *http.Request) {
	id := r.URL.Query().Get("id")
	say("started %s", id)
	select {
	case <-r.Context().Done():
		say("ended %s %d canceled", id, monotonic())
	case <-time.After(patience):
	}
}

// monotonic reads CLOCK_MONOTONIC, as System.nanoTime does on Linux; time.Now has a reading of it but keeps it to itself.
func monotonic() int64 {
	var now syscall.Timespec
	const clockMonotonic = 1
	if _, _, failed := syscall.RawSyscall(syscall.SYS_CLOCK_GETTIME, clockMonotonic, uintptr(unsafe.Pointer(&now)), 0); failed != 0 {
		check(failed)
	}
	return now.Nano()
}
