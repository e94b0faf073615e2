// Package logs shows what the program noted since it was started: changes,
// failures and pauses, and one level deeper each call that was made. [Ring] is
// where the log goes besides its file; [View] shows it, newest last, and follows
// what comes.
package logs
