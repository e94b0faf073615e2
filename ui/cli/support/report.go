package support

import (
	"time"

	"certty/ui/cli/command"
)

// schemaVersion is that of the JSON document.
const schemaVersion = 1

// report is what is attached to a ticket.
type report struct {
	// SchemaVersion is the version of this form.
	SchemaVersion int `json:"schema_version"`
	// MadeAt is when it was gathered.
	MadeAt time.Time `json:"made_at"`
	// Redacted is true when numbers stand in the place of names, hosts and people.
	Redacted bool `json:"redacted"`
	// Program is which program this is.
	Program command.Program `json:"program"`
	// Terminal is where it runs.
	Terminal terminal `json:"terminal"`
	// Environment names the variables that are set and count; never their values.
	Environment []string `json:"environment"`
	// Configuration is what is configured.
	Configuration configuration `json:"configuration"`
	// State is what is known of the files of the local state.
	State state `json:"state"`
	// Targets are the configured targets.
	Targets []target `json:"targets"`
	// Unfinished are changes whose end is not known.
	Unfinished []change `json:"unfinished"`
	// Errors are the last ones, the newest first.
	Errors []failure `json:"errors"`
}

// terminal is where the program runs.
type terminal struct {
	// Person is true when a person can be asked.
	Person bool `json:"person"`
	// Width is that of standard output in cells; 0 when it is no terminal.
	Width int `json:"width"`
	// SSH is true within a session of ssh.
	SSH bool `json:"ssh"`
	// Settings are variables such as TERM, with their values.
	Settings []setting `json:"settings"`
}

// setting is a setting, or a variable, with its value.
type setting struct {
	// Name is that of the variable, or the path of the setting.
	Name string `json:"name"`
	// Value is what it is set to: a text, a number, true or false, or a list.
	Value any `json:"value"`
}

// configuration is what is configured.
type configuration struct {
	// File is the file that was read; empty where there is none.
	File string `json:"file"`
	// Problems are what is wrong with it.
	Problems []string `json:"problems"`
	// Settings are those that count; of a secret it is said where it is taken from.
	Settings []setting `json:"settings"`
}

// state is what is known of the files of the local state.
type state struct {
	// StateDir is the folder of the journal.
	StateDir string `json:"state_dir"`
	// CacheDir is that of what can be read again.
	CacheDir string `json:"cache_dir"`
	// Error is why the state could not be opened.
	Error string `json:"error,omitempty"`
	// Notes are what else is odd about it.
	Notes []string `json:"notes"`
	// Journal is "whole", or what is wrong with it.
	Journal string `json:"journal"`
}

// target is a configured target.
type target struct {
	// Name is the configured name.
	Name string `json:"name"`
	// Kind is the kind of target, vault or scm.
	Kind string `json:"kind"`
	// Address is the URL of the vault or account.
	Address string `json:"address"`
	// ReadOnly is true when nothing can be changed there.
	ReadOnly bool `json:"read_only"`
	// Sandbox is true when the service is the embedded one.
	Sandbox bool `json:"sandbox"`
	// Latch stands when its login was refused; nothing is called there then.
	Latch *latch `json:"latch,omitempty"`
	// Capabilities are what it can do, and why not.
	Capabilities []capability `json:"capabilities"`
}

// latch is a login that was refused.
type latch struct {
	// At is when it was.
	At time.Time `json:"at"`
	// Reason is what the service said.
	Reason string `json:"reason"`
}

// capability is one thing that a target can do, or why not.
type capability struct {
	// Name is what it is.
	Name string `json:"name"`
	// Able is true when the target can do it.
	Able bool `json:"able"`
	// Why it can't.
	Why string `json:"why,omitempty"`
}

// change is a change of the journal.
type change struct {
	// At is when it was asked for.
	At time.Time `json:"at"`
	// Actor asked for it.
	Actor string `json:"actor"`
	// Op is what was to be done.
	Op string `json:"op"`
	// Target is the configured name.
	Target string `json:"target"`
	// Name is the row that was meant.
	Name string `json:"name"`
}

// failure is an error as the journal or the log has it.
type failure struct {
	// At is when it happened.
	At time.Time `json:"at"`
	// From is journal or log.
	From string `json:"from"`
	// Op is what was being done.
	Op string `json:"op"`
	// Target is the configured name.
	Target string `json:"target"`
	// Name is the row that it was done to.
	Name string `json:"name,omitempty"`
	// Result is refused or uncertain, of a change.
	Result string `json:"result,omitempty"`
	// Status is that of HTTP.
	Status string `json:"status,omitempty"`
	// Code is the service's own.
	Code string `json:"code,omitempty"`
	// RequestID is the service's id of the call.
	RequestID string `json:"request_id,omitempty"`
	// Text is the error.
	Text string `json:"text"`
	// Times is how often it is there, the last time at At.
	Times int `json:"times"`
}
