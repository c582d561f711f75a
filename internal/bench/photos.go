package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"

	"docket/internal/testkit/testpicture"
)

const photosAtOnce = 20

// photoForm asks for one photo, of which nothing is read.
const photoForm = "name: photos\nlanguages: [en]\ntitle: Photos\ntime_zone: UTC\nfields:\n  - {name: document_front, label: Front, type: image}\n"

// measurePhotos measures uploads of a phone's photo of a passport, for a field of which nothing is read and for one that the built-in form
// reads; and of a document without a zone that could be read, for which every way to find one is tried.
func (b *bench) measurePhotos(ctx context.Context) error {
	plain := filepath.Join(b.dir, "photos.yaml")
	if err := os.WriteFile(plain, []byte(photoForm), 0o600); err != nil {
		return err
	}
	passport := phonePhoto(drawPassport(4000))
	if err := b.measureUploads(ctx, "nothing is read of it", passport, []string{"--form", plain}); err != nil {
		return err
	}
	if err := b.measureUploads(ctx, "its zone and face are read", passport, nil); err != nil {
		return err
	}
	return b.measureUploads(ctx, "it has a face, and neither zone nor code", phonePhoto(testpicture.Front(testpicture.Anna, 4000)), nil)
}

// phonePhoto is a picture as a phone that was held upright stores it: on its side.
func phonePhoto(img *image.RGBA) []byte {
	return testpicture.WithEXIF(testpicture.JPEG(testpicture.Rotated(img, 6), 90), 6)
}

// measureUploads measures uploads one after the other, and how much memory many at once take.
func (b *bench) measureUploads(ctx context.Context, name string, photo []byte, more []string) error {
	docket, err := b.startDocket(ctx, b.work, append(more, "--files-url", "file://"+filepath.Join(b.dir, "files"))...)
	if err != nil {
		return err
	}
	idle, before := residentMemory(docket.pid()), cpuTime(docket.pid())
	for n := range b.rounds {
		if err := b.uploadPhoto(ctx, docket.url, fmt.Sprintf("one-%d", n), photo); err != nil {
			return err
		}
	}
	spent := cpuTime(docket.pid()) - before
	together, asked := errgroup.WithContext(ctx)
	for n := range photosAtOnce {
		together.Go(func() error { return b.uploadPhoto(asked, docket.url, fmt.Sprintf("all-%d", n), photo) })
	}
	if err := together.Wait(); err != nil {
		return err
	}
	b.figures = append(b.figures,
		figure{fmt.Sprintf("upload of a photo of 12 megapixels, %s", name), fmt.Sprintf("%.0f ms of CPU", spent.Seconds()*1000/float64(b.rounds)), ""},
		figure{fmt.Sprintf("memory after %d of them at once, %s", photosAtOnce, name), fmt.Sprintf("%.0f MiB more", float64(residentMemory(docket.pid())-idle)/mebi), ""})
	return docket.stop()
}

// uploadPhoto uploads a photo for a user, until docket is not too busy for it.
func (b *bench) uploadPhoto(ctx context.Context, docket, user string, photo []byte) (err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, docket+"/api/v1/files?field=document_front&user_id="+user, bytes.NewReader(photo))
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+b.key)
	req.Header.Set("Content-Type", "image/jpeg")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, resp.Body.Close()) }()
	text, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode == http.StatusServiceUnavailable {
		time.Sleep(time.Second)
		return b.uploadPhoto(ctx, docket, user, photo)
	}
	if err == nil && resp.StatusCode != http.StatusCreated {
		err = fmt.Errorf("upload: status %d: %s", resp.StatusCode, text)
	}
	return err
}
