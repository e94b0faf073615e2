package vault

import (
	"context"
	"maps"

	"certty/backend"
)

// mostTags is how many tags an object can have ("About keys, secrets, and
// certificates", tags).
const mostTags = 15

// operationTags are tags with the id of the operation that ctx is about, where it
// leaves one and there is room. What the person wants comes first: without the tag
// the change is only harder to find again.
func operationTags(ctx context.Context, tags map[string]string) map[string]string {
	id := backend.Operation(ctx)
	if _, there := tags[backend.OperationTag]; id == "" || !there && len(tags) >= mostTags {
		return tags
	}
	out := make(map[string]string, len(tags)+1)
	maps.Copy(out, tags)
	out[backend.OperationTag] = id
	return out
}
