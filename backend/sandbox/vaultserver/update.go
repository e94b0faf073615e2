package vaultserver

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
)

// updateBody is the body of updating a certificate.
type updateBody struct {
	Policy     json.RawMessage   `json:"policy"`
	Attributes *Attributes       `json:"attributes"`
	Tags       map[string]string `json:"tags"`
}

// updateCertificate changes a version's attributes and tags and, where the body
// has one, the policy that all versions share (Key Vault REST, "Update
// Certificate"). Of the attributes only enabled can be changed: dates are taken
// and ignored, as recorded. What nothing was issued for yet stays disabled, as
// recorded.
func (s *Server) updateCertificate(c *call) (*answer, error) {
	var body updateBody
	if err := decode(c.body, &body); err != nil {
		return nil, unreadableBody(err)
	}
	if len(body.Tags) > maxTags {
		return nil, invalidBody()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	o, v, err := s.version(c)
	if err != nil {
		return nil, err
	}
	if given(body.Policy) {
		if err := o.updatePolicy(c, body.Policy); err != nil {
			return nil, err
		}
	}
	if body.Tags != nil {
		v.Tags = maps.Clone(body.Tags)
	}
	if a := body.Attributes; a != nil && a.Enabled != nil && v.issued() {
		v.Enabled = *a.Enabled
	}
	v.Updated = c.now
	s.save(o)
	return &answer{status: http.StatusOK, body: c.bundle(o, v)}, nil
}

// updatePolicy changes the stored policy (Key Vault REST, "Update Certificate
// Policy": the members that are given are set, the others are left). The
// version's own dates don't move, as recorded.
func (s *Server) updatePolicy(c *call) (*answer, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o, err := s.existing(c)
	if err != nil {
		return nil, err
	}
	if err := o.updatePolicy(c, c.body); err != nil {
		return nil, err
	}
	s.save(o)
	return &answer{status: http.StatusOK, body: c.policy(o)}, nil
}

func (o *object) updatePolicy(c *call, change []byte) error {
	merged, err := mergePolicy(o.Policy, change)
	if err != nil {
		return err
	}
	policy, f := complete(&merged)
	if f != nil {
		return f
	}
	o.Policy, o.PolicyUpdated = policy, c.now
	return nil
}

// mergePolicy sets the members of a policy that a change has, at any depth; a
// list is set whole, and null leaves what is there. Whether the service goes
// deeper than the policy's own members was not recorded: every recorded client
// sent them whole.
func mergePolicy(p Policy, change []byte) (Policy, error) {
	var members map[string]any
	if err := decode(change, &members); err != nil {
		return Policy{}, unreadableBody(err)
	}
	old, err := json.Marshal(p)
	if err != nil {
		return Policy{}, fmt.Errorf("encode the stored policy: %w", err)
	}
	var tree map[string]any
	if err := json.Unmarshal(old, &tree); err != nil {
		return Policy{}, fmt.Errorf("read the stored policy: %w", err)
	}
	mergeMembers(tree, members)
	data, err := json.Marshal(tree)
	if err != nil {
		return Policy{}, fmt.Errorf("encode the changed policy: %w", err)
	}
	var merged Policy
	if err := json.Unmarshal(data, &merged); err != nil {
		return Policy{}, unreadableBody(err)
	}
	return merged, nil
}

func mergeMembers(into, change map[string]any) {
	for name, value := range change {
		members, isObject := value.(map[string]any)
		old, wasObject := into[name].(map[string]any)
		switch {
		case value == nil:
		case isObject && wasObject:
			mergeMembers(old, members)
		default:
			into[name] = value
		}
	}
}

// given reports whether a member is there and is not null.
func given(member json.RawMessage) bool { return len(member) > 0 && string(member) != "null" }
