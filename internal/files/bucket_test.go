package files_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"docket/internal/files"
)

var versitygw = flag.String("versitygw", "", "the program of the S3 server that the tests use; empty: a server in memory")

// startS3 starts an S3 server with an empty bucket "docket" and returns its address. The keys come from the environment, so no other test may
// run beside.
func startS3(t *testing.T) (address string) {
	t.Helper()
	t.Setenv("AWS_ACCESS_KEY_ID", "key")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	if *versitygw != "" {
		return startVersitygw(t)
	}
	backend := s3mem.New()
	if err := backend.CreateBucket("docket"); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(gofakes3.New(backend).Server())
	t.Cleanup(server.Close)
	return server.URL
}

func startVersitygw(t *testing.T) (address string) {
	t.Helper()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "docket"), 0o700); err != nil { // a bucket is a folder
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	listen := l.Addr().String()
	l.Close()
	cmd := exec.Command(*versitygw, "--port", listen, "posix", dir)
	cmd.Env = append(os.Environ(), "ROOT_ACCESS_KEY=key", "ROOT_SECRET_KEY=secret")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // it was killed
	})
	for {
		if conn, err := net.Dial("tcp", listen); err == nil {
			conn.Close()
			return "http://" + listen
		}
		if err := t.Context().Err(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

func openBucket(t *testing.T, address string) files.Blobs {
	t.Helper()
	return openBlobs(t, "s3://docket/some/prefix?region=us-east-1&endpoint="+url.QueryEscape(address))
}

// faultyS3 is a proxy before an S3 server that answers by itself what a fault says.
type faultyS3 struct {
	fault atomic.Pointer[func(w http.ResponseWriter, r *http.Request, next http.Handler)]
	url   string
}

func newFaultyS3(t *testing.T, server string) *faultyS3 {
	t.Helper()
	target, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	f := &faultyS3{}
	next := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(target)
		r.Out.Host = r.In.Host // it is signed
	}}
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if fault := f.fault.Load(); fault != nil {
			(*fault)(w, r, next)
			return
		}
		next.ServeHTTP(w, r)
	}))
	t.Cleanup(proxy.Close)
	f.url = proxy.URL
	return f
}

func (f *faultyS3) set(fault func(w http.ResponseWriter, r *http.Request, next http.Handler)) {
	f.fault.Store(&fault)
}

func refuse(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
	w.WriteHeader(http.StatusServiceUnavailable)
}

// cutOff ends the connection in the middle of what the client sends, or else of what it is sent.
func cutOff(w http.ResponseWriter, r *http.Request, next http.Handler) {
	if r.Method == http.MethodPut {
		_, _ = io.CopyN(io.Discard, r.Body, 1<<16)
		panic(http.ErrAbortHandler)
	}
	next.ServeHTTP(&cutWriter{ResponseWriter: w, left: 1 << 16}, r)
}

type cutWriter struct {
	http.ResponseWriter
	left int
}

// Write implements io.Writer.
func (w *cutWriter) Write(b []byte) (int, error) {
	if w.left -= len(b); w.left < 0 {
		panic(http.ErrAbortHandler)
	}
	return w.ResponseWriter.Write(b)
}

func TestBucket_RefusesTwice(t *testing.T) {
	server := newFaultyS3(t, startS3(t))
	blobs, want := openBucket(t, server.url), bytes.Repeat([]byte("photo"), 1<<16)
	refuseTwice := func() {
		var asked atomic.Int32
		server.set(func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			if asked.Add(1) <= 2 {
				refuse(w, r, next)
				return
			}
			next.ServeHTTP(w, r)
		})
	}
	refuseTwice()
	if err := blobs.Put(t.Context(), "abcdef", want); err != nil {
		t.Fatalf("put: %v", err)
	}
	refuseTwice()
	if got := read(t, blobs, "abcdef"); !bytes.Equal(got, want) {
		t.Errorf("got %d bytes, want the %d that were put", len(got), len(want))
	}
	refuseTwice()
	if err := blobs.Delete(t.Context(), "abcdef"); err != nil {
		t.Errorf("delete: %v", err)
	}
}

// TestBucket_Faults has a bucket fail in one way after the other. What was stored before is there afterwards, and nothing is there in part.
func TestBucket_Faults(t *testing.T) {
	address := startS3(t)
	for name, fault := range map[string]func(w http.ResponseWriter, r *http.Request, next http.Handler){
		"refuses": refuse,
		"cut off": cutOff,
		"no answer": func(_ http.ResponseWriter, r *http.Request, _ http.Handler) {
			_, _ = io.Copy(io.Discard, r.Body) // else Go does not notice that the client is gone
			<-r.Context().Done()
		},
	} {
		t.Run(name, func(t *testing.T) {
			server := newFaultyS3(t, address)
			blobs, data := openBucket(t, server.url), bytes.Repeat([]byte("photo"), 1<<18)
			before, during := "before "+name, "during "+name
			if err := blobs.Put(t.Context(), before, data); err != nil {
				t.Fatal(err)
			}
			server.set(fault)
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second) // of an upload that is given up
			defer cancel()
			if err := blobs.Put(ctx, during, data); err == nil {
				t.Error("put: no error")
			}
			if got, err := readAll(ctx, blobs, before); err == nil || errors.Is(err, files.ErrBytesMissing) {
				t.Errorf("open: %d bytes, %v; want an error that does not say that the bytes are missing", len(got), err)
			}
			if err := blobs.Delete(ctx, before); err == nil && name != "cut off" { // its answer has no body
				t.Error("delete: no error")
			}
			server.fault.Store(nil)
			if _, err := readAll(t.Context(), blobs, during); !errors.Is(err, files.ErrBytesMissing) {
				t.Errorf("open what was not stored: %v, want ErrBytesMissing", err)
			}
			if err := blobs.Put(t.Context(), during, data); err != nil {
				t.Errorf("put again: %v", err)
			}
			if got := read(t, blobs, during); !bytes.Equal(got, data) {
				t.Errorf("got %d bytes, want the %d that were put", len(got), len(data))
			}
		})
	}
}

func readAll(ctx context.Context, blobs files.Blobs, name string) ([]byte, error) {
	body, err := blobs.Open(ctx, name)
	if err != nil {
		return nil, err
	}
	defer body.Close()
	return io.ReadAll(body)
}
