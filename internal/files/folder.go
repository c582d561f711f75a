package files

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path"
	"path/filepath"
)

// folder stores each blob as a file, in one of 256 folders. No name can point out of it.
type folder struct{ root *os.Root }

func openFolder(u *url.URL) (Blobs, error) {
	dir := filepath.FromSlash(u.Path)
	if u.Host != "" || !filepath.IsAbs(dir) {
		return nil, errors.New("the address of a folder has three slashes and a whole path: file:///var/lib/docket/files")
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of files: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("open the folder of files: %w", err)
	}
	return folder{root}, nil
}

// Put implements Blobs. A blob gets its name when all of it is on the disk.
func (f folder) Put(_ context.Context, name string, data []byte) error {
	at, part := blobPaths(name)
	if err := f.root.MkdirAll(path.Dir(at), 0o700); err != nil {
		return err
	}
	if err := f.writeFile(part, data); err != nil {
		return errors.Join(err, f.removeIfExists(part))
	}
	if err := f.root.Rename(part, at); err != nil {
		return errors.Join(err, f.removeIfExists(part))
	}
	return f.syncDir(path.Dir(at))
}

func (f folder) writeFile(name string, data []byte) error {
	file, err := f.root.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	if err == nil {
		err = file.Sync()
	}
	return errors.Join(err, file.Close())
}

// syncDir writes the names in a folder to the disk.
func (f folder) syncDir(dir string) error {
	opened, err := f.root.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(opened.Sync(), opened.Close())
}

// Open implements Blobs.
func (f folder) Open(_ context.Context, name string) (io.ReadCloser, error) {
	at, _ := blobPaths(name)
	file, err := f.root.Open(at)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrBytesMissing
	}
	if err != nil {
		return nil, err
	}
	return file, nil
}

// Delete implements Blobs.
func (f folder) Delete(_ context.Context, name string) error {
	at, part := blobPaths(name)
	return errors.Join(f.removeIfExists(part), f.removeIfExists(at))
}

func (f folder) removeIfExists(name string) error {
	if err := f.root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// blobPaths is the path of a blob, and its path while it is being written.
func blobPaths(name string) (at, part string) {
	at = path.Join(name[:min(2, len(name))], name)
	return at, at + ".part"
}
