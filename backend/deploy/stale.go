package deploy

import (
	"context"
	"log/slog"
	"os"

	"certty/backend/staging"
)

// tidy removes what a program left in the folder that ended while it staged
// files, of this user or of whom the files here are given to. What can't be
// removed stands in nobody's way, and is only logged.
func tidy(ctx context.Context, dir *os.Root, who owner, log *slog.Logger) {
	removed, err := staging.Tidy(dir, who.uid)
	for _, name := range removed {
		log.InfoContext(ctx, "a file was removed that an earlier try left over", "folder", dir.Name(), "name", name)
	}
	if err != nil {
		log.WarnContext(ctx, "what earlier tries left over could not be removed", "folder", dir.Name(), "error", err)
	}
}
