package vaultserver

import (
	"net/http"
	"slices"
)

// Contact is somebody whom the vault would write to.
type Contact struct {
	Email string `json:"email"`
	Name  string `json:"name,omitempty"`
	Phone string `json:"phone,omitempty"`
}

type contactsBody struct {
	Contacts []Contact `json:"contacts"`
}

type contactsAnswer struct {
	ID       string    `json:"id"`
	Contacts []Contact `json:"contacts"`
}

// getContacts reads the contacts (Key Vault REST, "Get Certificate Contacts").
func (s *Server) getContacts(c *call) (*answer, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return c.contacts(s.settings.Contacts)
}

// setContacts replaces all contacts (Key Vault REST, "Set Certificate
// Contacts"). Several with one address are taken, as recorded. What the service
// says of a contact without an address was not recorded.
func (s *Server) setContacts(c *call) (*answer, error) {
	var body contactsBody
	if err := decode(c.body, &body); err != nil {
		return nil, unreadableBody(err)
	}
	if slices.ContainsFunc(body.Contacts, func(c Contact) bool { return c.Email == "" }) || len(body.Contacts) == 0 {
		return nil, badParameter("Property contacts has invalid value\r\n")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settings.Contacts = body.Contacts
	s.saveSettings()
	return c.contacts(body.Contacts)
}

// deleteContacts deletes all contacts and answers with who they were (Key Vault
// REST, "Delete Certificate Contacts").
func (s *Server) deleteContacts(c *call) (*answer, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	old := s.settings.Contacts
	s.settings.Contacts = nil
	if len(old) > 0 {
		s.saveSettings()
	}
	return c.contacts(old)
}

func (c *call) contacts(contacts []Contact) (*answer, error) {
	if len(contacts) == 0 {
		return nil, contactsNotFound()
	}
	return &answer{status: http.StatusOK, body: contactsAnswer{c.url("certificates", "contacts"), contacts}}, nil
}
