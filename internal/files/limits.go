package files

import (
	"time"

	"docket/internal/photo"
)

// What a user may send.
const (
	MaxBytes = photo.MaxBytes // of a file, also of a document

	MaxPerDay       = 100  // files in a day, also those that were refused
	MaxDraftsPerDay = 2000 // how often a draft is saved in a day
)

// What uploads of all users may take of an instance.
const (
	maxMemory   = 32 << 20 // bytes that arrive; what does not fit goes to the temporary file at once
	maxInMemory = 1 << 20  // of one upload; a longer one goes to a temporary file
	maxDisk     = 1 << 30  // of temporary files
	maxStoring  = 64 << 20 // of what is on its way to the storage

	maxWaitingForRead = 16 // users who wait with an upload: when more do, what photos say is not read, so that they wait less

	storeTimeout = 50 * time.Second // for a file that has arrived to be read in its turn, and to be stored
	failTimeout  = 2 * time.Second  // to record that it was not
	countTimeout = 4 * time.Second  // to count it
)
