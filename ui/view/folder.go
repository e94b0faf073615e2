package view

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	tea "github.com/charmbracelet/bubbletea"
)

// folderMode keeps a folder that is made here from people of other groups.
const folderMode = 0o750

// SaveInto writes data to the file of that name in a folder, which is made if
// it is not there; the folder may start with ~. Nothing is ever overwritten.
// The answer is a [FileSaved]. name is a file's name and no path.
func SaveInto(folder, name string, data []byte, mode fs.FileMode) tea.Cmd {
	return func() tea.Msg {
		if name == "." || name != filepath.Base(name) || !filepath.IsLocal(name) {
			return FileSaved{Path: name, Err: fmt.Errorf("%q is no file name", name)}
		}
		full, err := expand(folder)
		if err == nil {
			err = os.MkdirAll(full, folderMode)
		}
		if err != nil {
			return FileSaved{Path: folder, Err: fmt.Errorf("make the folder: %w", err)}
		}
		return SaveFile(filepath.Join(full, name), data, mode, false)()
	}
}
