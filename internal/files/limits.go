package files

import (
	"time"

	"docket/internal/photo"
)

// What a user may send.
const (
	MaxBytes  = photo.MaxBytes // of a file, also of a document
	MaxPerDay = 100            // files of a user that no ticket names
)

const (
	maxMemory        = 128 << 20     // bytes of uploads of all users at once: forty photos of three megabytes
	maxMemoryPerUser = maxMemory / 4 // enough for a page that sends a few photos at once

	storeTimeout = 20 * time.Second // for bytes to be stored
	failTimeout  = 2 * time.Second  // to record that they were not
)
