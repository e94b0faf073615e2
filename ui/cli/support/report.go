package support

import (
	"time"

	"certty/ui/cli/command"
)

// schemaVersion is that of the JSON document.
const schemaVersion = 1

// report is what is attached to a ticket.
type report struct {
	SchemaVersion int             `json:"schema_version"`
	MadeAt        time.Time       `json:"made_at"`
	Redacted      bool            `json:"redacted"`
	Program       command.Program `json:"program"`
	Terminal      terminal        `json:"terminal"`
	// Environment names the variables that are set and count; never their values.
	Environment   []string      `json:"environment"`
	Configuration configuration `json:"configuration"`
	State         state         `json:"state"`
	Targets       []target      `json:"targets"`
	// Unfinished are changes whose end is not known.
	Unfinished []change  `json:"unfinished"`
	Errors     []failure `json:"errors"`
}

// terminal is where the program runs.
type terminal struct {
	Person bool `json:"person"`
	Width  int  `json:"width"`
	SSH    bool `json:"ssh"`
	// Settings are variables such as TERM, with their values.
	Settings []setting `json:"settings"`
}

type setting struct {
	Name  string `json:"name"`
	Value any    `json:"value"`
}

type configuration struct {
	File     string    `json:"file"`
	Problems []string  `json:"problems"`
	Settings []setting `json:"settings"`
}

// state is what is known of the files of the local state.
type state struct {
	StateDir string `json:"state_dir"`
	CacheDir string `json:"cache_dir"`
	// Error is why the state could not be opened.
	Error string   `json:"error,omitempty"`
	Notes []string `json:"notes"`
	// Journal is "whole", or what is wrong with it.
	Journal string `json:"journal"`
}

type target struct {
	Name         string       `json:"name"`
	Kind         string       `json:"kind"`
	Address      string       `json:"address"`
	ReadOnly     bool         `json:"read_only"`
	Sandbox      bool         `json:"sandbox"`
	Latch        *latch       `json:"latch,omitempty"`
	Capabilities []capability `json:"capabilities"`
}

type latch struct {
	At     time.Time `json:"at"`
	Reason string    `json:"reason"`
}

// capability is one thing that a target can do, or why not.
type capability struct {
	Name string `json:"name"`
	Able bool   `json:"able"`
	Why  string `json:"why,omitempty"`
}

type change struct {
	At     time.Time `json:"at"`
	Actor  string    `json:"actor"`
	Op     string    `json:"op"`
	Target string    `json:"target"`
	Name   string    `json:"name"`
}

// failure is an error as the journal or the log has it.
type failure struct {
	At time.Time `json:"at"`
	// From is journal or log.
	From   string `json:"from"`
	Op     string `json:"op"`
	Target string `json:"target"`
	Name   string `json:"name,omitempty"`
	// Result is refused or uncertain, of a change.
	Result    string `json:"result,omitempty"`
	Status    string `json:"status,omitempty"`
	Code      string `json:"code,omitempty"`
	RequestID string `json:"request_id,omitempty"`
	Text      string `json:"text"`
	// Times is how often it is there, the last time at At.
	Times int `json:"times"`
}
