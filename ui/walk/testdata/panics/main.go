// Panics is the screen with parts that panic where its argument says: in a
// command, in one that has a password, in Update, or beside the screen.
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"certty/backend"
	"certty/backend/poll"
	"certty/config/earlyenv"
	"certty/model"
	"certty/ui/app"
	"certty/ui/theme"
	"certty/ui/view"
)

type stub struct{}

func (stub) Info() backend.Info                 { return backend.Info{Name: "prod"} }
func (stub) Capabilities() backend.Capabilities { return backend.Capabilities{} }

type poller struct{}

func (poller) Refresh()                    { panic("in Update") }
func (poller) Look(model.Ref)              {}
func (poller) Watch([]model.Ref)           {}
func (poller) Acted(model.Ref, model.Page) {}
func (poller) Retry()                      {}

// lock has a mistake in it that only a long enough password is safe from.
//
//go:noinline
func lock(password []byte, again string, length int) error {
	return fmt.Errorf("%d %d", password[length], again[length])
}

func main() {
	earlyenv.Restore()
	where := os.Args[1]
	err := app.Run(context.Background(), app.Options{
		In: os.Stdin, Out: &app.Output{File: os.Stdout}, Lookup: os.LookupEnv,
		Names: []string{"prod"}, Theme: theme.FromEnv(os.LookupEnv), FPS: 60, Clock: time.Now,
		Open: func(context.Context) (*app.Parts, error) {
			switch where {
			case "command":
				panic("in a command")
			case "password":
				return nil, lock([]byte(os.Args[2]), os.Args[2], 99)
			}
			return &app.Parts{
				Targets: []view.Target{{Info: stub{}.Info(), Poller: poller{}}},
				Boxes:   []*poll.Mailbox{poll.New(stub{}, nil, poll.Options{}).Subscribe()},
			}, nil
		},
	}, func(send func(app.Message)) {
		if where == "beside" {
			go send(app.Crashed{What: "the refresh", Log: "certty.log"})
		}
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, "ended:", err)
		os.Exit(1)
	}
}
