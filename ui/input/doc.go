// Package input stands between the terminal and Bubble Tea and hands over one
// key at a time.
//
// Bubble Tea v1 parses each read on its own. Three things go wrong with that:
// keys that arrive together ("jjj" in one packet) become one key message that
// no binding matches; an escape sequence or a paste marker that is split over
// two packets falls apart, and a pasted line end then acts as Enter; and late
// answers of the terminal to queries are typed into whatever has the focus.
//
// [Reader] mends them. It is given to Bubble Tea by [Reader.ProgramOption].
// Each of its reads returns the bytes of exactly one key, re-joined over
// packets. Pastes are taken out of the stream and arrive as one [PasteMsg].
// Since a wrapped reader is not a terminal to Bubble Tea, the Reader sets raw
// mode itself and restores it.
//
// A program uses it so:
//
//	var program *tea.Program
//	reader, err := input.Open(os.Stdin, input.Options{
//		Send:     func(m tea.Msg) { program.Send(m) },
//		OnHangup: func() { program.Quit() },
//	})
//	if err != nil {
//		return err
//	}
//	defer reader.Close()
//	program = tea.NewProgram(model, reader.ProgramOption())
//
// To suspend the program use [Reader.Suspend]: the command of Bubble Tea itself
// does not know that the terminal is the Reader's.
//
// The code has two layers. The parser (parser.go, scan.go, csi.go, burst.go)
// is pure: bytes and "so much silence passed" in, keys and pastes out. The
// descriptor loop (reader_unix.go) feeds it. Where the descriptor can't be
// polled (Windows) the Reader only passes the file on to Bubble Tea, and
// [Normalise] mends what can be mended after the fact.
package input
