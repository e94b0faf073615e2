package console

import (
	"sync"

	"certty/model"
)

// heard keeps what a repository publishes until somebody asks for it.
type heard struct {
	mu    sync.Mutex
	pages []model.Page
}

func (h *heard) add(p model.Page) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.pages = append(h.pages, p)
}

func (h *heard) take() []model.Page {
	h.mu.Lock()
	defer h.mu.Unlock()
	pages := h.pages
	h.pages = nil
	return pages
}
