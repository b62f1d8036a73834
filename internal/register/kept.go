package register

import "sync"

type kept struct{ mu sync.Mutex }
