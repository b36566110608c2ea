// A server of net/http for the measurements of docs/http-performance.md. It says on its output where it listens, and
// when handlers start and when their contexts end:
//
//	listening PORT TLS-PORT
//	started ID
//	ended ID NANOSECONDS CAUSE
//
// The nanoseconds are those of the monotonic clock, which all processes of a machine share.
package main

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
)

func main() {
	mux := http.NewServeMux()
	leaving(mux)
	mux.HandleFunc("/bare", func(w http.ResponseWriter, r *http.Request) { _ = hello(w, r) })
	accessLog, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	check(err)
	mux.Handle("/hello", equipped(bufio.NewWriterSize(accessLog, 1<<16), hello))

	server := &http.Server{Handler: mux, Protocols: new(http.Protocols)}
	server.Protocols.SetHTTP1(true)
	server.Protocols.SetHTTP2(true)
	server.Protocols.SetUnencryptedHTTP2(true)
	server.TLSConfig = selfSigned()
	plain, encrypted := listen(), listen()
	go func() { check(server.ServeTLS(encrypted, "", "")) }()
	say("listening %d %d", plain.Addr().(*net.TCPAddr).Port, encrypted.Addr().(*net.TCPAddr).Port)
	check(server.Serve(plain))
}

func hello(w http.ResponseWriter, _ *http.Request) error {
	w.Header().Set("Content-Type", "text/plain")
	_, err := w.Write([]byte("hello"))
	return err
}

func listen() net.Listener {
	var config net.ListenConfig
	listener, err := config.Listen(context.Background(), "tcp", "127.0.0.1:0")
	check(err)
	return listener
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
