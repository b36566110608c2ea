package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"
)

const (
	longestRequest   = 30 * time.Second
	largestBody      = 1 << 20
	mostRequests     = 10_000
	longestRequestID = 128
)

type key int

const (
	requestIDKey key = iota
	traceKey
)

// handler may fail; the middleware says so to the client.
type handler func(http.ResponseWriter, *http.Request) error

// equipped does what the middleware of Lanyard does: request id, timing, access log, tracing, deadline, error mapping, limits.
func equipped(accessLog *bufio.Writer, next handler) http.Handler {
	return shedding(identified(traced(logged(accessLog, limited(next)))))
}

// shedding answers 503 while too many requests are handled.
func shedding(next http.Handler) http.Handler {
	places := make(chan struct{}, mostRequests)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case places <- struct{}{}:
			defer func() { <-places }()
			next.ServeHTTP(w, r)
		default:
			w.Header().Set("Retry-After", "1")
			http.Error(w, "busy", http.StatusServiceUnavailable)
		}
	})
}

// identified gives every request an id: the caller's, if it is one.
func identified(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get("X-Request-Id")
		if !clean(id) {
			id = "req-" + random(8)
		}
		w.Header().Set("X-Request-Id", id)
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), requestIDKey, id)))
	})
}

func clean(id string) bool {
	for i := range len(id) {
		if id[i] <= ' ' || id[i] > '~' {
			return false
		}
	}
	return id != "" && len(id) <= longestRequestID
}

func random(bytes int) string {
	id := make([]byte, bytes)
	rand.Read(id)
	return hex.EncodeToString(id)
}

// span is where a request stands in its trace.
type span struct {
	traceID, parentID, spanID, state string
	sampled                          bool
}

// traced continues the caller's trace, or begins one.
func traced(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s, found := parse(r.Header.Get("Traceparent"))
		if found {
			s.state = r.Header.Get("Tracestate")
		} else {
			s = span{traceID: random(16)}
		}
		s.spanID = random(8)
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), traceKey, &s)))
	})
}

// parse knows version 00 alone: 00-TRACE-PARENT-FLAGS in hexadecimal digits.
func parse(traceparent string) (span, bool) {
	if len(traceparent) != 55 || traceparent[:3] != "00-" || traceparent[35] != '-' || traceparent[52] != '-' {
		return span{}, false
	}
	var raw [16]byte
	for _, part := range []string{traceparent[3:35], traceparent[36:52], traceparent[53:]} {
		if _, err := hex.Decode(raw[:], []byte(part)); err != nil {
			return span{}, false
		}
	}
	return span{traceID: traceparent[3:35], parentID: traceparent[36:52], sampled: raw[0]&1 == 1}, true
}

// answer remembers what was answered.
type answer struct {
	http.ResponseWriter
	start         time.Time
	status, bytes int
}

func (a *answer) WriteHeader(status int) {
	if a.status == 0 {
		a.Header().Set("Server-Timing", fmt.Sprintf("total;dur=%.3f", float64(time.Since(a.start).Nanoseconds())/1e6))
	}
	a.status = status
	a.ResponseWriter.WriteHeader(status)
}

func (a *answer) Write(body []byte) (int, error) {
	if a.status == 0 {
		a.WriteHeader(http.StatusOK)
	}
	a.bytes += len(body)
	return a.ResponseWriter.Write(body)
}

// logged measures the request and writes a line about it.
func logged(accessLog *bufio.Writer, next http.Handler) http.Handler {
	var writing sync.Mutex
	lines := sync.Pool{New: func() any { line := make([]byte, 0, 256); return &line }}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		a := &answer{ResponseWriter: w, start: start}
		next.ServeHTTP(a, r)
		status := a.status
		if r.Context().Err() != nil {
			status = 499
		}
		line := lines.Get().(*[]byte)
		*line = start.AppendFormat((*line)[:0], time.RFC3339Nano)
		*line = fmt.Appendf(*line, " %s %s %s %d %d %dus %s %s\n", r.RemoteAddr, r.Method, r.URL.Path, status, a.bytes,
			time.Since(start).Microseconds(), r.Context().Value(requestIDKey), r.Context().Value(traceKey).(*span).traceID)
		writing.Lock()
		accessLog.Write(*line)
		writing.Unlock()
		lines.Put(line)
	})
}

// limited bounds time and body, and answers for a handler that fails.
func limited(next handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		timeout, late := longestRequest, http.StatusServiceUnavailable
		if callers, sent := grpcTimeout(r.Header.Get("Grpc-Timeout")); sent && callers < timeout {
			timeout, late = callers, http.StatusGatewayTimeout
		}
		ctx, cancel := context.WithTimeout(r.Context(), timeout)
		defer cancel()
		defer func() {
			if panicked := recover(); panicked != nil {
				failed(w, r, http.StatusInternalServerError)
			}
		}()
		r.Body = http.MaxBytesReader(w, r.Body, largestBody)
		err := next(w, r.WithContext(ctx))
		var tooLarge *http.MaxBytesError
		switch {
		case err == nil:
		case errors.Is(err, context.DeadlineExceeded):
			failed(w, r, late)
		case errors.Is(err, context.Canceled): // nobody is there to be answered
		case errors.As(err, &tooLarge):
			failed(w, r, http.StatusRequestEntityTooLarge)
		default:
			failed(w, r, http.StatusInternalServerError)
		}
	})
}

func failed(w http.ResponseWriter, r *http.Request, status int) {
	http.Error(w, fmt.Sprint(http.StatusText(status), ", request ", r.Context().Value(requestIDKey)), status)
}

var units = map[byte]time.Duration{
	'H': time.Hour, 'M': time.Minute, 'S': time.Second, 'm': time.Millisecond, 'u': time.Microsecond, 'n': time.Nanosecond,
}

// grpcTimeout reads up to eight digits and a unit.
func grpcTimeout(header string) (time.Duration, bool) {
	if len(header) < 2 || len(header) > 9 {
		return 0, false
	}
	amount, err := strconv.ParseUint(header[:len(header)-1], 10, 32)
	if err != nil {
		return 0, false
	}
	unit, known := units[header[len(header)-1]]
	return time.Duration(amount) * unit, known
}
