package api

import "context"

// Requests take turns: what a host keeps is used by one at a time. A request that asks for a
// model gives up its turn, since compiling may take long, and has that model for itself
// instead until it is answered. So a page can ask for a word while a model is made.

// lock is held by one request; waiting for it ends with the request.
type lock chan struct{}

func newLock() lock { return make(lock, 1) }

// holding are the locks of a request, its turn first.
type holding struct {
	turn  lock // nil once it has ended
	locks []lock
}

type holdingKey struct{}

// enter waits for the turn of a request. leave gives back all that it holds by then.
func (h *Host) enter(ctx context.Context) (inside context.Context, leave func(), err error) {
	held := &holding{}
	ctx = context.WithValue(ctx, holdingKey{}, held)
	if err := take(ctx, h.turn); err != nil {
		return nil, nil, err
	}
	held.turn, held.locks = h.turn, nil
	return ctx, func() {
		endTurn(ctx)
		for _, l := range held.locks {
			<-l
		}
	}, nil
}

// endTurn lets the next request have its turn; what follows uses nothing that the host keeps.
func endTurn(ctx context.Context) {
	if held, _ := ctx.Value(holdingKey{}).(*holding); held != nil && held.turn != nil {
		<-held.turn
		held.turn = nil
	}
}

// take waits for a lock, and keeps it until the request of ctx is answered.
func take(ctx context.Context, l lock) error {
	held := ctx.Value(holdingKey{}).(*holding)
	for _, mine := range held.locks {
		if mine == l {
			return nil
		}
	}
	select {
	case l <- struct{}{}:
		held.locks = append(held.locks, l)
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
