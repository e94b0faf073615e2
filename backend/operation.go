package backend

import "context"

// OperationTag is the tag that certificates carry which were asked for from here,
// where the configuration wants that. Its value is the id of the operation in the
// journal: found in a vault, it proves that the call was done, whether or not its
// answer came.
const OperationTag = "certty-op"

type operationKey struct{}

// WithOperation gives a call the id that it leaves in [OperationTag], where the
// service takes tags in that call. An empty id leaves none.
func WithOperation(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, operationKey{}, id)
}

// Operation is the id that WithOperation gave; "" where the call leaves none.
func Operation(ctx context.Context) string {
	id, _ := ctx.Value(operationKey{}).(string)
	return id
}
